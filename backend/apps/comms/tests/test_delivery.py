from datetime import timedelta

import pytest

from apps.comms import actions, delivery
from apps.comms.tests.conftest import NOON, messages, outbox_rows
from apps.comms.texts import Occasion
from apps.core import outbox
from apps.core.tenancy import tenant
from apps.org import preferences
from apps.org.models import Branch

MINUTE = timedelta(minutes=1)


def write(clinic, now=NOON, text="Здравствуйте", by=None):
    with tenant(clinic.pk):
        occasion = Occasion(clinic.patient, clinic.branch)
        return actions.send(occasion=occasion, text=text, by=by or clinic.doctor.user, now=now)


def state(clinic):
    return messages(clinic)[0].state


def prefer(clinic, **values):
    with tenant(clinic.pk):
        preferences.put(values)


def test_the_provider_gets_it_once_and_says_delivered(clinic, provider):
    message = write(clinic)

    outbox.process_due(NOON)
    assert state(clinic) == "sent"
    outbox.process_due(NOON + 2 * MINUTE)
    outbox.process_due(NOON + 60 * MINUTE)

    (got,) = provider.ledger()
    assert (got["id"], got["phone"], got["text"]) == (
        str(message.pk),
        "+77011234001",
        "Здравствуйте",
    )
    assert state(clinic) == "delivered"
    assert messages(clinic)[0].sent_at is not None


@pytest.mark.parametrize("mode", ["silent", "wrong"])
def test_taken_without_a_clear_answer_is_asked_about(clinic, provider, mode):
    write(clinic)
    provider.control(mode, times=1)

    outbox.process_due(NOON)
    assert state(clinic) == "unknown"
    outbox.process_due(NOON + MINUTE)

    assert state(clinic) == "sent"
    assert len(provider.ledger()) == 1


def test_a_slow_provider_is_not_waited_for(clinic, provider, monkeypatch):
    monkeypatch.setattr("apps.comms.providers.base.SECONDS", 0.2)
    provider.control("slow", seconds=1, times=1)
    write(clinic)

    outbox.process_due(NOON)
    assert state(clinic) == "unknown"
    outbox.process_due(NOON + MINUTE)
    assert (state(clinic), len(provider.ledger())) == ("sent", 1)


def test_what_never_arrived_is_sent_after_asking(clinic, provider):
    write(clinic)
    provider.control("absent", times=1)

    outbox.process_due(NOON)
    assert (state(clinic), provider.ledger()) == ("unknown", [])
    outbox.process_due(NOON + MINUTE)
    outbox.process_due(NOON + 2 * MINUTE)
    assert (state(clinic), len(provider.ledger())) == ("sent", 1)


def test_control_a_provider_that_forgets_ids_shows_blind_repeats(clinic, provider):
    """What the rule guards against would be seen here: two rows of one id."""
    message = write(clinic)
    outbox.process_due(NOON)
    provider.control("duplicate")
    with tenant(clinic.pk):
        request = delivery.SmsHandler().prepare(outbox_rows(clinic)[0], NOON)
    request.provider.send(request.sms)
    assert [row["id"] for row in provider.ledger()] == [str(message.pk)] * 2


def test_a_wrong_number_is_final(clinic, provider):
    write(clinic)
    provider.control("refuse", times=1)
    outbox.process_due(NOON)
    assert (state(clinic), messages(clinic)[0].error) == ("failed", "wrong_number")
    outbox.process_due(NOON + 300 * MINUTE)
    assert provider.ledger() == []


def test_a_busy_or_absent_provider_is_tried_again(clinic, provider, settings):
    write(clinic)
    url, settings.SMS_MOCK_URL = settings.SMS_MOCK_URL, "http://127.0.0.1:9"
    outbox.process_due(NOON)
    assert state(clinic) == "waiting"
    settings.SMS_MOCK_URL = url
    provider.control("busy", times=1)
    outbox.process_due(NOON + 2 * MINUTE)
    assert state(clinic) == "waiting"
    outbox.process_due(NOON + 10 * MINUTE)
    assert (state(clinic), len(provider.ledger())) == ("sent", 1)


def test_an_undeliverable_number_is_told_later(clinic, provider):
    with tenant(clinic.pk):
        clinic.patient.phone = "+77011230000"
        clinic.patient.save()
    write(clinic)
    outbox.process_due(NOON)
    outbox.process_due(NOON + 2 * MINUTE)
    assert (state(clinic), messages(clinic)[0].error) == ("failed", "undeliverable")


def test_quiet_hours_hold_in_the_branchs_zone(clinic, provider):
    night = NOON.replace(hour=18)  # 23:00 in Almaty
    write(clinic, now=night)
    outbox.process_due(night)
    (row,) = outbox_rows(clinic)
    assert row.due_at == NOON.replace(day=3, hour=3)  # 08:00 in Almaty
    outbox.process_due(row.due_at - timedelta(seconds=1))
    assert provider.ledger() == []
    outbox.process_due(row.due_at)
    assert len(provider.ledger()) == 1


def test_control_compared_in_utc_it_is_sent_at_night(clinic, provider, monkeypatch):
    monkeypatch.setattr(
        Branch, "zone", property(lambda self: __import__("zoneinfo").ZoneInfo("UTC"))
    )
    two_at_night = NOON.replace(hour=21)  # 21:00 in UTC, not quiet there
    write(clinic, now=two_at_night)
    outbox.process_due(two_at_night)
    assert len(provider.ledger()) == 1


def test_quiet_hours_hold_for_retries_and_after_an_outage(clinic, provider):
    evening = NOON.replace(hour=16, minute=59, second=30)  # 21:59:30
    write(clinic, now=evening)
    provider.control("busy", times=1)
    outbox.process_due(evening)
    outbox.process_due(evening + 2 * MINUTE)
    outbox.process_due(evening + 300 * MINUTE)  # the worker comes back at three in the morning
    assert provider.ledger() == []
    outbox.process_due(NOON + timedelta(days=1))
    assert len(provider.ledger()) == 1


def test_quiet_hours_are_a_branchs_own(clinic, provider):
    prefer(clinic, quiet_hours_start=11, quiet_hours_end=13)
    write(clinic)
    outbox.process_due(NOON)
    assert outbox_rows(clinic)[0].due_at == NOON + timedelta(hours=1)


def test_the_limit_per_minute_holds_over_any_sixty_seconds(clinic, provider):
    prefer(clinic, sms_rate_limit_per_min=5)
    for _ in range(17):
        write(clinic)
    calls = []
    for second in range(0, 260, 4):
        now = NOON + timedelta(seconds=second)
        before = len(provider.ledger())
        outbox.process_due(now)
        calls += [second] * (len(provider.ledger()) - before)
    assert len(calls) == 17
    assert all(sum(begin <= c <= begin + 60 for c in calls) <= 5 for begin in calls)


def test_the_limit_of_one_clinic_does_not_slow_another(clinic, rival, provider):
    prefer(clinic, sms_rate_limit_per_min=1)
    for _ in range(5):
        write(clinic)
        write(rival)
    outbox.process_due(NOON)
    ours = {str(m.pk) for m in messages(clinic)}
    sent = [row["id"] for row in provider.ledger()]
    assert len([i for i in sent if i in ours]) == 1
    assert len(sent) == 6


def test_states_only_move_forward(clinic, provider):
    message = write(clinic)
    with tenant(clinic.pk):
        for given, seen in (
            ("sent", "sent"), ("waiting", "sent"), ("delivered", "delivered"), ("sent", "delivered"),
            ("failed", "delivered"), ("unknown", "delivered"), ("delivered", "delivered"),
        ):  # fmt: skip
            delivery._advance(message, given, NOON, "")
            assert message.state == seen


def test_a_message_of_one_clinic_is_never_sent_for_another(clinic, rival, provider):
    write(clinic, text="наше")
    write(rival, text="CANARY")
    outbox.process_due(NOON)
    by_id = {row["id"]: row["text"] for row in provider.ledger()}
    assert by_id == {str(messages(clinic)[0].pk): "наше", str(messages(rival)[0].pk): "CANARY"}
