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
        table, fields = _columns(model)
        marks = "(" + ", ".join(["%s"] * len(fields)) + ")"
        names = ", ".join(f'"{field.column}"' for field in fields)
        statements.append(
            f'INSERT INTO "{table}" ({names}) VALUES {", ".join([marks] * len(group))}'
        )
        for row in group:
            values += [
                field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields
            ]
            row._state.adding = False
    if not statements:
        return
    *first, last = statements
    parts = ", ".join(f"part{number} AS ({text})" for number, text in enumerate(first))
    with prepared.cursor() as cursor:
        cursor.execute(f"WITH {parts} {last}" if first else last, values)


@cache
def _columns(model: type[models.Model]) -> tuple[str, tuple[Any, ...]]:
    return model._meta.db_table, tuple(f for f in model._meta.concrete_fields if not f.generated)
