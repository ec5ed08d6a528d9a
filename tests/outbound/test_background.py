"""Work that nobody waits for."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from queue import SimpleQueue

from idp.outbound.background import Background


@contextmanager
def one_at_work(background: Background) -> Iterator[threading.Event]:
    """Keep the one thread busy until the event given is set."""
    begun, may_end = threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        may_end.wait(5)

    assert background.submit(work)
    assert begun.wait(5)
    try:
        yield may_end
    finally:
        may_end.set()


def test_a_job_runs_in_a_thread_of_its_own() -> None:
    threads: SimpleQueue[threading.Thread] = SimpleQueue()

    with closing(Background()) as background:
        assert background.submit(lambda: threads.put(threading.current_thread()))

        assert threads.get(timeout=5) is not threading.current_thread()


def test_no_thread_is_there_before_the_first_job() -> None:
    before = threading.active_count()

    with closing(Background()):
        assert threading.active_count() == before


def test_a_job_without_room_is_turned_away_and_room_comes_back() -> None:
    done = threading.Event()

    with closing(Background(threads=1, max_unfinished=2)) as background:
        with one_at_work(background):
            assert background.submit(done.set)
            assert not background.submit(done.set)
        assert done.wait(5)


def test_closing_drops_what_waits_and_takes_nothing_more() -> None:
    ran: list[int] = []
    background = Background(threads=1)

    with one_at_work(background):
        background.submit(lambda: ran.append(1))
        background.close()

        assert not background.submit(lambda: ran.append(2))
    assert ran == []


def test_a_process_ends_while_a_job_runs() -> None:
    program = "from idp.outbound.background import Background; import time; Background().submit(lambda: time.sleep(60))"

    ended = subprocess.run([sys.executable, "-c", program], timeout=10, check=False)

    assert ended.returncode == 0
