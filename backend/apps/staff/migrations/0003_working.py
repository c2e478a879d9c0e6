"""`staff_working`: who works where and when, in instants. The only place that knows how shifts, exceptions, closed days,
substitutions and absences make up a day; the calendar, free places and reports all ask it.

It runs with the rights of the caller. In plpgsql the plan is made once in a connection: planning these tables anew with
each day of the calendar costs more than reading them. A date of the rota replaces the weekly shifts of that person and
branch, on closed days too; hours given away are the substitute's; an absence takes everything, last.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION staff_working(first_day date, last_day date, branches uuid[], employees uuid[])
RETURNS TABLE (employee_id uuid, branch_id uuid, day date, starts_at timestamptz, ends_at timestamptz,
               room_id uuid, chair_id uuid, source text)
LANGUAGE plpgsql STABLE ROWS 20 AS $$
#variable_conflict use_column
DECLARE org CONSTANT uuid := nullif(current_setting('app.organization_id', true), '')::uuid;
BEGIN
RETURN QUERY
WITH days AS (
    SELECT b.id AS branch_id, b.timezone, d.day, special.opens, special.closes
    FROM public.org_branch b
    CROSS JOIN (SELECT first_day + n AS day FROM generate_series(0, last_day - first_day) AS n) d
    LEFT JOIN LATERAL (
        SELECT x.opens, x.closes, x.opens IS NULL AS closed
        FROM public.org_specialday x
        WHERE x.organization_id = org AND x.date = d.day
          AND (x.branch_id = b.id OR x.branch_id IS NULL)
        ORDER BY x.branch_id NULLS LAST LIMIT 1) special ON true
    WHERE b.organization_id = org AND (branches IS NULL OR b.id = ANY(branches))
      AND special.closed IS NOT TRUE
), own AS (
    SELECT s.employee_id, s.branch_id, d.day, d.timezone, greatest(s.starts, d.opens) AS starts,
           least(s.ends, d.closes) AS ends, s.room_id, s.chair_id, 'template' AS source
    FROM days d
    JOIN public.staff_shift s
      ON s.organization_id = org AND s.branch_id = d.branch_id
     AND s.weekday = extract(isodow FROM d.day)
     AND s.valid_from <= d.day AND (s.valid_to IS NULL OR s.valid_to >= d.day)
     AND (s.cycle_weeks = 1 OR (d.day - date '1900-01-01') / 7 % 2 = s.cycle_week)
    WHERE NOT EXISTS (
        SELECT FROM public.staff_rotaday r
        WHERE r.organization_id = org AND r.branch_id = s.branch_id AND r.date = d.day
          AND r.employee_id = s.employee_id)
    UNION ALL
    SELECT r.employee_id, r.branch_id, r.date, b.timezone, r.starts, r.ends, r.room_id, r.chair_id, 'rota_day'
    FROM public.staff_rotaday r
    JOIN public.org_branch b ON b.organization_id = org AND b.id = r.branch_id
    WHERE r.organization_id = org AND r.date >= first_day AND r.date <= last_day
      AND (branches IS NULL OR r.branch_id = ANY(branches)) AND r.starts IS NOT NULL
)
SELECT worker.id, o.branch_id, o.day, span.starts_at, span.ends_at, o.room_id, o.chair_id,
       CASE WHEN v.id IS NULL THEN o.source ELSE 'substitution' END
FROM own o
LEFT JOIN public.staff_substitution v
  ON v.organization_id = org AND v.branch_id = o.branch_id AND v.absent_id = o.employee_id
 AND v.first_day <= o.day AND v.last_day >= o.day
CROSS JOIN LATERAL (SELECT coalesce(v.substitute_id, o.employee_id) AS id) worker
CROSS JOIN LATERAL (
    SELECT (o.day + o.starts) AT TIME ZONE o.timezone AS starts_at,
           (o.day + o.ends) AT TIME ZONE o.timezone AS ends_at) span
WHERE span.starts_at < span.ends_at
  AND (employees IS NULL OR worker.id = ANY(employees))
  AND NOT EXISTS (
      SELECT FROM public.staff_absence a
      WHERE a.organization_id = org AND a.employee_id = worker.id
        AND a.first_day <= o.day AND a.last_day >= o.day);
END
$$
"""
DROP = "DROP FUNCTION staff_working(date, date, uuid[], uuid[])"


class Migration(migrations.Migration):
    dependencies = [("org", "0002_working_days"), ("staff", "0002_rota")]

    operations = [migrations.RunSQL(CREATE, DROP)]
