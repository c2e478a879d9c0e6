"""`calendar_busy`: when are these people and things taken?

`&&` is not leakproof, so under row level security it would use no index. The function belongs to the owner, whose policy
is always true; its first condition is the organisation of the caller's transaction, and it returns times only.
"""

from django.conf import settings
from django.db import migrations

CREATE = f"""
CREATE FUNCTION calendar_busy(resources uuid[], begins timestamptz, ends timestamptz)
RETURNS TABLE (resource_id uuid, starts_at timestamptz, ends_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER ROWS 40 SET search_path = pg_catalog, pg_temp AS $$
    SELECT taken.resource_id, lower(taken.during), upper(taken.during)
    FROM unnest(resources) AS wanted(id)
    JOIN public.calendar_occupancy AS taken
      ON taken.organization_id = nullif(current_setting('app.organization_id', true), '')::uuid
     AND taken.resource_id = wanted.id
     AND taken.during && tstzrange(begins, ends, '[)')
     AND taken.exclusive
    ORDER BY 2
$$;
REVOKE ALL ON FUNCTION calendar_busy(uuid[], timestamptz, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION calendar_busy(uuid[], timestamptz, timestamptz) TO {settings.APPLICATION_ROLE};
"""
DROP = "DROP FUNCTION calendar_busy(uuid[], timestamptz, timestamptz)"


class Migration(migrations.Migration):
    dependencies = [("calendar", "0001_calendar")]

    operations = [migrations.RunSQL(CREATE, DROP)]
