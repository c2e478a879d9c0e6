"""The one function that looks into occupancies past the policies: only for its own organisation, and by the index."""

from datetime import timedelta
from typing import Any

from django.db import connection

from apps.calendar import queries
from apps.calendar.tests.helpers import URL, at, body
from apps.core.tenancy import tenant


def test_finds_nothing_of_another_organisation(
    as_role: Any, clinic: Any, rival: Any, booked: Any
) -> None:
    as_role("registrar", clinic=rival).post(URL, body(rival))
    ids = [rival.doctor.pk, rival.patient.pk, clinic.doctor.pk]

    with tenant(clinic.pk):
        assert queries.busy(ids, at(0), at(23)) == [(at(10), at(10, 30))]
    with tenant(rival.pk):
        assert len(queries.busy(ids, at(0), at(23))) == 2


def test_finds_nothing_when_no_organisation_is_set(clinic: Any, booked: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.organization_id', '', true)")
        cursor.execute(
            "SELECT count(*) FROM calendar_busy(%s::uuid[], %s, %s)",
            [[clinic.doctor.pk], at(0), at(23)],
        )
        assert cursor.fetchone() == (0,)


def test_nobody_else_may_call_it(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT prosecdef, proconfig, proacl::text, pg_get_userbyid(proowner)"
            " FROM pg_proc WHERE proname = 'calendar_busy'"
        )
        definer, config, rights, owner = cursor.fetchone()
    assert definer and config == ["search_path=pg_catalog, pg_temp"]
    assert owner == "clinic_owner" and "clinic_app=X" in rights
    assert "{=X" not in rights and ",=X" not in rights  # not everybody


def test_half_open_periods_touch_without_meeting(clinic: Any, booked: Any) -> None:
    with tenant(clinic.pk):
        assert queries.busy([clinic.doctor.pk], at(10, 30), at(11)) == []
        assert queries.busy([clinic.doctor.pk], at(9), at(10)) == []
        assert queries.busy([clinic.doctor.pk], at(9), at(10) + timedelta(seconds=1))
