"""Random sequences of everything one may do, beside a small model in memory that says what must come out."""

import random
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from apps.calendar import audit
from apps.calendar.models import Appointment
from apps.calendar.tests.helpers import URL, at, body
from apps.core.tenancy import tenant
from testing.clinics import Clinic
from testing.races import size


@dataclass(frozen=True)
class Row:
    id: str
    version: int
    patient: str
    held: frozenset[str]  # doctor and chair
    begins: datetime
    ends: datetime
    live: bool = True


@dataclass
class Model:
    rows: dict[str, Row] = field(default_factory=dict)

    def fits(self, wanted: Row) -> bool:
        return not any(
            other.live
            and other.id != wanted.id
            and (other.patient == wanted.patient or other.held & wanted.held)
            and other.begins < wanted.ends
            and wanted.begins < other.ends
            for other in self.rows.values()
        )


@pytest.mark.parametrize("seed", range(size(4, 60)))
def test_no_sequence_leaves_an_overlap(desk: Any, clinic: Clinic, seed: int) -> None:
    dice = random.Random(seed)
    model = Model()
    for _ in range(size(30, 60)):
        _act(desk, clinic, dice, model)
        with tenant(clinic.pk):
            assert audit.overlaps() == audit.adrift() == []


def _act(desk: Any, clinic: Clinic, dice: random.Random, model: Model) -> None:
    kind = dice.choice(["book", "book", "move", "resize", "cancel", "restore"])
    if kind == "book" or not model.rows:
        return _book(desk, clinic, dice, model)
    row = dice.choice(list(model.rows.values()))
    if kind == "cancel":
        payload = {"version": row.version, "by": "clinic", "reason": "x"}
        r = desk.post(f"{URL}/{row.id}/cancel", payload)
        return _expect(r, model, replace(row, live=False), possible=row.live)
    if kind == "restore":
        r = desk.post(f"{URL}/{row.id}/restore", {"version": row.version})
        return _expect(r, model, replace(row, live=True), possible=not row.live and model.fits(row))
    change = _place(clinic, dice)
    wanted = replace(row, begins=change["begins"], ends=change["ends"], held=change["held"])
    payload = change["payload"]
    if kind == "resize":
        ends = row.begins + timedelta(minutes=15 * dice.randrange(1, 8))
        wanted, payload = replace(row, ends=ends), {"ends_at": ends.isoformat()}
    r = desk.patch(f"{URL}/{row.id}", {"version": row.version} | payload)
    same = wanted == row
    _expect(r, model, wanted, possible=same or (row.live and model.fits(wanted)))


def _book(desk: Any, clinic: Clinic, dice: random.Random, model: Model) -> None:
    place = _place(clinic, dice)
    patient = str(dice.choice([clinic.patient, clinic.patient2]).pk)
    r = desk.post(URL, body(clinic, patient=patient) | place["payload"])
    wanted = Row("", 0, patient, place["held"], place["begins"], place["ends"])
    _expect(r, model, wanted, possible=model.fits(wanted))


def _expect(r: Any, model: Model, wanted: Row, *, possible: bool) -> None:
    assert r.status_code in ((200, 201) if possible else (409,)), r.content
    if possible:
        shown = r.json()
        row = replace(wanted, id=shown["id"], version=shown["version"])
        model.rows[row.id] = row


def _place(clinic: Clinic, dice: random.Random) -> dict[str, Any]:
    begins = at(9) + timedelta(minutes=15 * dice.randrange(12))
    ends = begins + timedelta(minutes=15 * dice.randrange(1, 5))
    doctor = str(dice.choice([clinic.doctor, clinic.doctor2]).pk)
    chair = dice.choice([None, str(clinic.chair.pk), str(clinic.chair2.pk)])
    return {
        "begins": begins,
        "ends": ends,
        "held": frozenset({doctor, chair or doctor}),
        "payload": {
            "starts_at": begins.isoformat(),
            "ends_at": ends.isoformat(),
            "employee": doctor,
            "chair": chair,
        },
    }


SERIES = "/api/v1/calendar/series"


@pytest.mark.parametrize("seed", range(size(4, 40)))
def test_no_sequence_with_overbooking_and_series_leaves_an_exclusive_overlap(
    clinic: Clinic, seed: int
) -> None:
    """Whatever may lie over others is not foretold here; that it is marked, and rises when it can, is."""
    dice, manager = random.Random(1000 + seed), clinic.client("branch_admin")
    with tenant(clinic.pk):
        clinic.service.buffer_before, clinic.service.buffer_after = 5, 10
        clinic.service.save()
    rows: dict[str, int] = {}
    answers: set[int] = set()
    for _ in range(size(25, 60)):
        r = _overbooking(manager, clinic, dice, rows)
        answers.add(r.status_code)
        for one in r.json().get("items", [r.json()]) if r.status_code < 300 else ():
            rows[one["id"]] = one["version"]
        with tenant(clinic.pk):
            assert audit.overlaps() == audit.adrift() == audit.left_lying() == []
            rows |= {str(pk): v for pk, v in Appointment.objects.values_list("pk", "version")}
    assert answers <= {200, 201, 400, 409}, answers


def _overbooking(client: Any, clinic: Clinic, dice: random.Random, rows: dict[str, int]) -> Any:
    place = _place(clinic, dice)["payload"]
    more = {"overbook_reason": dice.choice(["", "Боль"])}
    pk = dice.choice(list(rows)) if rows else ""
    kind = dice.choice(
        ["book", "book", "series", "move", "resize", "cancel", "restore", "services"]
    )
    patient = str(dice.choice([clinic.patient, clinic.patient2]).pk)
    services = [{"service": str(clinic.service.pk)}] if dice.random() < 0.5 else []
    wanted = body(clinic, patient=patient, services=services) | place
    if kind == "book" or not pk:
        return client.post(URL, wanted | more)
    if kind == "series":
        rule = {"rule": "days", "every": 1, "count": 2, "skip_conflicts": dice.random() < 0.5}
        return client.post(SERIES, wanted | rule)
    seen = {"version": rows[pk]}
    if kind == "cancel":
        return client.post(f"{URL}/{pk}/cancel", seen | {"by": "patient", "code": "busy"})
    if kind == "restore":
        return client.post(f"{URL}/{pk}/restore", seen | more)
    if kind == "resize":
        return client.patch(f"{URL}/{pk}", seen | {"ends_at": place["ends_at"]} | more)
    if kind == "services":
        return client.patch(f"{URL}/{pk}", seen | {"services": services} | more)
    return client.patch(f"{URL}/{pk}", seen | place | more)
