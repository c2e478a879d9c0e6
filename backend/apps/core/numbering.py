"""Numbers that people read, without gaps: the row stays locked until the transaction that uses the number ends."""

from django.db import connection

from apps.core import tenancy


def take(name: str, year: int = 0, count: int = 1) -> int:
    """The first of ``count`` consecutive numbers under this name and year."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO core_numbersequence (id, organization_id, name, year, value)
            VALUES (gen_random_uuid(), %s, %s, %s, %s)
            ON CONFLICT (organization_id, name, year)
            DO UPDATE SET value = core_numbersequence.value + excluded.value
            RETURNING value
            """,
            [tenancy.current_organization_id(), name, year, count],
        )
        return int(cursor.fetchone()[0]) - count + 1
