"""PostgreSQL for Django, with keys that keep tenants apart.

A table with an ``OrganizationField`` gets ``PRIMARY KEY (id, organization_id)``; every ``TenantForeignKey`` gets a
composite foreign key and an index that begins with the organisation. Doing it here means that no migration can forget.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.db.backends.postgresql import base, operations, schema


def _organization_field(model: Any) -> Any:
    from apps.core.tenancy import OrganizationField

    return next((f for f in model._meta.local_fields if isinstance(f, OrganizationField)), None)


def _is_tenant_key(field: Any) -> bool:
    from apps.core.tenancy import TenantForeignKey

    return isinstance(field, TenantForeignKey)


_Editor: Any = schema.DatabaseSchemaEditor  # its helpers are not in the stubs


class DatabaseSchemaEditor(_Editor):
    def create_model(self, model: Any) -> None:
        super().create_model(model)
        if _organization_field(model) is None:
            return
        table = model._meta.db_table
        self.execute(
            f"ALTER TABLE {self.quote_name(table)} DROP CONSTRAINT {self.quote_name(table + '_pkey')}, "
            f"ADD CONSTRAINT {self.quote_name(table + '_pkey')} PRIMARY KEY (id, organization_id)"
        )
        for field in model._meta.local_fields:
            self._composite_key(model, field)

    def add_field(self, model: Any, field: Any) -> None:
        super().add_field(model, field)
        self._composite_key(model, field)

    def _composite_key(self, model: Any, field: Any) -> None:
        if not _is_tenant_key(field):
            return
        table, target = model._meta.db_table, field.remote_field.model._meta.db_table
        name = self.quote_name(f"{table[:30]}_{field.column[:24]}_tfk")
        self.deferred_sql.append(
            f"ALTER TABLE {self.quote_name(table)} ADD CONSTRAINT {name} "
            f"FOREIGN KEY ({self.quote_name(field.column)}, organization_id) "
            f"REFERENCES {self.quote_name(target)} (id, organization_id) "
            "DEFERRABLE INITIALLY DEFERRED"
        )

    def _field_indexes_sql(self, model: Any, field: Any) -> list[Any]:
        if _is_tenant_key(field) and self._field_should_be_indexed(model, field):
            return [self._create_index_sql(model, fields=[_organization_field(model), field])]
        return super()._field_indexes_sql(model, field)


@lru_cache(maxsize=1024)
def _numbered(text: str) -> tuple[str, tuple[str, ...]]:
    """Django's ``%s`` or ``%(name)s`` as the database's ``$1``; a name stands for one value however often it is used.
    The driver does this too, but for texts of more than 4 KB it does it at every execution."""
    names: dict[str, int] = {}

    def mark(found: re.Match[str]) -> str:
        if found[0] == "%%":
            return "%"
        return f"${names.setdefault(found[1] or str(len(names)), len(names) + 1)}"

    return re.sub(r"%%|%(?:\((\w+)\))?s", mark, text), tuple(names)


_RawCursor: Any = base.Database.RawCursor  # type: ignore[attr-defined]


class PreparedCursor(base.CursorMixin, _RawCursor):  # type: ignore[name-defined, misc]
    def execute(self, query: str, params: Any = None, **kwargs: Any) -> Any:
        if params is not None:
            query, names = _numbered(query)
            if isinstance(params, Mapping):
                params = [params[name] for name in names]
        return super().execute(query, params, **kwargs)


class DatabaseOperations(operations.DatabaseOperations):
    def last_executed_query(self, cursor: Any, sql: Any, params: Any) -> Any:
        """The text with its values also for a prepared cursor, which sent them apart: for tests and slow-query logs."""
        if isinstance(cursor, PreparedCursor):
            return self.compose_sql(sql, params)
        return super().last_executed_query(cursor, sql, params)


_Wrapper: Any = base.DatabaseWrapper  # some of its methods are not in the stubs


class DatabaseWrapper(_Wrapper):
    SchemaEditorClass = DatabaseSchemaEditor
    ops_class = DatabaseOperations

    def prepared_cursor(self) -> Any:
        """See ``prepared``."""
        self.ensure_connection()
        with self.wrap_database_errors:
            cursor = PreparedCursor(self.connection)
        return self._prepare_cursor(cursor)
