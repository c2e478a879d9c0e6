"""`python -m embedded.child PARENT SIGNAL PROGRAM …`: becomes PROGRAM, which gets SIGNAL when PARENT dies.

A step of its own because entering a user namespace (PostgreSQL under root) forgets the wish.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def argv(program: list[str], when_parent_dies: signal.Signals) -> list[str]:
    return [sys.executable, __file__, str(os.getpid()), str(int(when_parent_dies)), *program]


def main() -> None:
    parent, number, program = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, number)
    if os.getppid() != parent:
        sys.exit(1)  # it died in between
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # a shell's background job hands down deafness
    os.execvp(program[0], program)


if __name__ == "__main__":
    main()
