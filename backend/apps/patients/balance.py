"""The roll-up of what a patient owes. Only billing moves it, in the transaction of the transfers that it sums."""

from decimal import Decimal
from uuid import UUID

from django.db import connection

from apps.core import tenancy


def move(patient_id: UUID, delta: Decimal) -> None:
    """Add to the balance; negative when he owes more."""
    with connection.cursor() as cursor:
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
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT balance FROM patients_patientaccount WHERE organization_id = %s AND patient_id = %s",
            [tenancy.current_organization_id(), patient_id],
        )
        row = cursor.fetchone()
    return row[0] if row else Decimal("0.00")
