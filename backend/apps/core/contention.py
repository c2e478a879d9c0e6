"""Rows that somebody else holds in the middle of our work, where waiting for them could be waiting for each other.

``hold`` waits for nobody. When a row is not to be had, all that was done so far is undone and begins anew, with the rows
that were missing taken before anything else (see ``api.views``). There everybody takes them in one order and holds nothing
yet that another may want, so nobody waits in a circle.
"""

from collections.abc import Iterable, Mapping
from uuid import UUID

from apps.core.tenancy import TenantModel

Rows = dict[type[TenantModel], set[UUID]]


class Contended(Exception):
    """Begin again, with these rows first."""

    def __init__(self, rows: Rows) -> None:
        super().__init__("somebody else holds what is needed")
        self.rows = rows


def hold(rows: Mapping[type[TenantModel], Iterable[UUID]], *, own: Rows | None = None) -> None:
    """Lock these to the end of the transaction, or begin again with them and those that are held already (``own``)."""
    wanted = {model: set(ids) for model, ids in rows.items()}
    for model, ids in wanted.items():
        if ids and ids != set(_locked(model, ids, skip=True)):
            raise Contended(together(own or {}, wanted))


def first(rows: Rows) -> None:
    """At the head of a transaction that begins again; what does not exist any more is left out."""
    for model in sorted(rows, key=lambda model: model._meta.label):
        _locked(model, rows[model], skip=False)


def together(some: Rows, others: Rows) -> Rows:
    return {model: some.get(model, set()) | others.get(model, set()) for model in {*some, *others}}


def _locked(model: type[TenantModel], ids: set[UUID], *, skip: bool) -> list[UUID]:
    rows = model._default_manager.select_for_update(of=("self",), no_key=True, skip_locked=skip)
    return list(rows.filter(pk__in=ids).order_by("pk").values_list("pk", flat=True))
