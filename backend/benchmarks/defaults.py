"""What a column gets that a hand-written INSERT does not name, so that new fields do not break the loader. The product
itself names every column: Django knows the defaults, its database does not.
"""

import os
from decimal import Decimal

import django
import psycopg
from psycopg import sql


def give(address: str) -> None:
    from django.apps import apps
    from django.db.models import NOT_PROVIDED, CharField, TextField

    with psycopg.connect(address) as connection:
        for model in apps.get_models():
            for field in model._meta.local_concrete_fields:
                default = field.default
                if default is NOT_PROVIDED and isinstance(field, (CharField, TextField)):
                    default = ""
                if field.null or not isinstance(default, (bool, int, str, Decimal)):
                    continue
                connection.execute(
                    sql.SQL("ALTER TABLE {} ALTER COLUMN {} SET DEFAULT {}").format(
                        sql.Identifier(model._meta.db_table),
                        sql.Identifier(field.column),
                        sql.Literal(str(default) if isinstance(default, str) else default),
                    )
                )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    give(os.environ["BENCH_URL"])
