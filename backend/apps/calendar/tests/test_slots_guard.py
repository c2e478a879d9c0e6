"""The one function that looks into occupancies past the policies: only for its own organisation, and by the index."""

from typing import Any
from uuid import UUID

from django.db import connection

from apps.calendar import slots
from apps.calendar.tests.helpers import DAY, URL, at, body
from apps.core.tenancy import tenant


def starts(*employees: UUID, patient: UUID | None = None) -> list[Any]:
    wanted = slots.Wanted(
        first=DAY, last=DAY, not_before=at(9), minutes=60, employees=employees, patient=patient
    )
    return [slot.starts_at for slot in slots.find(wanted, most=3)]


def test_finds_nothing_of_another_organisation(
    as_role: Any, clinic: Any, rival: Any, booked: Any
) -> None:
    as_role("registrar", clinic=rival).post(URL, body(rival, at(9)))

    with tenant(clinic.pk):
        assert starts(rival.doctor.pk) == []
        assert starts(clinic.doctor.pk) == [at(9), at(10, 30), at(11, 30)]
        unknown = starts(clinic.doctor2.pk, patient=rival.patient.pk)
        assert unknown == starts(clinic.doctor2.pk) == [at(9), at(10), at(11)]
    with tenant(rival.pk):
        assert starts(rival.doctor.pk, clinic.doctor.pk) == [at(9, 30), at(10, 30), at(11, 30)]


def test_finds_nothing_when_no_organisation_is_set(clinic: Any, booked: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.organization_id', '', true)")
    assert starts(clinic.doctor.pk) == []


def test_nobody_else_may_call_it(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT prosecdef, proconfig, proacl::text, pg_get_userbyid(proowner)"
            " FROM pg_proc WHERE proname = 'calendar_slots'"
        )
        definer, config, rights, owner = cursor.fetchone()
    assert definer and config == ["search_path=pg_catalog, pg_temp"]
    assert owner == "clinic_owner" and "clinic_app=X" in rights
    assert "{=X" not in rights and ",=X" not in rights  # not everybody
