"""The database as it is, compared with the models as they are written: keys, policies, privileges, roles."""

from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection

from apps.core.postgres import privileges
from apps.core.tenancy import TenantForeignKey, TenantModel

TENANT = sorted(
    (m for m in apps.get_models(include_auto_created=True) if issubclass(m, TenantModel)),
    key=lambda m: m._meta.db_table,
)
PLATFORM_WITH_ORGANIZATION = {"core_session", "core_doorbell"}  # without content, see architecture
pytestmark = pytest.mark.django_db


def rows(sql: str, *parameters: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters or None)
        return list(cursor.fetchall())


def columns_of(table: str, kind: str) -> list[list[str]]:
    """The columns of each constraint of this kind (p, u, f, x)."""
    return [
        found
        for (found,) in rows(
            """
            SELECT ARRAY(SELECT attname::text FROM unnest(c.conkey) WITH ORDINALITY AS k(number, place)
                         JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.number ORDER BY place)
            FROM pg_constraint c WHERE c.conrelid = %s::regclass AND c.contype = %s
            """,
            table,
            kind,
        )
    ]


@pytest.mark.parametrize("model", TENANT, ids=lambda m: m._meta.db_table)
def test_a_tenant_table_is_locked(model: Any) -> None:
    table = model._meta.db_table
    assert rows(
        "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = %s::regclass", table
    ) == [(True, True)]
    policies = rows(
        "SELECT policyname, roles::text[], cmd, permissive, qual, with_check FROM pg_policies "
        "WHERE tablename = %s ORDER BY policyname",
        table,
    )
    assert [(p[0], p[1], p[2], p[3]) for p in policies] == [
        ("owner", [settings.OWNER_ROLE], "ALL", "PERMISSIVE"),
        ("tenant", [settings.APPLICATION_ROLE], "ALL", "PERMISSIVE"),
    ]
    for condition in policies[1][4:]:
        assert condition.startswith("(organization_id = ( SELECT (NULLIF(current_setting(")
        assert "app.organization_id" in condition
        assert " OR " not in condition
    assert columns_of(table, "p") == [["id", "organization_id"]]
    assert ["id", "organization_id"] not in columns_of(table, "u")


@pytest.mark.parametrize("model", TENANT, ids=lambda m: m._meta.db_table)
def test_its_keys_carry_the_organization(model: Any) -> None:
    table = model._meta.db_table
    tenant_tables = {m._meta.db_table for m in TENANT}
    wanted = {
        (f.column, f.related_model._meta.db_table)
        for f in model._meta.local_fields
        if isinstance(f, TenantForeignKey)
    }
    found = rows(
        """
        SELECT c.conname, c.confrelid::regclass::text,
               ARRAY(SELECT attname::text FROM unnest(c.conkey) WITH ORDINALITY AS k(n, p)
                     JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.n ORDER BY p),
               ARRAY(SELECT attname::text FROM unnest(c.confkey) WITH ORDINALITY AS k(n, p)
                     JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.n ORDER BY p)
        FROM pg_constraint c WHERE c.conrelid = %s::regclass AND c.contype = 'f'
        """,
        table,
    )
    composite = {
        (ours[0], target)
        for _name, target, ours, theirs in found
        if ours[1:] == ["organization_id"] and theirs == ["id", "organization_id"]
    }
    assert composite == wanted
    plain = {target for _name, target, ours, _theirs in found if len(ours) == 1}
    assert not plain & tenant_tables
    assert "org_organization" in plain


@pytest.mark.parametrize("model", TENANT, ids=lambda m: m._meta.db_table)
def test_nothing_is_unique_across_organizations(model: Any) -> None:
    indexes = rows(
        """
        SELECT pg_get_indexdef(indexrelid) FROM pg_index
        WHERE indrelid = %s::regclass AND (indisunique OR indisexclusion)
        """,
        model._meta.db_table,
    )
    assert indexes
    assert all("organization_id" in definition for (definition,) in indexes), indexes


def test_every_table_with_an_organization_is_known() -> None:
    found = {
        table
        for (table,) in rows(
            "SELECT table_name FROM information_schema.columns "
            "WHERE table_schema = 'public' AND column_name = 'organization_id'"
        )
    }
    assert found == {m._meta.db_table for m in TENANT} | PLATFORM_WITH_ORGANIZATION


def test_every_table_belongs_to_a_model() -> None:
    known = {m._meta.db_table for m in apps.get_models(include_auto_created=True)}
    found = {t for (t,) in rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
    assert found == known | {"django_migrations"}


@pytest.mark.parametrize("model", TENANT, ids=lambda m: m._meta.db_table)
def test_the_application_has_the_privileges_it_needs_and_no_more(model: Any) -> None:
    found = {
        privilege
        for (privilege,) in rows(
            "SELECT privilege_type FROM information_schema.role_table_grants "
            "WHERE table_name = %s AND grantee = %s",
            model._meta.db_table,
            settings.APPLICATION_ROLE,
        )
    }
    everything = {"SELECT", "INSERT", "UPDATE", "DELETE"}
    assert found == ({"SELECT", "INSERT"} if model.append_only else everything)


def test_the_suite_runs_as_a_role_that_the_locks_bind() -> None:
    assert rows(
        "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user"
    ) == [(settings.APPLICATION_ROLE, False, False, False, False)]
    assert rows("SELECT count(*) FROM pg_tables WHERE tableowner = current_user") == [(0,)]
    assert rows(
        "SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = %s", settings.OWNER_ROLE
    ) == [(False, False)]
    assert rows("SELECT pg_has_role(current_user, %s, 'MEMBER')", settings.OWNER_ROLE) == [(False,)]
    assert rows("SELECT has_schema_privilege('public', 'CREATE')") == [(False,)]


def test_functions_of_the_owner_are_bound_and_few() -> None:
    """They see past the policies, so each names the organisation itself and has its own cross-tenant test."""
    found = rows(
        """
        SELECT proname, prosrc, proconfig, has_function_privilege('public', p.oid, 'EXECUTE')
        FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace
        WHERE nspname = 'public' AND prosecdef
        """
    )
    # Asked by whoever has no organisation yet: it is what they tell.
    before_the_door = {"core_memberships_of", "calendar_feed"}
    assert before_the_door <= {name for name, *_rest in found}
    for name, source, config, by_everybody in found:
        assert config and config[0].startswith("search_path=pg_catalog"), name
        assert not by_everybody, name
        assert "app.organization_id" in source or name in before_the_door, name


def test_the_application_may_read_which_migrations_ran_and_not_write_it() -> None:
    assert rows("SELECT has_table_privilege('django_migrations', 'SELECT')") == [(True,)]
    assert rows("SELECT has_table_privilege('django_migrations', 'INSERT')") == [(False,)]


def test_only_the_owner_derives_privileges() -> None:
    privileges.apply("default")  # as the application it does nothing, and does not fail
