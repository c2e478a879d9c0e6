"""Statements that the database plans once in a connection, for the few that are asked again and again.

Django's cursors write the values into the text, so that every execution is parsed and planned anew; for a wide statement
over few rows that costs more than the rows. This cursor sends text and values apart: from the second time on the
connection has a plan. It is the same plan whatever the values are (``plan_cache_mode`` in the settings), so the text must
not leave the choice of the way to them: what depends on the caller is said by another text, and joins of many rows are
``LATERAL`` with ``OFFSET 0``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection


@contextmanager
def cursor() -> Iterator[Any]:
    """Like ``connection.cursor()``, counted and timed like it; one statement at a time, ``%s`` or ``%(name)s``."""
    wrapper: Any = connection
    with wrapper.prepared_cursor() as prepared:
        yield prepared


def one(statement: str, parameters: dict[str, Any] | list[Any]) -> Any:
    """The first row, or None."""
    with cursor() as prepared:
        prepared.execute(statement, parameters)
        return prepared.fetchone()
