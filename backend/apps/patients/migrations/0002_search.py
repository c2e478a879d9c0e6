"""Search among a clinic's patients, quick although row level security guards the table.

``LIKE`` is not leakproof: under a policy it uses no index. So the search is one function of the owner, whose first
condition is the same organisation test as the policy's; it sees what the caller's reach lets him see and answers the
narrow rows of the result list.
"""

import django.contrib.postgres.indexes
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models

# Whom the caller may see: everybody, the patients of his branches, or those he treats. (With ``OFFSET`` each patient's
# links are looked up; without, all links of the branches would be read first.)
REACH = """(
      p_everybody
      OR p.branch_id = ANY (p_branches)
      OR EXISTS (
        SELECT FROM patients_carelink c
        WHERE c.organization_id = p_organization AND c.patient_id = p.id
          AND c.branch_id = ANY (p_branches)
        OFFSET 0)
      OR p.id IN (
        SELECT c.patient_id
        FROM staff_employee e
        JOIN patients_carelink c ON c.organization_id = e.organization_id AND c.employee_id = e.id
        WHERE e.organization_id = p_organization AND e.user_id = p_treating))"""


def words(column):
    return f"""{column} LIKE ANY (p_first)
      AND (p_second IS NULL OR {column} LIKE ANY (p_second))
      AND (p_third IS NULL OR {column} LIKE ANY (p_third))
      AND (p_fourth IS NULL OR {column} LIKE ANY (p_fourth))"""


# Under a policy the planner may not look at the statistics of LIKE, so it takes every fragment for a rare one. Where
# another index serves better, the fragment is compared with an expression that no index holds.
INDEXED, PLAIN = words("p.search"), words("(p.search || '')")

# All matches by their rank: a card number or IIN, the beginning of a surname, a fragment anywhere.
AMONG_MANY = f"""
  exact AS (
    SELECT p.id, 0 AS rank, p.search FROM patients_patient p
    WHERE p.organization_id = p_organization AND p.card_number = p_card
      AND p.is_archived = p_archived AND {REACH}
    UNION ALL
    SELECT p.id, 0, p.search FROM patients_patient p
    WHERE p.organization_id = p_organization AND p.iin_lookup = p_iin
      AND p.is_archived = p_archived AND {REACH}
  ), beginning AS (
    SELECT b.id, 1 AS rank, b.search
    FROM unnest(p_beginnings) AS word (prefix)
    CROSS JOIN LATERAL (
      SELECT p.id, p.search FROM patients_patient p
      WHERE p.organization_id = p_organization
        AND p.search ~>=~ word.prefix AND p.search ~<~ (word.prefix || chr(1114111))
        AND {PLAIN}
        AND p.is_archived = p_archived AND {REACH}
      ORDER BY p.search USING ~<~
      LIMIT p_depth) AS b
  ), fragment AS (
    SELECT p.id, 2 AS rank, p.search FROM patients_patient p
    WHERE p.organization_id = p_organization
      AND {INDEXED}
      AND p.is_archived = p_archived AND {REACH}
      AND (SELECT count(*) FROM beginning) < p_depth
    LIMIT p_depth
  ), found AS (
    SELECT f.id, min(f.rank) AS rank, f.search
    FROM (SELECT * FROM exact UNION ALL SELECT * FROM beginning UNION ALL SELECT * FROM fragment) AS f
    GROUP BY f.id, f.search
  )"""

# Somebody's own patients are few: each of them is looked at.
AMONG_OWN = f"""
  own AS MATERIALIZED (
    SELECT DISTINCT c.patient_id AS id
    FROM staff_employee e
    JOIN patients_carelink c ON c.organization_id = e.organization_id AND c.employee_id = e.id
    WHERE e.organization_id = p_organization AND e.user_id = p_treating
  ), found AS (
    SELECT p.id, p.search,
      CASE WHEN p.card_number = p_card OR p.iin_lookup = p_iin THEN 0
           WHEN EXISTS (SELECT FROM unnest(p_beginnings) AS word (prefix)
                        WHERE starts_with(p.search, word.prefix)) THEN 1
           ELSE 2 END AS rank
    FROM own JOIN patients_patient p ON p.organization_id = p_organization AND p.id = own.id
    WHERE p.is_archived = p_archived
      AND (p.card_number = p_card OR p.iin_lookup = p_iin OR ({PLAIN}))
  )"""


def answer(found):
    return f"""RETURN QUERY WITH {found},
  page AS (
    SELECT f.id, f.rank, f.search, count(*) OVER () AS total FROM found f
    ORDER BY f.rank, f.search COLLATE "C", f.id
    LIMIT p_limit OFFSET p_offset
  )
  SELECT p.id, p.card_number, p.last_name, p.first_name, p.middle_name, p.birth_date, p.sex,
         p.phone, p.branch_id, p.is_archived, coalesce(a.balance, 0.00), page.total
  FROM page
  JOIN patients_patient p ON p.organization_id = p_organization AND p.id = page.id
  LEFT JOIN patients_patientaccount a ON a.organization_id = p_organization AND a.patient_id = p.id
  ORDER BY page.rank, page.search COLLATE "C", p.id;"""


SEARCH = f"""
CREATE OR REPLACE FUNCTION patient_search(
  p_organization uuid,
  p_first text[], p_second text[], p_third text[], p_fourth text[],
  p_beginnings text[], p_card integer, p_iin bytea,
  p_everybody boolean, p_branches uuid[], p_treating uuid,
  p_archived boolean, p_depth integer, p_limit integer, p_offset integer)
RETURNS TABLE (
  id uuid, card_number integer, last_name varchar, first_name varchar, middle_name varchar,
  birth_date date, sex varchar, phone varchar, branch_id uuid, is_archived boolean, balance numeric,
  total bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
SET enable_seqscan = off
SET plan_cache_mode = force_custom_plan
AS $$
#variable_conflict use_column
BEGIN
  IF p_organization IS NULL
     OR p_organization IS DISTINCT FROM nullif(current_setting('app.organization_id', true), '')::uuid
  THEN
    RETURN;
  END IF;
  IF p_everybody OR cardinality(p_branches) > 0 THEN
    {answer(AMONG_MANY)}
  ELSE
    {answer(AMONG_OWN)}
  END IF;
END $$;
"""

ARGUMENTS = (
    "uuid, text[], text[], text[], text[], text[], integer, bytea, boolean, uuid[], uuid, boolean,"
    " integer, integer, integer"
)
DROP = f"DROP FUNCTION IF EXISTS patient_search({ARGUMENTS})"


def grant(apps, schema_editor):
    role = schema_editor.quote_name(settings.APPLICATION_ROLE)
    schema_editor.execute(f"REVOKE ALL ON FUNCTION patient_search({ARGUMENTS}) FROM PUBLIC")
    schema_editor.execute(f"GRANT EXECUTE ON FUNCTION patient_search({ARGUMENTS}) TO {role}")


class Migration(migrations.Migration):

    dependencies = [
        ('org', '0001_organization'),
        ('staff', '0001_staff'),
        ('patients', '0001_patients'),
    ]

    operations = [
        migrations.RunSQL("CREATE EXTENSION IF NOT EXISTS btree_gin", migrations.RunSQL.noop),
        migrations.RemoveIndex(model_name='patient', name='patient_search'),
        migrations.RemoveIndex(model_name='patient', name='patient_name'),
        migrations.AddIndex(
            model_name='patient',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass('organization', name='uuid_ops'), django.contrib.postgres.indexes.OpClass('search', name='gin_trgm_ops'), fastupdate=False, name='patient_search'),
        ),
        migrations.AddIndex(
            model_name='patient',
            index=models.Index(django.contrib.postgres.indexes.OpClass('organization', name='uuid_ops'), django.contrib.postgres.indexes.OpClass('search', name='text_pattern_ops'), name='patient_search_prefix'),
        ),
        migrations.AddIndex(
            model_name='patient',
            index=models.Index(models.F('organization'), django.db.models.functions.comparison.Collate(models.Func(models.F('last_name'), function='kz_sort'), 'C'), django.db.models.functions.comparison.Collate(models.Func(models.F('first_name'), function='kz_sort'), 'C'), models.F('id'), name='patient_name'),
        ),
        migrations.AddIndex(
            model_name='patient',
            index=models.Index(fields=['organization', 'birth_date'], name='patient_birth_date'),
        ),
        migrations.RunSQL(SEARCH, DROP),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
