"""What production refuses to start with (invariant 113). Pending migrations and the database role are asked in wsgi.py."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured

MODES = ("local", "lan", "production")
_EXAMPLES = ("change", "example", "secret", "insecure", "password")


def check(mode: str, settings: dict[str, Any]) -> None:
    if mode not in MODES:
        raise ImproperlyConfigured(f"CLINIC_MODE must be one of {', '.join(MODES)}")
    if mode != "production":
        return
    secret = settings["SECRET_KEY"]
    faults = []
    if settings["DEBUG"]:
        faults.append("DEBUG is on")
    if len(secret) < 40 or any(word in secret.lower() for word in _EXAMPLES):
        faults.append("SECRET_KEY is short or an example")
    if "*" in settings["ALLOWED_HOSTS"]:
        faults.append("ALLOWED_HOSTS allows any host")
    if any("*" in origin for origin in settings["ALLOWED_ORIGINS"]):
        faults.append("ALLOWED_ORIGINS allows any origin")
    for name in ("FIELD_KEY", "LOOKUP_KEY"):
        value = settings["LOOKUP_KEY"] if name == "LOOKUP_KEY" else settings["FIELD_KEYS"][1]
        if len(set(value)) < 8:
            faults.append(f"{name} is an example")
    strong = {"postgres"} if settings["MIGRATES"] else {"postgres", settings["OWNER_ROLE"]}
    if settings["DATABASES"]["default"]["USER"] in strong:
        faults.append("DATABASE_URL uses an owner or superuser role")
    if faults:
        raise ImproperlyConfigured("Production refuses to start: " + "; ".join(faults))


def check_database() -> None:
    """No pending migrations, and a role that row level security binds."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper OR rolbypassrls OR EXISTS "
            "(SELECT FROM pg_tables WHERE tableowner = current_user) "
            "FROM pg_roles WHERE rolname = current_user"
        )
        if cursor.fetchone()[0]:
            raise ImproperlyConfigured(
                "Production refuses to start: the database role is too strong"
            )
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise ImproperlyConfigured("Production refuses to start: there are pending migrations")
    connection.close()
