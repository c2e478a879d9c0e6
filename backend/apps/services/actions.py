"""Keep the list of services: the tree, what is done, and the base price."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core.errors import InvalidInput, refuse_twin
from apps.core.events import record, touch_day
from apps.core.models import User
from apps.core.versions import apply, change, locked
from apps.org.models import Branch
from apps.services.events import CategoryChanged, CategoryCreated, ServiceChanged, ServiceCreated
from apps.services.models import Category, Price, PriceList, Service

DEEPEST = 6  # levels of the tree


@transaction.atomic
def create_category(*, by: User, parent: Category | None = None, **fields: Any) -> Category:
    refuse_twin(Category.objects.filter(parent=parent, name=fields["name"]), "name")
    _check_tree(None, parent)
    category = Category.objects.create(parent=parent, **fields)
    record(CategoryCreated(id=category.pk, by=by, data={"version": 1}))
    return category


@transaction.atomic
def change_category(category: Category, *, version: int, by: User, **changes: Any) -> Category:
    if "parent" in changes:
        _lock_tree()
    row: Category = locked(Category.objects, category.pk, version)
    parent = changes.get("parent", row.parent)
    if {"name", "parent"} & changes.keys():
        twins = Category.objects.filter(parent=parent, name=changes.get("name", row.name))
        refuse_twin(twins, "name", but=row)
    if "parent" in changes:
        _check_tree(row.pk, parent)
    return change(row, changes, CategoryChanged, by=by)


@transaction.atomic
def create_service(*, by: User, price: Decimal, **fields: Any) -> Service:
    refuse_twin(Service.objects.filter(code=fields["code"]), "code")
    service = Service.objects.create(**fields)
    _set_price(service, price)
    record(ServiceCreated(id=service.pk, by=by, data={"version": 1}))
    return service


@transaction.atomic
def change_service(service: Service, *, version: int, by: User, **changes: Any) -> Service:
    price = changes.pop("price", None)
    row: Service = locked(Service.objects, service.pk, version)
    if "code" in changes:
        refuse_twin(Service.objects.filter(code=changes["code"]), "code", but=row)
    repriced = price is not None and _set_price(row, price)
    changed = apply(row, changes)
    if repriced and not changed:
        row.bump().save(update_fields=["version", "updated_at"])
    changed += ["price"] if repriced else []
    if {"name", "color"} & set(changed):
        touch_day(*Branch.objects.values_list("pk", flat=True))
    if changed:
        data = {"version": row.version, "changed": changed}
        record(ServiceChanged(id=row.pk, by=by, data=data))
    return row


def base_list() -> PriceList:
    """The organisation's base price list, made when it is first needed."""
    found = PriceList.objects.filter(is_base=True).first()
    return found or PriceList.objects.create(name=gettext("Base price list"), is_base=True)


def _set_price(service: Service, amount: Decimal) -> bool:
    prices = base_list()
    price = Price.objects.filter(price_list=prices, service=service).first()
    if price is None:
        Price.objects.create(price_list=prices, service=service, amount=amount)
        return True
    return bool(apply(price, {"amount": amount}))


def _lock_tree() -> None:
    """Two moves at once could make a circle that neither of them sees."""
    list(Category.objects.select_for_update().order_by("id").values_list("pk", flat=True))


def _check_tree(moved: UUID | None, parent: Category | None) -> None:
    """No circles, and not deeper than people can find their way in."""
    rows = list(Category.objects.values_list("pk", "parent_id"))
    parents = dict(rows)
    above, at = 0, parent.pk if parent else None
    while at is not None:
        if at == moved:
            raise InvalidInput(fields={"parent": [_("A category cannot stand inside itself.")]})
        above, at = above + 1, parents.get(at)
    if above + (_height(rows, moved) if moved else 1) > DEEPEST:
        raise InvalidInput(fields={"parent": [_("The tree would be too deep.")]})


def _height(rows: Sequence[tuple[UUID, UUID | None]], top: UUID) -> int:
    level, height = {top}, 0
    while level:
        height += 1
        level = {pk for pk, parent in rows if parent in level}
    return height
