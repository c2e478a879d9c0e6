"""UUIDv7 (RFC 9562, 5.7): 48 bits of milliseconds, then 74 random ones. Sorted by time, so inserts stay at one end of
the index; and what one process makes is sorted by its making, also within a millisecond (6.2, method 2)."""

import os
import time
from threading import Lock
from uuid import UUID

_RANDOM = 74
_lock = Lock()
_last = 0  # milliseconds and randomness of the newest id, as one number


def uuid7() -> UUID:
    global _last
    milliseconds = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10), "big") >> 6
    with _lock:
        made = milliseconds << _RANDOM | random
        if made <= _last:
            made = _last + 1 + (random >> (_RANDOM - 32))  # a step that nobody can guess
        _last = made
    upper, lower = made >> 62, made & (1 << 62) - 1
    return UUID(int=(upper >> 12) << 80 | 0x7 << 76 | (upper & 0xFFF) << 64 | 0x2 << 62 | lower)
