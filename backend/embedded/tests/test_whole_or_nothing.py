"""Invariant 90 for what is many rows: a series and a substitution are there whole or not at all, whoever dies in the middle; a
hold outlives everybody, and ends."""

import random
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from embedded.tests.front_desk import ALMATY, BOOKINGS, FrontDesk, Person, new_errand
from embedded.tests.installation import Installation, until
from embedded.tests.test_kills import tell
from testing.races import FULL

HOLDS = "/api/v1/calendar/holds"
SERIES, SUBSTITUTIONS = "/api/v1/calendar/series", "/api/v1/calendar/substitutions"
VICTIMS = ("web", "postgres", "valkey")
TIMES, PATIENTS = 8, 6
pytestmark = pytest.mark.proof  # half a minute even at its smallest


@pytest.fixture(scope="module")
def running(tmp_path_factory: Any) -> Iterator[Installation]:
    installation = Installation(tmp_path_factory.mktemp("whole") / "data")
    installation.start()
    yield installation
    if installation.process is not None:
        installation.process.terminate()
        installation.process.wait(40)


@pytest.fixture(scope="module")
def manager(running: Installation) -> Person:
    clinic = tell(running, "build(1)")
    person = Person(FrontDesk(running.port, clinic, days=1), clinic["manager"], 0)
    person.does(booking(person, today() + timedelta(days=3), 0, "the first of all"))
    return person


def test_a_series_is_booked_whole_or_not_at_all(
    running: Installation, manager: Person, record_property: Any
) -> None:
    seen: Counter[int] = Counter()
    for turn, victim in enumerate(victims("web")):
        note = f"series {turn}"
        body = booking(manager, today() + timedelta(days=7), turn, note).body
        asked = new_errand(SERIES, **body, rule="weekly", count=TIMES)

        dies_meanwhile(running, manager, asked, victim)

        found = sum(booked(running, note).values())
        assert found in (0, TIMES), f"{victim}: {found} of {TIMES}"
        seen[found] += 1
        assert manager.does(asked).status == 201
        assert sum(booked(running, note).values()) == TIMES

    assert tell(running, "facts()")["faults"] == []
    record_property("figures", f"after the kill: {dict(seen)} of {TIMES}")


def test_a_substitution_hands_over_all_patients_or_none(
    running: Installation, manager: Person, record_property: Any
) -> None:
    seen: Counter[int] = Counter()
    doctor, substitute = manager.desk.clinic["doctors"]
    for turn, victim in enumerate(victims("postgres")):
        day, note = today() + timedelta(days=100 + turn), f"patient of day {turn}"
        for number in range(PATIENTS):
            manager.does(booking(manager, day, number, note))
        asked = new_errand(
            SUBSTITUTIONS,
            branch=manager.desk.clinic["branch"],
            absent=doctor,
            substitute=substitute,
            first_day=str(day),
            last_day=str(day),
        )

        dies_meanwhile(running, manager, asked, victim)

        moved = booked(running, note)[substitute]
        assert moved in (0, PATIENTS), f"{victim}: {moved} of {PATIENTS}"
        assert substitutions(running, day) == moved // PATIENTS
        seen[moved] += 1
        assert manager.does(asked).answer["moved"] == PATIENTS
        assert booked(running, note) == {substitute: PATIENTS}
        assert substitutions(running, day) == 1

    assert tell(running, "facts()")["faults"] == []
    record_property("figures", f"after the kill: {dict(seen)} of {PATIENTS}")


def test_a_hold_outlives_a_kill_and_ends_by_itself(running: Installation, manager: Person) -> None:
    """No process has to live for it: it keeps others away as long as it says, and not a moment longer."""
    clerk = Person(manager.desk, manager.desk.clinic["logins"][0], 1)
    days = [today() + timedelta(days=60 + number) for number in range(2)]
    for day in days:
        place = booking(manager, day, 0, "").body
        names = ("branch", "employee", "starts_at", "ends_at")
        held = {name: place[name] for name in names} | {"key": str(uuid4())}
        assert manager.does(new_errand(HOLDS, **held)).status == 201
    running.kill_everything()
    running.start()

    early = clerk.does(booking(clerk, days[0], 0, "came too early"))
    with running.database() as connection:  # five minutes go by
        connection.execute("UPDATE calendar_hold SET expires_at = now()")
    later = clerk.does(booking(clerk, days[0], 0, "came after it was over"))

    assert (early.status, early.answer["code"], later.status) == (409, "slot_taken", 201)
    with running.database() as connection:
        connection.execute("UPDATE core_doorbell SET due_at = now() WHERE kind = 'hold'")
    until(lambda: not holds(running), 40)  # and what nobody wanted is swept up
    assert tell(running, "facts()")["faults"] == []


def holds(running: Installation) -> int:
    with running.database() as connection:
        row = connection.execute("SELECT count(*) FROM calendar_hold").fetchone()
    assert row
    return int(str(row[0]))


def victims(one: str) -> tuple[str, ...]:
    return VICTIMS * 12 if FULL else (one,)


def dies_meanwhile(running: Installation, person: Person, asked: Any, victim: str) -> None:
    dice = random.Random(asked.key)
    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(person.asks, asked)
        time.sleep(dice.random() * 0.08)
        running.kill(victim)
        asking.result()


def booking(person: Person, day: date, number: int, note: str) -> Any:
    """The n-th quarter of an hour of that day with the first doctor."""
    starts = datetime(day.year, day.month, day.day, 8, tzinfo=ALMATY)
    starts += number * timedelta(minutes=15)
    return new_errand(
        BOOKINGS,
        branch=person.desk.clinic["branch"],
        patient=person.patient,
        employee=person.desk.clinic["doctors"][0],
        starts_at=starts.isoformat(),
        ends_at=(starts + timedelta(minutes=15)).isoformat(),
        note=note,
    )


def today() -> date:
    return datetime.now(ALMATY).date()


def booked(running: Installation, note: str) -> Counter[str]:
    """Doctor → how many appointments with this note."""
    with running.database() as connection:
        rows = connection.execute(
            "SELECT employee_id::text, count(*) FROM calendar_appointment WHERE note = %s GROUP BY 1",
            [note],
        ).fetchall()
    return Counter(dict(rows))  # type: ignore[arg-type]


def substitutions(running: Installation, day: date) -> int:
    with running.database() as connection:
        row = connection.execute(
            "SELECT count(*) FROM staff_substitution WHERE first_day = %s", [day]
        ).fetchone()
    assert row
    return int(str(row[0]))
