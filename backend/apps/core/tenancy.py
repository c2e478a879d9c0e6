"""One organisation never sees another organisation's rows.

Every tenant model answers only inside ``with tenant(...)``; outside of it a query raises ``NoTenant``.
The same place sets the database's own lock (row level security) for the length of the transaction, and is the
unit of work: what was promised for the end of it (``before_commit``) runs as its last statement.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Self
from uuid import UUID

from django.db import connection, models, transaction
from django.db.models.expressions import Col
from django.db.models.lookups import Exact
from django.db.models.signals import class_prepared

from apps.core import prepared
from apps.core.ids import uuid7

_current: ContextVar[UUID | None] = ContextVar("organization_id", default=None)
# name → (what to run, the values gathered for it)
_Promises = dict[str, tuple[Callable[[set[Any]], None], set[Any]]]
_promises: ContextVar[_Promises | None] = ContextVar("promises", default=None)


class NoTenant(RuntimeError):
    """A tenant model was asked outside ``with tenant(...)``."""


@contextmanager
def tenant(organization_id: UUID, *, to_the_end: bool = False) -> Iterator[None]:
    """Open an organisation; begins a transaction when none is open. May be nested.

    ``to_the_end``: nothing follows in this transaction. The database's setting dies with it, so leaving asks nothing.
    """
    if not connection.in_atomic_block:
        with transaction.atomic(), tenant(organization_id, to_the_end=True):
            yield
        return
    previous = _current.get()
    outermost = _promises.get() is None
    token = _current.set(organization_id)
    if outermost:
        _promises.set({})
    try:  # from here on: a database that dies in this very moment must not leave the thread in the organisation
        if previous != organization_id:
            _set_in_database(organization_id)
        yield
        if outermost and not connection.needs_rollback:
            for statement, values in (_promises.get() or {}).values():
                statement(values)
    finally:
        _current.reset(token)
        if outermost:
            _promises.set(None)
        forgotten = to_the_end and previous is None and _is_outermost()
        if previous != organization_id and not forgotten and _usable():
            _set_in_database(previous)


def before_commit(name: str, statement: Callable[[set[Any]], None], values: Iterable[Any]) -> None:
    """Gather values under a name; ``statement`` gets all of them once, at the end of the unit of work."""
    promises = _promises.get()
    if promises is None:
        raise NoTenant
    promises.setdefault(name, (statement, set()))[1].update(values)


def current_organization_id() -> UUID:
    organization_id = _current.get()
    if organization_id is None:
        raise NoTenant
    return organization_id


def organization_or_none() -> UUID | None:
    return _current.get()


def _is_outermost() -> bool:
    """A transaction inside another (tests are such) is only a savepoint, which the setting outlives."""
    return not connection.savepoint_ids


def _usable() -> bool:
    if not connection.in_atomic_block or connection.needs_rollback or connection.connection is None:
        return False
    return connection.connection.info.transaction_status.name not in ("INERROR", "UNKNOWN")


def _set_in_database(organization_id: UUID | None) -> None:
    with prepared.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('app.organization_id', %s, true)",
            [str(organization_id) if organization_id else ""],
        )


class OrganizationField(models.ForeignKey):
    """Marks a tenant table. The schema editor sees it and makes the composite keys (see ``postgres``)."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("to", "org.Organization")
        kwargs.setdefault("on_delete", models.CASCADE)
        kwargs["related_name"] = "+"
        kwargs["db_index"] = False
        kwargs["editable"] = False
        kwargs.setdefault("default", current_organization_id)
        super().__init__(**kwargs)


class TenantForeignKey(models.ForeignKey):
    """A relation inside one organisation. Its constraint is ``(x_id, organization_id)``, its joins carry both."""

    def __init__(self, to: Any, on_delete: Any, **kwargs: Any) -> None:
        kwargs["db_constraint"] = False
        super().__init__(to, on_delete, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("db_constraint", None)
        return name, path, args, kwargs

    def get_extra_restriction(self, alias: str | None, related_alias: str | None) -> Any:
        if alias is None or related_alias is None:
            return None
        theirs: Any = self.related_model._meta.get_field("organization")
        ours: Any = self.model._meta.get_field("organization")
        return Exact(Col(alias, theirs), Col(related_alias, ours))


class TenantManager(models.Manager):
    def get_queryset(self) -> Any:
        return super().get_queryset().filter(organization_id=current_organization_id())

    def none(self) -> Any:
        return super().get_queryset().none()  # class bodies may say Model.objects.none()

    def knows(self, **equal: Any) -> bool:
        """Whether there is a row with these values (column → value): planned once, for events that seldom concern the one
        who hears of them."""
        where = "".join(f' AND "{column}" = %s' for column in equal)
        table = self.model._meta.db_table
        with prepared.cursor() as cursor:
            cursor.execute(
                f'SELECT EXISTS (SELECT FROM "{table}" WHERE organization_id = %s{where})',
                [current_organization_id(), *equal.values()],
            )
            return bool(cursor.fetchone()[0])


class Row(models.Model):
    """A platform row: its key is a UUIDv7 made here."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)

    class Meta:
        abstract = True


class TenantModel(Row):
    organization = OrganizationField()

    objects = TenantManager()

    append_only = False  # True: the application role may insert and read, never change or delete

    class Meta:
        abstract = True

    def _do_update(  # type: ignore[override]
        self, base_qs: Any, using: Any, pk_val: Any, values: Any, *rest: Any
    ) -> Any:
        # The organisation is part of the key: it never stands in an UPDATE's SET list.
        values = [value for value in values if value[0].attname != "organization_id"]
        base_qs = base_qs.filter(organization_id=self.organization_id)
        return super()._do_update(base_qs, using, pk_val, values, *rest)


class VersionedModel(TenantModel):
    """An editable record: every change raises ``version``, a stale edit is refused (see ``versions``)."""

    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True

    def bump(self) -> Self:
        self.version += 1
        return self


def _scope_related_access(sender: type[models.Model], **kwargs: Any) -> None:
    if issubclass(sender, TenantModel) and not sender._meta.abstract:
        sender._meta.base_manager_name = "objects"


class_prepared.connect(_scope_related_access)
