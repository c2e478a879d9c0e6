"""The roll-up of what a patient owes. Only billing moves it, in the transaction of the transfers that it sums."""

from decimal import Decimal
from uuid import UUID

from apps.core import prepared, tenancy


def move(patient_id: UUID, delta: Decimal) -> None:
    """Add to the balance; negative when he owes more."""
    with prepared.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO patients_patientaccount (id, organization_id, patient_id, balance)
            VALUES (gen_random_uuid(), %s, %s, %s)
            ON CONFLICT (organization_id, patient_id)
            DO UPDATE SET balance = patients_patientaccount.balance + excluded.balance
            """,
            [tenancy.current_organization_id(), patient_id, delta],
        )


def of(patient_id: UUID) -> Decimal:
    """What he has, or owes when negative."""
    row = prepared.one(
        "SELECT balance FROM patients_patientaccount WHERE organization_id = %s AND patient_id = %s",
        [tenancy.current_organization_id(), patient_id],
    )
    return row[0] if row else Decimal("0.00")
