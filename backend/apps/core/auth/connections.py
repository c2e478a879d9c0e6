from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connection, transaction

from apps.core import tenancy


def let_go() -> None:
    """Give the connection back before something slow that needs none (hashing a password)."""
    if not connection.in_atomic_block:
        connection.close()


@contextmanager
def entered(organization_id: UUID | None) -> Iterator[None]:
    """One transaction, inside the organisation when there is one (platform staff have none)."""
    with transaction.atomic():
        if organization_id is None:
            yield
        else:
            with tenancy.tenant(organization_id):
                yield
