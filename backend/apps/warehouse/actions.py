"""What one may do with the list of things that the storeroom keeps."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.core import versions
from apps.core.errors import InvalidInput
from apps.core.events import record
from apps.core.models import User
from apps.warehouse.events import ItemAdded, ItemChanged
from apps.warehouse.models import Item


@transaction.atomic
def add_item(
    *, name: str, unit: str, by: User, minimum: Decimal = Decimal(0), is_active: bool = True
) -> Item:
    _refuse_twin(name)
    item = Item.objects.create(name=name, unit=unit, minimum=minimum, is_active=is_active)
    record(ItemAdded(id=item.pk, by=by, data={"version": item.version}))
    return item


@transaction.atomic
def change_item(*, pk: UUID, version: int, by: User, **changes: Any) -> Item:
    item: Item = versions.locked(Item.objects, pk, version)
    if "name" in changes:
        _refuse_twin(changes["name"], but=item.pk)
    return versions.change(item, changes, ItemChanged, by=by)


def _refuse_twin(name: str, but: UUID | None = None) -> None:
    twins = Item.objects.filter(name__iexact=name)
    if (twins.exclude(pk=but) if but else twins).exists():
        raise InvalidInput(fields={"name": [str(_("An item with this name already exists."))]})
