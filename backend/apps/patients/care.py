"""Who has to do with which patient: the links that open a card to a branch and to the people who treat."""

from uuid import UUID

from apps.core import prepared, tenancy
from apps.core.ids import uuid7


def link(patient_id: UUID, branch_id: UUID, employee_id: UUID | None = None) -> None:
    """Link them, once; a link that is there stays."""
    with prepared.cursor() as cursor:
        cursor.execute(
            "INSERT INTO patients_carelink (id, organization_id, patient_id, branch_id, employee_id)"
            " VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [uuid7(), tenancy.current_organization_id(), patient_id, branch_id, employee_id],
        )
