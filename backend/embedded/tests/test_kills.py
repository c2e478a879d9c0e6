"""Invariants 90-93: whatever was answered as done is there after any kill, and nothing is half done.

Desks book and take payments while the cache is frozen, emptied and full, and while each part, the supervisor and
everything at once are killed without warning. Their journal of answers is then compared with the database and with the
ledger of the SMS provider.
"""

import json
import os
import random
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from embedded.tests.front_desk import BOOKINGS, PAYMENTS, FrontDesk, Person
from embedded.tests.installation import PARTS, Installation, until
from testing.races import FULL, size

PEOPLE = size(4, 6)
SUPERVISOR, EVERYTHING = ("supervisor",), ("everything",)
SMALL = [("postgres",), ("web",), ("valkey", "ws"), ("worker", "beat"), EVERYTHING]


def kills() -> list[tuple[str, ...]]:
    if not FULL:
        return SMALL
    dice = random.Random(90)
    single = [(part,) for part in PARTS for _ in range(4)]
    several = [tuple(dice.sample(PARTS, dice.randint(2, 4))) for _ in range(12)]
    order = single + several + [SUPERVISOR, EVERYTHING] * 3
    dice.shuffle(order)
    return order


@pytest.fixture
def running(tmp_path: Any) -> Iterator[Installation]:
    installation = Installation(tmp_path / "data")
    installation.start()
    yield installation
    if installation.process is not None:
        installation.process.terminate()
        installation.process.wait(40)


def test_whatever_was_answered_as_done_is_there_after_any_kill(
    running: Installation, record_property: Any
) -> None:
    clinic = tell(running, f"build({PEOPLE})")
    dice = random.Random(1)
    with FrontDesk(running.port, clinic, days=size(15, 300)) as desk:
        for trouble in (frozen, emptied, full):
            with trouble(running):
                work_goes_on(desk)
        for victims in kills():
            work_goes_on(desk)
            time.sleep(dice.random() * 0.3)
            kill(running, victims)
        work_goes_on(desk)
    until(lambda: is_sent(running), size(20, 200))

    facts = tell(running, "facts()")
    assert set(desk.statuses) <= {"201", "401", "409", "503", "no answer"}, desk.statuses
    for path, rows in ((BOOKINGS, facts["bookings"]), (PAYMENTS, facts["payments"])):
        assert sorted(rows) == sorted(answered(desk, path))
    for path, event in ((BOOKINGS, "appointment_booked"), (PAYMENTS, "payment_taken")):
        assert sorted(facts["journalled"][event]) == sorted(pk for _, pk in answered(desk, path))
    assert facts["faults"] == []
    assert sorted(facts["confirmed"]) == sorted(pk for _, pk in answered(desk, BOOKINGS))
    assert_nothing_lost_or_sent_twice(running, facts)
    assert_repeats_change_nothing(running, desk)
    if FULL:
        assert desk.slowest_refusal < 5
    record_property("figures", summary(desk, facts))


def kill(running: Installation, victims: tuple[str, ...]) -> None:
    """The supervisor alone takes its parts with it; of everything at once nobody is left to tell them."""
    if victims not in (SUPERVISOR, EVERYTHING):
        return running.kill(*victims)
    if victims == SUPERVISOR:
        running.kill_supervisor()
    else:
        running.kill_everything()
    return running.start()


@contextmanager
def frozen(running: Installation) -> Iterator[None]:
    cache = running.pids()["valkey"]
    os.kill(cache, signal.SIGSTOP)
    yield
    os.kill(cache, signal.SIGCONT)


@contextmanager
def emptied(running: Installation) -> Iterator[None]:
    running.cache().flushall()
    yield


@contextmanager
def full(running: Installation) -> Iterator[None]:
    running.cache().config_set("maxmemory", "1")
    yield
    running.cache().config_set("maxmemory", "256mb")


def work_goes_on(desk: FrontDesk, more: int = 8) -> None:
    for path in (BOOKINGS, PAYMENTS):
        wanted = len(desk.done(path)) + more
        until(lambda path=path, wanted=wanted: len(desk.done(path)) >= wanted, 60)


def answered(desk: FrontDesk, path: str) -> list[list[str]]:
    """What tells one errand's row from another's, and the id that was answered."""
    name = "note" if path == BOOKINGS else "amount"
    return [[done.answer[name], done.answer["id"]] for done in desk.done(path)]


def assert_nothing_lost_or_sent_twice(running: Installation, facts: Any) -> None:
    messages = dict(facts["messages"])
    assert sorted(facts["intents"]) == sorted(messages)  # one intent each
    assert facts["unrung"] == 0  # whatever waits has a bell
    taken = ledger(running)
    assert [key for key, times in taken.items() if times > 1] == []
    gone = {key for key, state in messages.items() if state in ("sent", "delivered")}
    assert gone <= set(taken) <= set(messages)
    if FULL:
        assert gone == set(messages)


def assert_repeats_change_nothing(running: Installation, desk: FrontDesk) -> None:
    """Each key once more: the same answer, and no second row."""
    for number, login in enumerate(desk.clinic["logins"]):
        person = Person(desk, login, number)
        for done in desk.done(BOOKINGS) + desk.done(PAYMENTS):
            if done.by == login:
                assert person.asks(done.errand) == done
    assert counted(running) == (len(desk.done(BOOKINGS)), len(desk.done(PAYMENTS)))


def counted(running: Installation) -> tuple[Any, ...] | None:
    with running.database() as connection:
        tables = ("calendar_appointment", "billing_payment")
        counts = ", ".join(f"(SELECT count(*) FROM {table})" for table in tables)
        return connection.execute(f"SELECT {counts}").fetchone()


def tell(running: Installation, what: str) -> Any:
    code = f"from embedded.tests import inside; inside.{what}"
    told = running.run("manage", "shell", "-v0", "-c", code)
    assert told.returncode == 0, told.stderr
    return json.loads(told.stdout.splitlines()[-1])


def ledger(running: Installation) -> Counter[str]:
    with sqlite3.connect(running.folder / "sms-simulator.sqlite3") as provider:
        return Counter(key for (key,) in provider.execute("SELECT id FROM message"))


def is_sent(running: Installation) -> bool:
    """Small: what a killed worker held may wait for its lease. Full: everything."""
    states = "('waiting', 'unknown', 'sending')" if FULL else "('waiting')"
    with running.database() as connection:
        query = f"SELECT FROM core_outboxmessage WHERE kind = 'sms' AND state IN {states} LIMIT 1"
        return connection.execute(query).fetchone() is None


def summary(desk: FrontDesk, facts: Any) -> str:
    struck = sum(len(PARTS) + 1 if one in (SUPERVISOR, EVERYTHING) else len(one) for one in kills())
    counts = ", ".join(
        f"{len(facts[name])} {name}" for name in ("bookings", "payments", "messages")
    )
    return (
        f"{len(kills())} kills of {struck} processes, {counts}, none lost, none twice; "
        f"answers {dict(desk.statuses)}, the slowest after "
        f"{desk.slowest:.1f} s, the slowest refusal after {desk.slowest_refusal:.1f} s"
    )
