"""Every hot read finds its rows by an index, as the application's role, under the policies."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.calendar import slots
from apps.calendar.models import Occupancy
from apps.calendar.tests.helpers import DAY, URL, at, body, day_url
from apps.core.tenancy import tenant

LARGE = ("calendar_appointment", "calendar_occupancy", "calendar_break", "patients_patient",
         "patients_carelink", "patients_patientaccount", "calendar_appointmentservice")  # fmt: skip


@pytest.fixture
def _no_scans(clinic: Any) -> None:
    """On a small table a scan is cheap; so that only plans that have no other way still scan."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")


def scans(of: Any, clinic: Any) -> set[str]:
    with CaptureQueriesContext(connection) as seen:
        of()
    found = set()
    with tenant(clinic.pk), connection.cursor() as cursor:
        for query in seen.captured_queries:
            if not query["sql"].lstrip().startswith(("SELECT", "WITH")):
                continue
            cursor.execute("EXPLAIN " + query["sql"].replace("%", "%%"))
            plan = "\n".join(row[0] for row in cursor.fetchall())
            found |= {table for table in LARGE if f"Seq Scan on {table}" in plan}
    return found


@pytest.mark.parametrize("role", ["registrar", "doctor", "nurse"])
def test_reads_use_indexes(
    as_role: Any, clinic: Any, booked: Any, _no_scans: None, role: str
) -> None:
    client = as_role(role)
    week = {"branch": clinic.branch.pk, "from": DAY, "to": DAY, "patient": clinic.patient.pk}
    of_patient = f"/api/v1/calendar/patients/{clinic.patient.pk}/appointments"

    assert scans(lambda: client.get(day_url(clinic)), clinic) == set()
    assert scans(lambda: client.get(URL, week), clinic) == set()
    assert scans(lambda: client.get(f"{URL}/{booked['id']}"), clinic) == set()
    assert scans(lambda: client.get(of_patient), clinic) == set()


def test_booking_and_moving_use_indexes(
    desk: Any, clinic: Any, booked: Any, _no_scans: None
) -> None:
    services = [{"service": str(clinic.service.pk)}]
    assert scans(lambda: desk.post(URL, body(clinic, at(12), services=services)), clinic) == set()
    note = {"version": 1, "note": "x", "ends_at": at(11).isoformat()}
    assert scans(lambda: desk.patch(f"{URL}/{booked['id']}", note), clinic) == set()


def test_free_places_use_the_index_of_the_constraint(
    clinic: Any, booked: Any, _no_scans: None
) -> None:
    def counts() -> tuple[int, int]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT seq_scan, idx_scan FROM pg_stat_xact_user_tables"
                " WHERE relname = 'calendar_occupancy'"
            )
            return cursor.fetchone()  # type: ignore[no-any-return]

    wanted = slots.Wanted(first=DAY, last=DAY, not_before=at(0), minutes=30)
    with tenant(clinic.pk):
        before = counts()
        assert slots.find(wanted)
    assert counts()[0] == before[0] and counts()[1] > before[1]


def test_what_is_taken_is_looked_for_among_the_days_asked_for(
    clinic: Any, booked: Any, _no_scans: None
) -> None:
    def sought(*when: Any, **more: Any) -> str:
        people = [clinic.doctor.pk, clinic.doctor2.pk]
        plan = Occupancy.objects.filter(*when, resource_id__in=people, **more).explain()
        return " ".join(line for line in plan.splitlines() if "Index Cond" in line)

    with tenant(clinic.pk), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO calendar_occupancy (id, organization_id, employee_id, during, exclusive, appointment_id)"
            " SELECT gen_random_uuid(), %s, %s, tstzrange(hour, hour + interval '1 hour'), true, %s"
            " FROM generate_series(timestamptz '2019-01-01', '2019-12-31', '1 hour') AS hour",
            [clinic.pk, clinic.doctor.pk, booked["id"]],
        )
        assert "starts_at" in sought(Occupancy.meeting(at(0), at(23)))
        # The control: the same question about ranges is asked of every row that these people ever had.
        assert "during" not in sought(during__overlap=(at(0), at(23)))
