"""Row level security and grants, derived from the models after every migration. Idempotent.

Two policies a table: the application sees the organisation that is set, the owner (migrations, backup) sees all.
The ``nullif`` matters: after a transaction the setting is an empty text, not absent.
"""

from django.apps import apps
from django.conf import settings
from django.db import connections

CURRENT = "(SELECT nullif(current_setting('app.organization_id', true), '')::uuid)"


def apply(using: str) -> None:
    from apps.core.tenancy import TenantModel

    app, owner = settings.APPLICATION_ROLE, settings.OWNER_ROLE
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT current_user")
        if cursor.fetchone()[0] != owner:
            return  # only the owner may
        existing = set(connections[using].introspection.table_names(cursor))
        statements = [f"GRANT USAGE ON SCHEMA public TO {app}"]
        for model in apps.get_models(include_auto_created=True):
            table = model._meta.db_table
            if table not in existing:
                continue
            append_only = getattr(model, "append_only", False)
            rights = "SELECT, INSERT" if append_only else "SELECT, INSERT, UPDATE, DELETE"
            statements += [
                f'REVOKE ALL ON "{table}" FROM {app}',
                f'GRANT {rights} ON "{table}" TO {app}',
            ]
            if issubclass(model, TenantModel):
                statements += _policies(table, app, owner)
        statements += [
            f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {app}",
            f"GRANT SELECT ON django_migrations TO {app}",
        ]
        cursor.execute(";\n".join(statements))


def _policies(table: str, app: str, owner: str) -> list[str]:
    return [
        f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
        f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',
        f'DROP POLICY IF EXISTS tenant ON "{table}"',
        f'CREATE POLICY tenant ON "{table}" TO {app} '
        f"USING (organization_id = {CURRENT}) WITH CHECK (organization_id = {CURRENT})",
        f'DROP POLICY IF EXISTS owner ON "{table}"',
        f'CREATE POLICY owner ON "{table}" TO {owner} USING (true) WITH CHECK (true)',
    ]
