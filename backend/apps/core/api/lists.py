"""Every list is ``{"items", "total", "next"}``: a page of at most 200, or a window that the request itself bounds."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from apps.core.api.fields import In

Page = dict[str, Any]


class ListIn(In):
    """The query of a paged list. Subclass it, add filters, and set ``order`` to the allowed orderings."""

    page = serializers.IntegerField(min_value=1, max_value=100_000, default=1)
    size = serializers.IntegerField(min_value=1, max_value=200, default=50)


def page_of(rows: QuerySet[Any], query: dict[str, Any], show: Callable[[list[Any]], Any]) -> Page:
    """A page of ``rows`` (two statements). ``show`` turns the page's rows into plain values."""
    page, size = query["page"], query["size"]
    begin = (page - 1) * size
    total = rows.count()
    items = list(rows[begin : begin + size]) if begin < total else []
    return {
        "items": show(items),
        "total": total,
        "next": page + 1 if begin + size < total else None,
    }


def window(items: list[Any]) -> Page:
    """A list that the request bounds (a day, a branch's rooms), returned whole in the same shape."""
    return {"items": items, "total": len(items), "next": None}
