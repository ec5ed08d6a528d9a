"""Start the runtime interface client in a process that does not outlive its server.

Run as a script, by a path; it imports nothing of `idp`, since it shares its interpreter with the user's code.
"""

import fcntl
import os
import select
import signal
import sys

from awslambdaric.__main__ import main

_F_SETSIG = 10
"""`F_SETSIG` of Linux's fcntl.h; the module `fcntl` names it only from Python 3.13 on."""


def die_with_server() -> None:
    """Let the kernel kill this process group as soon as the server's end of standard input is closed.

    The kernel closes it however the server ends. Unlike PR_SET_PDEATHSIG this does not depend on the thread that
    started the process, and it reaches a handler that never returns.
    """
    lifeline = os.dup(sys.stdin.fileno())
    fcntl.fcntl(lifeline, fcntl.F_SETOWN, -os.getpgrp())
    fcntl.fcntl(lifeline, _F_SETSIG, signal.SIGKILL)
    fcntl.fcntl(lifeline, fcntl.F_SETFL, fcntl.fcntl(lifeline, fcntl.F_GETFL) | os.O_ASYNC)
    if select.select([lifeline], [], [], 0)[0]:
        sys.exit("The server ended before the function started.")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, sys.stdin.fileno())
    os.close(nothing)


if __name__ == "__main__":
    die_with_server()
    main(sys.argv)
