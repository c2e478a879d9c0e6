"""Order by the 42 letters of the Kazakh alphabet, on any server: ``rows.order_by(*in_kazakh_order("last_name"), "id")``."""

from django.db.models import F, Func
from django.db.models.functions import Collate


def in_kazakh_order(*fields: str) -> list[Collate]:
    return [Collate(Func(F(name), function="kz_sort"), "C") for name in fields]
