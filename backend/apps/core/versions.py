"""Two editors never overwrite each other silently: a stale version is refused with who changed what, and when."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError, NotFound
from apps.core.events import Event, record
from apps.core.models import User
from apps.core.models.journal import JournalEntry
from apps.core.tenancy import VersionedModel

V = TypeVar("V", bound=VersionedModel)


class Stale(DomainError):
    """details: ``version`` (current), ``changed`` (field names), ``by`` (short name or null), ``at``."""

    code = "stale"
    message = _(
        "Somebody else has changed this meanwhile. Your text is kept; compare and save again."
    )


def locked(rows: Any, pk: Any, version: int | None = None) -> Any:
    """The row, locked until the end of the transaction, if it still has the version that the caller saw. No key changes,
    so whoever only needs it to stay, as a booking needs its doctor, does not wait."""
    row = rows.select_for_update(of=("self",), no_key=True).filter(pk=pk).first()
    if row is None:
        raise NotFound
    if version is not None:
        check(row, version)
    return row


def check(row: VersionedModel, version: int) -> None:
    """That the caller saw what stands there; ``row`` is locked."""
    if row.version != version:
        raise Stale(details=_who_changed(row, version))


@contextmanager
def as_changed(row: VersionedModel, changes: dict[str, Any]) -> Iterator[None]:
    """The row as it would be, so that one check serves a new row and a change; afterwards as it is, for ``apply``."""
    before = {name: getattr(row, name) for name in changes}
    for name, value in changes.items():
        setattr(row, name, value)
    yield
    for name, value in before.items():
        setattr(row, name, value)


def apply(row: VersionedModel, changes: dict[str, Any]) -> list[str]:
    """Set what differs, raise the version, save only that. Returns the names of the changed fields."""
    changed = [name for name, value in changes.items() if getattr(row, name) != value]
    if not changed:
        return []
    for name in changed:
        setattr(row, name, changes[name])
    row.bump()
    row.save(update_fields=[*changed, "version", "updated_at"])
    return changed


def change(
    row: V, changes: dict[str, Any], event: type[Event], *, by: User, branch_id: UUID | None = None
) -> V:
    """Set what differs and tell of it; where nothing does, nothing has happened."""
    if changed := apply(row, changes):
        data = {"version": row.version, "changed": changed}
        record(event(id=row.pk, branch_id=branch_id, by=by, data=data))
    return row


def _who_changed(row: VersionedModel, version: int) -> dict[str, Any]:
    entries = list(
        JournalEntry.objects.filter(object_id=row.pk, outcome=JournalEntry.Outcome.DONE)
        .filter(data__version__gt=version)
        .select_related("actor")
        .order_by("-at")[:20]
    )
    changed = sorted({name for entry in entries for name in entry.data.get("changed", [])})
    last = entries[0] if entries else None
    return {
        "version": row.version,
        "changed": changed,
        "by": last.actor.short_name if last and last.actor else None,
        "at": last.at if last else row.updated_at,
    }
