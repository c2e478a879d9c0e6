"""The ends of an occupancy as columns of their own, which an index serves under the policies, for every reader.

`calendar_slots` (0010, 0011) reads them too, so one index is enough. Both columns come with one statement: each rewrites the
table and builds its constraint anew, minutes for a large network.
"""

from importlib import import_module

import django.contrib.postgres.fields.ranges as ranges
from django.db import migrations, models

_BEFORE = import_module("apps.calendar.migrations.0011_occupancy_from")._after()
_AFTER = (
    _BEFORE.replace("SELECT o.during,", "SELECT o.starts_at, o.ends_at,")
    .replace("upper(o.during)", "o.ends_at")
    .replace("lower(o.during)", "o.starts_at")
)
_NOT_LONG = "upper(during) <= lower(during) + interval '30 hours'"


def _end(expression: type[models.Transform]) -> models.GeneratedField:
    return models.GeneratedField(
        db_persist=True, expression=expression("during"), output_field=models.DateTimeField()
    )


class Migration(migrations.Migration):
    dependencies = [("calendar", "0016_rebook")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f"""
                    ALTER TABLE calendar_occupancy
                        ADD COLUMN starts_at timestamptz GENERATED ALWAYS AS (lower(during)) STORED,
                        ADD COLUMN ends_at timestamptz GENERATED ALWAYS AS (upper(during)) STORED,
                        ADD CONSTRAINT occupancy_not_long CHECK ({_NOT_LONG})
                    """,
                    """
                    ALTER TABLE calendar_occupancy
                        DROP CONSTRAINT occupancy_not_long, DROP COLUMN ends_at, DROP COLUMN starts_at
                    """,
                )
            ],
            state_operations=[
                migrations.AddField("occupancy", "starts_at", _end(ranges.RangeStartsWith)),
                migrations.AddField("occupancy", "ends_at", _end(ranges.RangeEndsWith)),
                migrations.AddConstraint(
                    "occupancy",
                    models.CheckConstraint(
                        name="occupancy_not_long",
                        condition=models.expressions.RawSQL(
                            _NOT_LONG, (), output_field=models.BooleanField()
                        ),
                    ),
                ),
            ],
        ),
        migrations.RunSQL(_AFTER, _BEFORE),
        migrations.RemoveIndex("occupancy", "occupancy_from"),
        migrations.AddIndex(
            "occupancy",
            models.Index(fields=["organization", "resource_id", "starts_at"], name="occupancy_from"),
        ),
    ]
