"""The days of one person or thing in order, and `calendar_slots` (0010) looking there: by the index of the constraint it took
ten times as long. Nothing is held for as long as thirty hours. The search begins with the first day that is not over.
"""

from importlib import import_module

from django.contrib.postgres.fields.ranges import RangeStartsWith
from django.db import migrations, models

_slots = import_module("apps.calendar.migrations.0010_slots")

_BEFORE = _slots.CREATE.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
_CHANGES = {
    "o.during && tstzrange(edge.begins, edge.ends)": "upper(o.during) > edge.begins"
    " AND lower(o.during) > edge.begins - interval '30 hours' AND lower(o.during) < edge.ends",
    "edge AS (SELECT": "edge AS MATERIALIZED (SELECT",
    "greatest(first_day, after_day);": """greatest(first_day, after_day, (
        SELECT min((not_before AT TIME ZONE b.timezone)::date) FROM public.org_branch b
        WHERE b.organization_id = org AND (branches IS NULL OR b.id = ANY(branches))));""",
}


def _after() -> str:
    text: str = _BEFORE
    for old, new in _CHANGES.items():
        assert old in text
        text = text.replace(old, new)
    return text


class Migration(migrations.Migration):
    dependencies = [("calendar", "0010_slots")]

    operations = [
        migrations.AddIndex(
            model_name="occupancy",
            index=models.Index(
                models.F("organization"),
                models.F("resource_id"),
                RangeStartsWith("during"),
                name="occupancy_from",
            ),
        ),
        migrations.RunSQL(_after(), _BEFORE),
    ]
