import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pytest
from django.db import connection, connections, transaction

from apps.core import outbox
from apps.core.models import Doorbell, OutboxMessage
from apps.core.outbox import Answer, Drop, Handler, Outcome
from apps.core.tasks import process_outbox
from apps.core.tenancy import tenant
from testing.clinics import build_clinic

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
State = OutboxMessage.State


class Post(Handler):
    """A post office that writes down what it got."""

    kind: ClassVar = "trial"

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.asked: list[str] = []
        self.answers: list[Any] = []
        self.known = Answer(Outcome.ACCEPTED, "known")
        self.held: datetime | None = None
        self.closed: datetime | None = None
        self.finished: list[str] = []
        self.pause = 0.0
        self.outside = False

    def closed_until(self, now: datetime) -> datetime | None:
        return self.closed if self.closed and now < self.closed else None

    def held_until(self, row: OutboxMessage, now: datetime) -> datetime | None:
        return self.held if self.held and now < self.held else None

    def prepare(self, row: OutboxMessage, now: datetime) -> Any:
        if row.payload["n"] == "broken":
            raise RuntimeError("broken")
        return Drop("gone") if row.payload["n"] == "gone" else row.payload["n"]

    def send(self, request: str) -> Answer:
        assert not (self.outside and connection.in_atomic_block)
        time.sleep(self.pause)
        self.sent.append(request)
        answer = self.answers.pop(0) if self.answers else Answer(Outcome.ACCEPTED, "ref")
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def ask(self, request: str) -> Answer:
        self.asked.append(request)
        return self.known

    def finish(self, row: OutboxMessage, now: datetime) -> None:
        self.finished.append(row.state)


@pytest.fixture
def office(monkeypatch) -> Post:
    office = Post()
    monkeypatch.setitem(outbox._handlers, "trial", office)
    return office


def post(n: Any, due_at: datetime = NOW) -> Any:
    return outbox.post("trial", {"n": n}, due_at=due_at, unique_key=str(n))


def row(clinic) -> OutboxMessage:
    with tenant(clinic.pk):
        return OutboxMessage.objects.get()


def test_an_intent_is_stored_once_and_rings(clinic, office):
    with tenant(clinic.pk):
        assert post(1)
        assert post(1) is None
    assert Doorbell.objects.count() == 1

    assert outbox.process_due(NOW) == 1
    assert outbox.process_due(NOW + timedelta(days=1)) == 0
    assert office.sent == [1]
    assert (row(clinic).state, row(clinic).reference, row(clinic).attempts) == ("done", "ref", 1)
    assert Doorbell.objects.count() == 0


def test_the_same_key_of_another_clinic_is_another_intent(clinic, rival, office):
    for one in (clinic, rival):
        with tenant(one.pk):
            assert post(1)
    assert outbox.process_due(NOW) == 2


def test_an_intent_disappears_with_its_cause(clinic, office):
    with pytest.raises(RuntimeError), transaction.atomic(), tenant(clinic.pk):
        post(1)
        raise RuntimeError
    assert (outbox.process_due(NOW), office.sent) == (0, [])


def test_nothing_goes_before_its_time(clinic, office):
    with tenant(clinic.pk):
        post(1, NOW + timedelta(minutes=5))
    assert outbox.process_due(NOW) == 0
    assert outbox.process_due(NOW + timedelta(minutes=5)) == 1


def test_a_lost_answer_is_asked_about_and_never_sent_again(clinic, office):
    office.answers = [TimeoutError()]
    with tenant(clinic.pk):
        post(1)
    outbox.process_due(NOW)
    assert row(clinic).state == State.UNKNOWN
    assert outbox.process_due(NOW + timedelta(seconds=10)) == 0

    outbox.process_due(NOW + timedelta(minutes=2))
    assert (office.sent, office.asked, row(clinic).state) == ([1], [1], State.DONE)
    assert office.finished == [State.UNKNOWN, State.DONE]


def test_what_never_arrived_is_sent_after_asking(clinic, office):
    office.answers, office.known = [Answer(Outcome.UNCLEAR)], Answer(Outcome.ABSENT)
    with tenant(clinic.pk):
        post(1)
    for minutes in range(3):
        outbox.process_due(NOW + timedelta(minutes=minutes))
    assert (office.asked, office.sent, row(clinic).state) == ([1], [1, 1], State.DONE)


def test_a_dead_workers_message_is_asked_about_when_its_lease_runs_out(clinic, office):
    with tenant(clinic.pk):
        post(1)
    taken = outbox._take(NOW)  # and the worker dies here
    assert taken and taken.claim
    assert outbox.process_due(NOW + outbox.LEASE - timedelta(seconds=2)) == 0
    outbox.process_due(NOW + outbox.LEASE + timedelta(seconds=1))
    assert (office.sent, office.asked, row(clinic).state) == ([], [1], State.DONE)


def test_a_late_answer_of_a_lost_lease_changes_nothing(clinic, office):
    with tenant(clinic.pk):
        post(1)
    slow = outbox._take(NOW)
    outbox.process_due(NOW + outbox.LEASE + timedelta(seconds=1))
    with tenant(clinic.pk):
        outbox._record(
            slow.claim, Answer(Outcome.REFUSED, error="late"), NOW + timedelta(minutes=3)
        )
    assert row(clinic).state == State.DONE


def test_refused_for_now_is_tried_again_with_growing_pauses_and_then_fails(clinic, office):
    office.answers = [Answer(Outcome.BUSY, error="busy")] * outbox.MOST_ATTEMPTS
    with tenant(clinic.pk):
        post(1)
    moment, pauses = NOW, []
    while row(clinic).state == State.WAITING:
        outbox.process_due(moment)
        found = row(clinic)
        pauses.append(found.due_at - moment)
        moment = max(found.due_at, moment) + timedelta(seconds=1)
    assert (row(clinic).state, row(clinic).error) == (State.FAILED, "busy")
    assert len(office.sent) == outbox.MOST_ATTEMPTS
    assert pauses[0] >= outbox.FIRST_RETRY - timedelta(seconds=1)
    assert max(pauses) <= outbox.LONGEST_RETRY + timedelta(seconds=5)


def test_a_refusal_for_good_is_final(clinic, office):
    office.answers = [Answer(Outcome.REFUSED, error="wrong_number")]
    with tenant(clinic.pk):
        post(1)
    outbox.process_due(NOW)
    outbox.process_due(NOW + timedelta(days=2))
    assert (office.sent, row(clinic).state, row(clinic).error) == ([1], "failed", "wrong_number")


def test_a_broken_message_does_not_stop_the_others(clinic, office):
    with tenant(clinic.pk):
        for n in ("broken", "gone", 1):
            post(n)
    outbox.process_due(NOW)
    with tenant(clinic.pk):
        states = dict(OutboxMessage.objects.values_list("unique_key", "state"))
    assert states == {"broken": "failed", "gone": "failed", "1": "done"}


def test_what_is_held_waits_and_goes_then(clinic, office):
    office.held = NOW + timedelta(hours=9)
    with tenant(clinic.pk):
        post(1)
    outbox.process_due(NOW)
    assert (row(clinic).due_at, office.sent) == (office.held, [])
    outbox.process_due(office.held)
    assert office.sent == [1]


def test_a_closed_organisation_leaves_the_worker_to_the_others(clinic, rival, office):
    with tenant(clinic.pk):
        for n in range(20):
            post(n)
    with tenant(rival.pk):
        post("theirs")
    office.answers = [Answer(Outcome.BUSY)]
    outbox.process_due(NOW)
    assert office.sent == [0, "theirs"]  # one refusal, and the rest waits half a minute
    outbox.process_due(NOW + outbox.PAUSE + timedelta(seconds=1))
    assert len(office.sent) == 21


def test_a_canceled_intent_is_not_sent(clinic, office):
    with tenant(clinic.pk):
        post(1)
        assert outbox.cancel("trial", "1", NOW)
    outbox.process_due(NOW)
    assert office.sent == []
    with tenant(clinic.pk):
        assert not outbox.cancel("trial", "1", NOW)


def test_the_worker_sees_only_its_tenant(clinic, rival, office):
    with tenant(clinic.pk):
        post(1)
    with tenant(rival.pk):
        post(2)
        mine = OutboxMessage.objects.get()
    assert mine.payload == {"n": 2}


# --- races: commits are real


def race(workers: int, messages: int, office: Post) -> list[str]:
    clinic = build_clinic()
    with tenant(clinic.pk):
        for n in range(messages):
            post(n)
    start = threading.Barrier(workers)
    failures: list[BaseException] = []

    def work() -> None:
        try:
            start.wait(10)
            outbox.process_due(NOW, seconds=60)
        except BaseException as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not failures
    return sorted(office.sent)


@pytest.mark.parametrize("workers", [2, 8])
def test_several_workers_never_take_the_same_message(committed_db, office, workers):
    office.pause, office.outside = 0.002, True

    assert race(workers, 60, office) == list(range(60))


def test_control_without_the_lock_messages_are_sent_twice(committed_db, office, monkeypatch):
    office.pause = 0.002

    def unlocked(rows: Any) -> Any:
        return _Slowly(rows)

    monkeypatch.setattr(outbox, "_locked", unlocked)
    sent = race(8, 60, office)
    assert len(sent) > len(set(sent))


class _Slowly:
    """Rows without a lock, and a moment for the other worker to see the same ones."""

    def __init__(self, rows: Any) -> None:
        self.rows = rows

    def first(self) -> Any:
        found = self.rows.first()
        time.sleep(0.005)
        return found

    def values_list(self, *args: Any, **kwargs: Any) -> Any:
        return self.rows.values_list(*args, **kwargs)


def test_the_scheduled_task_answers_the_doorbells(clinic, office):
    with tenant(clinic.pk):
        post(1)
    assert process_outbox.apply().get() == 1
    assert office.sent == [1]
