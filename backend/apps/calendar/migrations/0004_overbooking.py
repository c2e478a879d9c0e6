"""Time laid over somebody else's: an index of its own, and the two functions that look past the policies (see 0002).

`calendar_busy` counts it as taken as well. `calendar_lying` says of appointments what they lie over; a row of theirs that
lies over nothing any more comes with nulls.
"""

import django.contrib.postgres.indexes
from django.conf import settings
from django.db import migrations, models

_HEAD = """
LANGUAGE sql STABLE SECURITY DEFINER ROWS 40 SET search_path = pg_catalog, pg_temp AS $$
"""
_ORGANIZATION = "nullif(current_setting('app.organization_id', true), '')::uuid"
_BUSY = "calendar_busy(resources uuid[], begins timestamptz, ends timestamptz)"
_TAKEN = f"""
    SELECT taken.resource_id, lower(taken.during), upper(taken.during)
    FROM unnest(resources) AS wanted(id)
    JOIN public.calendar_occupancy AS taken
      ON taken.organization_id = {_ORGANIZATION}
     AND taken.resource_id = wanted.id
     AND taken.during && tstzrange(begins, ends, '[)')
"""

BUSY = f"""
CREATE OR REPLACE FUNCTION {_BUSY}
RETURNS TABLE (resource_id uuid, starts_at timestamptz, ends_at timestamptz)
{_HEAD} {_TAKEN} AND taken.exclusive UNION ALL {_TAKEN} AND NOT taken.exclusive ORDER BY 2
$$;
"""
BUSY_BEFORE = f"""
CREATE OR REPLACE FUNCTION {_BUSY}
RETURNS TABLE (resource_id uuid, starts_at timestamptz, ends_at timestamptz)
{_HEAD} {_TAKEN} AND taken.exclusive ORDER BY 2
$$;
"""
LYING = f"""
CREATE FUNCTION calendar_lying(appointments uuid[])
RETURNS TABLE (id uuid, appointment_id uuid, kind text, resource_id uuid, starts_at timestamptz,
    ends_at timestamptz, over_appointment uuid, over_break uuid, over_from timestamptz, over_to timestamptz)
{_HEAD}
    SELECT lies.id, lies.appointment_id,
        CASE WHEN lies.employee_id IS NOT NULL THEN 'employee' WHEN lies.room_id IS NOT NULL THEN 'room'
             WHEN lies.chair_id IS NOT NULL THEN 'chair' WHEN lies.device_id IS NOT NULL THEN 'device'
             ELSE 'patient' END,
        lies.resource_id, lower(lies.during), upper(lies.during),
        under.appointment_id, under.break_id, lower(under.during), upper(under.during)
    FROM public.calendar_occupancy AS lies
    LEFT JOIN public.calendar_occupancy AS under
      ON under.organization_id = lies.organization_id
     AND under.resource_id = lies.resource_id
     AND under.during && lies.during
     AND under.exclusive
    WHERE lies.organization_id = {_ORGANIZATION}
      AND lies.appointment_id = ANY(appointments)
      AND NOT lies.exclusive
    ORDER BY 5, 1, 9
$$;
REVOKE ALL ON FUNCTION calendar_lying(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION calendar_lying(uuid[]) TO {settings.APPLICATION_ROLE};
"""


class Migration(migrations.Migration):
    dependencies = [("calendar", "0003_in_full")]

    operations = [
        migrations.AddField(
            model_name="appointment",
            name="has_segments",
            field=models.BooleanField(
                default=False,
                editable=False,
                help_text="Saves a look for the segments of most.",
            ),
        ),
        migrations.AddIndex(
            model_name="occupancy",
            index=django.contrib.postgres.indexes.GistIndex(
                condition=models.Q(("exclusive", False)),
                fields=["organization", "resource_id", "during"],
                name="occupancy_overbooked",
            ),
        ),
        migrations.RunSQL(BUSY, BUSY_BEFORE),
        migrations.RunSQL(LYING, "DROP FUNCTION calendar_lying(uuid[])"),
    ]
