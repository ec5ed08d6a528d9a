"""Development doors, only in `idp dev`: the outbox, runs of triggers, reset and the clock.  Source: docs/development-doors.md.

They are for programs on this machine and for pages that it serves itself: a request that a browser sends for a page of
another site, or that came under another name than the machine's own (DNS rebinding), is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Flask, Response, jsonify, request

from idp.outbound.system import ShiftedClock

if TYPE_CHECKING:
    from idp.services import Services

MAX_MESSAGES = 200
MAX_RUNS = 100
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
CLOCK_HELP = 'Send {"advance": seconds}, {"set": "2030-01-01T00:00:00+00:00"} or {"reset": true}.'

Answer = Response | tuple[Response, int]


def mount(app: Flask, services: Services) -> None:
    """Serve `/_dev/outbox`, `/_dev/triggers`, `/_dev/reset` and `/_dev/clock`."""
    clock = services.clock

    @app.get("/_dev/outbox")
    @_for_this_machine
    def outbox() -> Answer:
        with services.reading() as work:
            messages = work.outbox.list_newest(to=request.args.get("to"), limit=MAX_MESSAGES)
        return jsonify(messages=[each.describe() for each in messages])

    @app.get("/_dev/triggers")
    @_for_this_machine
    def triggers() -> Answer:
        with services.reading() as work:
            runs = work.trigger_invocations.list_newest(
                pool_id=request.args.get("pool"), name=request.args.get("trigger"), limit=MAX_RUNS
            )
        return jsonify(invocations=[each.describe() for each in runs])

    @app.post("/_dev/reset")
    @_for_this_machine
    def reset() -> Answer:
        with services.unit_of_work() as work:
            work.empty()
            work.commit()
        services.catalog.clear()
        services.keyring.forget()
        services.functions.reset()
        services.dynamodb.reset()
        if isinstance(clock, ShiftedClock):
            clock.reset()
        return jsonify(reset=True)

    @app.get("/_dev/clock")
    @_for_this_machine
    def read_clock() -> Answer:
        return jsonify(now=services.clock.now().isoformat())

    @app.post("/_dev/clock")
    @_for_this_machine
    def move_clock() -> Answer:
        if not isinstance(clock, ShiftedClock):
            return jsonify(message="This server's clock does not move."), 409
        try:
            _move(clock, request.get_json(force=True, silent=True))
        except (ValueError, TypeError, KeyError, OverflowError):
            return jsonify(message=CLOCK_HELP), 400
        return jsonify(now=clock.now().isoformat())


def _for_this_machine(view: Callable[[], Answer]) -> Callable[[], Answer]:
    """Refuse what another site's page or another name brought here; let pages of this machine read the answer."""

    @wraps(view)
    def guarded() -> Answer:
        if request.headers.get("Sec-Fetch-Site") == "cross-site" or not _is_loopback(f"//{request.host}"):
            return jsonify(message="The development doors are open to this machine only."), 403
        answer = view()
        origin = request.headers.get("Origin")
        if origin is not None and _is_loopback(origin):
            response = answer if isinstance(answer, Response) else answer[0]
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Vary"] = "Origin"
        return answer

    return guarded


def _is_loopback(url: str) -> bool:
    name = urlsplit(url).hostname or ""
    return name in LOOPBACK or name.endswith(".localhost")


def _move(clock: ShiftedClock, wanted: Any) -> None:
    if "advance" in wanted:
        clock.advance(timedelta(seconds=float(wanted["advance"])))
    elif "set" in wanted:
        moment = datetime.fromisoformat(wanted["set"])
        if moment.tzinfo is None:
            raise ValueError("an offset is missing")
        clock.set(moment)
    elif wanted["reset"] is True:
        clock.reset()
    else:
        raise ValueError("reset is not true")
