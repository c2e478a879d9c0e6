"""Calendars for other programs: RFC 5545, as much of it as an appointment needs. Times are UTC."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

KIND = "text/calendar; charset=utf-8"
_OCTETS = 75  # of a line, at most
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


@dataclass(frozen=True, kw_only=True)
class Happening:
    uid: str  # the same as long as it is the same thing
    starts_at: datetime
    ends_at: datetime
    changed_at: datetime
    summary: str
    sequence: int = 0
    location: str = ""
    description: str = ""
    is_canceled: bool = False
    is_private: bool = False


def calendar(name: str, happenings: Iterable[Happening]) -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Medicine ERP//Calendar//EN",
             "CALSCALE:GREGORIAN", "METHOD:PUBLISH", f"X-WR-CALNAME:{_text(name)}"]  # fmt: skip
    for one in happenings:
        lines += _event(one)
    lines.append("END:VCALENDAR")
    return b"".join(part for line in lines for part in _folded(line))


def _event(one: Happening) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(one.uid)}"
    yield f"DTSTAMP:{_moment(one.changed_at)}"
    yield f"LAST-MODIFIED:{_moment(one.changed_at)}"
    yield f"DTSTART:{_moment(one.starts_at)}"
    yield f"DTEND:{_moment(one.ends_at)}"
    yield f"SEQUENCE:{one.sequence}"
    yield f"SUMMARY:{_text(one.summary)}"
    for name, value in (("LOCATION", one.location), ("DESCRIPTION", one.description)):
        if value:
            yield f"{name}:{_text(value)}"
    yield f"STATUS:{'CANCELLED' if one.is_canceled else 'CONFIRMED'}"
    if one.is_private:
        yield "CLASS:PRIVATE"
    yield "TRANSP:OPAQUE"
    yield "END:VEVENT"


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(value: str) -> str:
    printable = "".join(c for c in value if (c >= " " and c != "\x7f") or c in "\n\t")
    return printable.translate(_ESCAPES)


def _folded(line: str) -> Iterator[bytes]:
    """Octets, not letters, are counted; a letter is never cut in two."""
    whole = line.encode()
    if len(whole) <= _OCTETS:
        yield whole + b"\r\n"
        return
    begun, room = "", _OCTETS
    for letter in line:
        width = len(letter.encode())
        if width > room:
            yield begun.encode() + b"\r\n"
            begun, room = " ", _OCTETS - 1
        begun += letter
        room -= width
    yield begun.encode() + b"\r\n"
