"""Reads of the price list and the tree."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Func, OuterRef, Q, Subquery

from apps.core import tenancy
from apps.core.kz.text import search_variants
from apps.services.models import Icd10, Price, Service

_TREE = """
WITH RECURSIVE tree AS (
  SELECT c.id, c.parent_id AS parent, c.name, c.position, c.version,
         ARRAY[c.name]::text[] AS path, ARRAY[lpad(c.position::text, 5, '0') || kz_sort(c.name) || c.id] AS place
  FROM services_category c
  WHERE c.organization_id = %(organization)s AND c.parent_id IS NULL
  UNION ALL
  SELECT c.id, c.parent_id, c.name, c.position, c.version, tree.path || c.name::text,
         tree.place || (lpad(c.position::text, 5, '0') || kz_sort(c.name) || c.id)
  FROM services_category c JOIN tree ON tree.id = c.parent_id
  WHERE c.organization_id = %(organization)s
)
SELECT id, parent, name, position, version, path, count(*) OVER () AS total
FROM tree
WHERE %(one)s::uuid IS NULL OR id = %(one)s
ORDER BY place COLLATE "C" LIMIT %(size)s OFFSET %(begin)s
"""


def categories(*, page: int = 1, size: int = 1, one: UUID | None = None) -> dict[str, Any]:
    """The tree as a flat list, parents before their children, each with the names on the way to it."""
    with connection.cursor() as cursor:
        cursor.execute(
            _TREE,
            {
                "organization": tenancy.current_organization_id(),
                "one": one,
                "size": size,
                "begin": (page - 1) * size,
            },
        )
        names = [column.name for column in cursor.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    total = rows[0]["total"] if rows else 0
    for row in rows:
        del row["total"]
    return {"items": rows, "total": total, "next": page + 1 if page * size < total else None}


def within(category_id: UUID) -> list[UUID]:
    """A category and everything under it."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH RECURSIVE below AS (
              SELECT %(top)s::uuid AS id
              UNION
              SELECT c.id FROM services_category c JOIN below ON below.id = c.parent_id
              WHERE c.organization_id = %(organization)s
            ) SELECT id FROM below
            """,
            {"organization": tenancy.current_organization_id(), "top": category_id},
        )
        return [row[0] for row in cursor.fetchall()]


def with_price(rows: Any) -> Any:
    base = Price.objects.filter(service=OuterRef("pk"), price_list__is_base=True)
    return rows.annotate(price=Subquery(base.values("amount")[:1]))


def named(rows: Any, text: str) -> Any:
    """Services whose code or name holds every word, in either alphabet."""
    rows = rows.annotate(
        folded_code=Func("code", function="kz_fold"), folded_name=Func("name", function="kz_fold")
    )
    for word in text.split()[:6]:
        alike = Q()
        for variant in search_variants(word):
            alike |= Q(folded_code__contains=variant) | Q(folded_name__contains=variant)
        rows = rows.filter(alike)
    return rows


def base_prices(ids: Iterable[UUID]) -> dict[UUID, Decimal]:
    """Service → amount of the base price list; a service without a price is missing."""
    rows = Price.objects.filter(price_list__is_base=True, service__in=list(ids))
    return dict(rows.values_list("service_id", "amount"))


# Letters of a code as they come from a Russian keyboard: by look and by key.
_CODE = str.maketrans({"к": "K", "с": "C", "а": "A", "в": "B", "е": "E", "н": "H", "м": "M", "т": "T",
                       "р": "P", "о": "O", "х": "X", "л": "K", "я": "Z", "ь": "M", "ы": "S"})  # fmt: skip


def diagnoses(text: str) -> Any:
    """ICD-10 by the beginning of a code, or by words of the name; codes first, in their order."""
    rows = Icd10.objects.order_by("code")
    text = text.strip()
    if not text:
        return rows
    by_name = Q()
    folded = rows.annotate(folded=Func("name_ru", function="kz_fold"))
    for word in text.split()[:6]:
        alike = Q()
        for variant in search_variants(word):
            alike |= Q(folded__contains=variant)
        by_name &= alike
    code = text.casefold().translate(_CODE).upper().replace(",", ".")
    return folded.filter(Q(code__startswith=code) | by_name)


def all_services() -> Any:
    return with_price(Service.objects.select_related("category"))
