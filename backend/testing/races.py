"""Threads that begin together on a database where commits are real."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connections

FULL = os.environ.get("CLINIC_PROOF") == "1"


def size(small: int, full: int) -> int:
    return full if FULL else small


def together(calls: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run all at the same moment; their results in order."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        barrier.wait(10)
        return committed(call)

    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result() for future in [pool.submit(run, call) for call in calls]]


def committed(call: Callable[[], Any]) -> Any:
    """In a thread: leave no connection behind."""
    try:
        return call()
    finally:
        connections.close_all()
