"""Our calendars, read by a parser that is not ours."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from apps.core import ical

TEN = datetime(2026, 11, 25, 10, tzinfo=ZoneInfo("Asia/Almaty"))


def happening(**more: object) -> ical.Happening:
    told = {"uid": "one", "starts_at": TEN, "ends_at": TEN, "changed_at": TEN, "summary": "Приём"}
    return ical.Happening(**(told | more))


def read(**more: object) -> object:
    (event,) = Calendar.from_ical(ical.calendar("Клиника", [happening(**more)])).walk("VEVENT")
    return event


def test_says_when_in_utc() -> None:
    event = read(sequence=3)
    assert event["DTSTART"].dt == datetime(2026, 11, 25, 5, tzinfo=UTC)
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == ("one", 3, "CONFIRMED")


def test_says_that_it_is_canceled() -> None:
    assert read(is_canceled=True)["STATUS"] == "CANCELLED"


@given(
    st.text(
        st.characters(exclude_categories=["Cc", "Cs"]) | st.sampled_from(";,:\\\n\"'"), max_size=200
    )
)
def test_whatever_is_written_comes_back_and_stays_in_its_line(words: str) -> None:
    written = ical.calendar("Клиника", [happening(summary=words, description=words)])
    lines = written.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert all(b"\r" not in line and b"\n" not in line for line in lines)
    (event,) = Calendar.from_ical(written).walk("VEVENT")
    assert str(event["SUMMARY"]) == words
    assert str(event.get("DESCRIPTION", "")) == words


def test_no_word_becomes_a_line_of_its_own() -> None:
    event = read(summary="Приём\r\nATTACH:file:///etc/passwd\r\nEND:VEVENT")
    assert "ATTACH" not in event
    assert "\nATTACH:file:///etc/passwd\nEND:VEVENT" in event["SUMMARY"]
