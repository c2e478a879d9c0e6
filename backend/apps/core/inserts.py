"""New rows of several models in one statement, for the few verbs where every millisecond is somebody's wait.

The rows are ordinary unsaved instances; what ``save`` would fill in (moments, defaults) is filled in. No signals.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any

from django.db import connection, models

from apps.core import prepared


def insert(rows: Iterable[models.Model]) -> None:
    """All of them or none. Keys are deferred, so the order does not matter."""
    by_model: dict[type[models.Model], list[models.Model]] = {}
    for row in rows:
        by_model.setdefault(type(row), []).append(row)
    statements, values = [], []
    for model, group in by_model.items():
        head, marks, attributes = _columns(model)
        statements.append(f"{head} {', '.join([marks] * len(group))}")
        for row in group:
            values += [
                getattr(row, name)
                if field is None
                else field.get_db_prep_save(field.pre_save(row, True), connection)
                for name, field in attributes
            ]
            row._state.adding = False
    if not statements:
        return
    *first, last = statements
    parts = ", ".join(f"part{number} AS ({text})" for number, text in enumerate(first))
    with prepared.cursor() as cursor:
        cursor.execute(f"WITH {parts} {last}" if first else last, values)


@cache
def _columns(model: type[models.Model]) -> tuple[str, str, tuple[tuple[str, Any], ...]]:
    """How its statement begins, the marks of a row, and where its values stand: with the field, if that has to make of
    them what the database takes."""
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    names = ", ".join(f'"{field.column}"' for field in fields)
    return (
        f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES',
        f"({', '.join(['%s'] * len(fields))})",
        tuple((field.attname, None if _is_plain(field) else field) for field in fields),
    )


_PLAIN = {models.UUIDField, models.CharField, models.TextField, models.BooleanField,
          models.IntegerField, models.PositiveIntegerField, models.PositiveSmallIntegerField}  # fmt: skip


def _is_plain(field: Any) -> bool:
    if isinstance(field, models.DateTimeField):
        return not (field.auto_now or field.auto_now_add)
    return type(field) in _PLAIN or isinstance(field, models.ForeignKey)
