"""`calendar_slots`: where there is room. What is worked, less what is taken, as ranges of possible beginnings.

A visit may begin anywhere from the beginning of a shift until its own length before the end; each thing in its way takes
out the beginnings that would meet it. What is left is laid out one visit after another, on five minutes. It looks at one
day, then two, then four …, and stops when it has enough: the first twenty are mostly today's.

It belongs to the owner, because `&&` uses no index under the policies (see 0002): each table is asked for the caller's
organisation alone, and the answer names nobody who is booked. `staff_working` says who works; this alone says what is free,
and `calendar_busy` goes with the walk that it served.
"""

from importlib import import_module

from django.conf import settings
from django.db import migrations

ARGUMENTS = """first_day date, last_day date, branches uuid[], employees uuid[], specialities uuid[], services uuid[],
    visit interval, before interval, after interval, wanted_chair uuid, visitor uuid, also uuid[], weekdays int[],
    window_starts time[], window_ends time[], not_before timestamptz, kept_for text[], mine uuid, most int,
    after_day date, after_at timestamptz, after_employee uuid, after_branch uuid"""
_ORGANIZATION = "nullif(current_setting('app.organization_id', true), '')::uuid"


def _taken(exclusive: str) -> str:
    """Each half has an index of its own."""
    return f"""
        SELECT o.during, o.hold_id FROM public.calendar_occupancy o
        WHERE o.organization_id = org AND o.resource_id = need.id AND {exclusive}
          AND o.during && tstzrange(edge.begins, edge.ends)"""


CREATE = f"""
CREATE FUNCTION calendar_slots({ARGUMENTS})
RETURNS TABLE (day date, starts_at timestamptz, ends_at timestamptz, employee_id uuid, branch_id uuid, chair_id uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 20 SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    org CONSTANT uuid := {_ORGANIZATION};
    grid CONSTANT interval := '5 minutes';
    dawn CONSTANT timestamptz := '2000-01-01Z';
    step CONSTANT interval := ceil(extract(epoch FROM visit + before + after) / 300) * grid;
    people uuid[];
    at_day date := greatest(first_day, after_day);
    to_day date;
    days int := 1;
    got int;
    found int := 0;
BEGIN
people := ARRAY(
    SELECT e.id FROM public.staff_employee e
    JOIN public.staff_position p ON p.organization_id = org AND p.id = e.position_id
    WHERE e.organization_id = org AND e.is_active
      AND CASE WHEN employees IS NULL THEN p.treats ELSE e.id = ANY(employees) END
      AND (specialities IS NULL OR EXISTS (
          SELECT FROM public.staff_employeespeciality x
          WHERE x.organization_id = org AND x.employee_id = e.id AND x.speciality_id = ANY(specialities)))
      AND NOT EXISTS (  -- a service that he is not listed for, and somebody else is
          SELECT FROM public.staff_employeeservice x
          JOIN public.staff_employee other ON other.organization_id = org AND other.id = x.employee_id
          WHERE x.organization_id = org AND x.service_id = ANY(services) AND other.is_active
            AND NOT EXISTS (
                SELECT FROM public.staff_employeeservice own
                WHERE own.organization_id = org AND own.employee_id = e.id AND own.service_id = x.service_id)));
WHILE at_day <= last_day AND found < most LOOP
    to_day := least(at_day + days - 1, last_day);
    RETURN QUERY
    WITH shift AS MATERIALIZED (
        SELECT w.employee_id, w.branch_id, w.day, b.timezone, c.id AS chair_id, c.room_id,
               range_agg(tstzrange(w.starts_at, w.ends_at)) AS works
        FROM public.staff_working(at_day, to_day, branches, people) w
        JOIN public.org_branch b ON b.organization_id = org AND b.id = w.branch_id AND b.is_active
        JOIN public.staff_employeebranch l
          ON l.organization_id = org AND l.employee_id = w.employee_id AND l.branch_id = w.branch_id
        LEFT JOIN (
            SELECT c.id, r.branch_id, CASE WHEN r.is_exclusive THEN r.id END AS room_id
            FROM public.org_chair c
            JOIN public.org_room r ON r.organization_id = org AND r.id = c.room_id AND r.is_active
            WHERE c.organization_id = org AND c.is_active) c
          ON c.id = coalesce(wanted_chair, w.chair_id) AND c.branch_id = w.branch_id
        WHERE (weekdays IS NULL OR extract(isodow FROM w.day)::int = ANY(weekdays))
          AND (wanted_chair IS NULL OR c.id IS NOT NULL)
        GROUP BY 1, 2, 3, 4, 5, 6),
    edge AS (SELECT min(lower(works)) - before AS begins, max(upper(works)) + after AS ends FROM shift),
    need AS (
        SELECT employee_id AS id FROM shift UNION SELECT chair_id FROM shift UNION SELECT room_id FROM shift
        UNION SELECT visitor UNION SELECT unnest(also)),
    shut AS MATERIALIZED (
        SELECT need.id, range_agg(CASE
            WHEN need.id = visitor THEN tstzrange(lower(o.during) - visit, upper(o.during), '()')
            ELSE tstzrange(lower(o.during) - visit - after, upper(o.during) + before, '()') END) AS starts
        FROM need CROSS JOIN edge
        CROSS JOIN LATERAL ({_taken("o.exclusive")} UNION ALL {_taken("NOT o.exclusive")}) o
        WHERE o.hold_id IS NULL OR o.hold_id IS DISTINCT FROM mine AND EXISTS (
            SELECT FROM public.calendar_hold h
            WHERE h.organization_id = org AND h.id = o.hold_id AND h.expires_at > now())
        GROUP BY need.id),
    shared AS (
        SELECT coalesce(range_agg(starts), '{{}}') AS starts FROM shut WHERE id = visitor OR id = ANY(also)),
    room AS (
        SELECT s.day, s.employee_id, s.branch_id, s.chair_id,
            (SELECT range_agg(tstzrange(lower(span), upper(span) - visit, '[]'))
             FROM unnest(s.works) span WHERE upper(span) - lower(span) >= visit)
            * tstzmultirange(tstzrange(not_before, NULL))
            * CASE WHEN window_starts IS NULL THEN '{{(,)}}'::tstzmultirange ELSE (
                SELECT range_agg(tstzrange(span.begins, span.ends - visit, '[]'))
                FROM unnest(window_starts, window_ends) AS clock(starts, ends)
                CROSS JOIN LATERAL (
                    SELECT (s.day + clock.starts) AT TIME ZONE s.timezone AS begins,
                           (s.day + clock.ends) AT TIME ZONE s.timezone AS ends) span
                WHERE span.ends - span.begins >= visit) END
            - coalesce(person.starts, '{{}}') - coalesce(chair.starts, '{{}}') - coalesce(cabinet.starts, '{{}}')
            - shared.starts
            - coalesce((
                SELECT range_agg(tstzrange((s.day + k.starts) AT TIME ZONE s.timezone - visit,
                                           (s.day + k.ends) AT TIME ZONE s.timezone, '()'))
                FROM public.calendar_reserve k
                WHERE k.organization_id = org AND k.branch_id = s.branch_id
                  AND (k.employee_id IS NULL OR k.employee_id = s.employee_id)
                  AND k.kind <> ALL(kept_for)
                  AND k.valid_from <= s.day AND (k.valid_to IS NULL OR k.valid_to >= s.day)
                  AND extract(isodow FROM s.day) = ANY(k.weekdays)
                  AND (s.day + k.starts) AT TIME ZONE s.timezone - visit
                      < (s.day + k.ends) AT TIME ZONE s.timezone), '{{}}') AS starts
        FROM shift s CROSS JOIN shared
        LEFT JOIN shut person ON person.id = s.employee_id
        LEFT JOIN shut chair ON chair.id = s.chair_id
        LEFT JOIN shut cabinet ON cabinet.id = s.room_id)
    SELECT DISTINCT ON (room.day, begins, room.employee_id, room.branch_id)
        room.day, begins, begins + visit, room.employee_id, room.branch_id, room.chair_id
    FROM room
    CROSS JOIN LATERAL unnest(room.starts) span
    CROSS JOIN LATERAL generate_series(
        date_bin(grid, lower(span) - interval '1 microsecond', dawn) + grid, upper(span), step) begins
    WHERE after_day IS NULL
       OR (room.day, begins, room.employee_id, room.branch_id) > (after_day, after_at, after_employee, after_branch)
    ORDER BY room.day, begins, room.employee_id, room.branch_id, room.chair_id
    LIMIT most - found;
    GET DIAGNOSTICS got = ROW_COUNT;
    found := found + got;
    at_day := to_day + 1;
    days := days * 2;
END LOOP;
END
$$;
"""
_TYPES = (
    "date, date, uuid[], uuid[], uuid[], uuid[], interval, interval, interval, uuid, uuid, uuid[], int[], time[], time[],"
    " timestamptz, text[], uuid, int, date, timestamptz, uuid, uuid"
)
RIGHTS = f"""
REVOKE ALL ON FUNCTION calendar_slots({_TYPES}) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION calendar_slots({_TYPES}) TO {settings.APPLICATION_ROLE};
"""
DROP = f"DROP FUNCTION calendar_slots({_TYPES})"

_busy = import_module("apps.calendar.migrations.0002_busy")
_overbooking = import_module("apps.calendar.migrations.0004_overbooking")


class Migration(migrations.Migration):
    dependencies = [("calendar", "0009_holds")]

    operations = [
        migrations.RunSQL(CREATE + RIGHTS, DROP),
        migrations.RunSQL(_busy.DROP, [_busy.CREATE, _overbooking.BUSY]),
    ]
