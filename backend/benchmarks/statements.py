"""One hand-written SQL statement per hot path: what a database expert would send for the same data or the same change.

`{name}` stands for a value. The application's role runs them, under row level security like the product.
"""

import re
from collections.abc import Mapping

# LIKE uses no index under a policy, so the expert needs a function of the owner, too (see `patients/0002_search`).
FUNCTIONS = """
CREATE OR REPLACE FUNCTION bench_search(organization uuid, pattern text, iin bytea) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT coalesce(json_agg(found), '[]')::text FROM (
    SELECT * FROM (
      SELECT p.id, card_number, last_name, first_name, middle_name, birth_date, sex, phone, branch_id, is_archived,
             coalesce(a.balance, 0) AS balance
      FROM patients_patient p
      LEFT JOIN patients_patientaccount a ON a.organization_id = p.organization_id AND a.patient_id = p.id
      WHERE p.organization_id = $1 AND (p.search LIKE $2 OR p.iin_lookup = $3) LIMIT 200) AS matching
    ORDER BY last_name, first_name, id LIMIT 20) AS found $$;
GRANT EXECUTE ON FUNCTION bench_search TO clinic_app;
"""

TEXTS = {
    "appointments": """
SELECT coalesce(json_agg(item), '[]')::text FROM (
  SELECT a.id, a.version, a.branch_id, a.employee_id, a.chair_id, a.patient_id, a.starts_at, a.ends_at, a.status,
         a.source, a.services_text, a.price_estimate::text, a.note, a.is_new_patient, a.is_urgent,
         a.status = 'booked' AS unconfirmed, a.canceled_by, a.cancel_reason,
         concat_ws(' ', p.last_name, left(p.first_name, 1)) AS patient_name,
         concat_ws(' ', p.last_name, p.first_name, p.middle_name) AS patient_full_name,
         p.card_number, p.phone, p.allergies <> '' AS has_allergy, e.color, coalesce(m.balance, 0)::text AS balance
  FROM calendar_appointment a
  JOIN patients_patient p ON p.organization_id = a.organization_id AND p.id = a.patient_id
  JOIN staff_employee e ON e.organization_id = a.organization_id AND e.id = a.employee_id
  LEFT JOIN patients_patientaccount m ON m.organization_id = a.organization_id AND m.patient_id = a.patient_id
  WHERE a.organization_id = {organization} AND a.branch_id = {branch}
    AND a.starts_at >= {begins} AND a.starts_at < {ends}
  ORDER BY a.starts_at, a.id) item""",
    "load": """
SELECT coalesce(json_agg(cell), '[]')::text FROM (
  SELECT employee_id, day, worked, booked, appointments
  FROM (SELECT employee_id, (starts_at AT TIME ZONE 'Asia/Almaty')::date AS day, count(*) AS appointments,
          sum(extract(epoch FROM ends_at - starts_at))::int / 60 AS booked
        FROM calendar_appointment
        WHERE organization_id = {organization} AND branch_id = {branch} AND starts_at >= {begins} AND starts_at < {ends}
          AND status NOT IN ('draft', 'canceled', 'no_show')
        GROUP BY 1, 2) b
  FULL JOIN (SELECT employee_id, day::date AS day, sum(extract(epoch FROM s.ends - s.starts))::int / 60 AS worked
        FROM generate_series({begins}::timestamptz, {ends}::timestamptz - interval '1 day', '1 day') day
        JOIN staff_shift s ON s.weekday = extract(isodow FROM day) AND s.valid_from <= day
          AND (s.valid_to IS NULL OR s.valid_to >= day)
        WHERE s.organization_id = {organization} AND s.branch_id = {branch}
        GROUP BY 1, 2) w USING (employee_id, day)) cell""",
    "slots": """
SELECT coalesce(json_agg(slot), '[]')::text FROM calendar_slots(
  {first}, {last}, NULL, NULL, NULL, '{}', {visit}, '0', '0', NULL, NULL, '{}', NULL, NULL, NULL, {not_before}, '{}', NULL,
  20, NULL, NULL, NULL, NULL) slot""",
    "confirmations": """
SELECT coalesce(json_agg(item), '[]')::text FROM (
  SELECT a.id, a.version, a.branch_id, a.employee_id, a.chair_id, a.patient_id, a.starts_at, a.ends_at, a.status,
         a.source, a.services_text, a.price_estimate::text, a.note, a.is_new_patient, a.is_urgent,
         concat_ws(' ', p.last_name, left(p.first_name, 1)) AS patient_name,
         concat_ws(' ', p.last_name, p.first_name, p.middle_name) AS patient_full_name,
         p.card_number, p.phone, p.allergies <> '' AS has_allergy, e.color, coalesce(m.balance, 0)::text AS balance,
         concat_ws(' ', e.last_name, left(e.first_name, 1)) AS employee_name,
         first_value(a.id) OVER (PARTITION BY p.phone ORDER BY a.starts_at, a.id) AS family,
         coalesce(t.attempts, 0) AS attempts, t.last
  FROM calendar_appointment a
  JOIN patients_patient p ON p.organization_id = a.organization_id AND p.id = a.patient_id
  JOIN staff_employee e ON e.organization_id = a.organization_id AND e.id = a.employee_id
  LEFT JOIN patients_patientaccount m ON m.organization_id = a.organization_id AND m.patient_id = a.patient_id
  LEFT JOIN LATERAL (
    SELECT count(*) AS attempts, (array_agg(row_to_json(k) ORDER BY k.at DESC))[1] AS last
    FROM calendar_contactattempt k
    WHERE k.organization_id = a.organization_id AND k.appointment_id = a.id) t ON true
  WHERE a.organization_id = {organization} AND a.branch_id = {branch}
    AND a.starts_at >= {begins} AND a.starts_at < {ends}
  ORDER BY a.starts_at, a.id) item""",
    "search": "SELECT bench_search({organization}, {pattern}, decode({iin}, 'hex'))",
    "card": """
SELECT row_to_json(found)::text FROM (
  SELECT p.*, m.balance FROM patients_patient p
  LEFT JOIN patients_patientaccount m ON m.organization_id = p.organization_id AND m.patient_id = p.id
  WHERE p.organization_id = {organization} AND p.id = {patient}) found""",
    "revenue": """
SELECT json_agg(found)::text FROM (
  SELECT day, sum(received_cash), sum(received_card), sum(refunded), sum(billed), sum(payments)
  FROM reports_dailyfigures WHERE organization_id = {organization} AND day BETWEEN {from} AND {to}
  GROUP BY day ORDER BY day) found""",
}


# Changes: all that the verb writes, in one statement. `:n` is a number that pgbench draws.
WRITES = {
    "booking": """\\set n random(1, 50000000)
WITH place AS (SELECT '2030-01-01 09:00+05'::timestamptz + :n * interval '15 minutes' AS at),
appointment AS (
  INSERT INTO calendar_appointment (id, organization_id, branch_id, employee_id, chair_id, patient_id, starts_at, ends_at,
    status, source, is_new_patient, is_urgent, note, price_estimate, services_text, version, created_at, updated_at)
  SELECT uuidv7(), {organization}, {branch}, {employee}, {chair}, {patient}, at, at + interval '15 minutes',
    'booked', 'phone', false, false, '', 20000, 'Лечение кариеса', 1, now(), now() FROM place
  RETURNING id, starts_at, ends_at),
service AS (
  INSERT INTO calendar_appointmentservice (id, organization_id, appointment_id, service_id, quantity, price, position)
  SELECT uuidv7(), {organization}, id, {service}, 1, 20000, 0 FROM appointment),
step AS (
  INSERT INTO calendar_appointmentstep (id, organization_id, appointment_id, status, at, by_id)
  SELECT uuidv7(), {organization}, id, 'booked', now(), NULL FROM appointment),
occupancy AS (
  INSERT INTO calendar_occupancy (id, organization_id, employee_id, chair_id, patient_id, during, exclusive, appointment_id)
  SELECT uuidv7(), {organization}, who.employee::uuid, who.chair::uuid, who.patient::uuid,
    tstzrange(starts_at, ends_at, '[)'), true, id
  FROM appointment, (VALUES ({employee}, NULL, NULL), (NULL, {chair}, NULL), (NULL, NULL, {patient})) who(employee, chair, patient)
  ON CONFLICT DO NOTHING),
link AS (
  INSERT INTO patients_carelink (id, organization_id, patient_id, branch_id, employee_id)
  VALUES (uuidv7(), {organization}, {patient}, {branch}, {employee}) ON CONFLICT DO NOTHING),
journal AS (
  INSERT INTO core_journalentry (id, organization_id, at, outcome, event, resource, object_id, branch_id, patient_id, data)
  SELECT uuidv7(), {organization}, now(), 'done', 'appointment_booked', 'appointments', id, {branch}, {patient}, '{{}}'
  FROM appointment)
INSERT INTO core_branchcounter (id, organization_id, branch_id, value) VALUES (uuidv7(), {organization}, {branch}, 1)
ON CONFLICT (organization_id, branch_id) DO UPDATE SET value = core_branchcounter.value + 1""",
    "payment": """
WITH paid AS (
  UPDATE billing_invoice SET paid = paid + 1, version = version + 1, state = 'partial', updated_at = now()
  WHERE organization_id = {organization} AND id = {invoice} RETURNING id, branch_id, patient_id),
payment AS (
  INSERT INTO billing_payment (id, organization_id, invoice_id, shift_id, branch_id, patient_id, kind, method, amount,
    reason, at, by_id)
  SELECT uuidv7(), {organization}, id, {shift}, branch_id, patient_id, 'payment', 'cash', 1, '', now(), {by} FROM paid
  RETURNING id, invoice_id, branch_id, patient_id),
transfer AS (
  INSERT INTO billing_transfer (id, organization_id, operation_id, at, source_id, target_id, amount, invoice_id, shift_id)
  SELECT uuidv7(), {organization}, p.id, now(), s.id, t.id, 1, p.invoice_id, {shift} FROM payment p
  JOIN billing_account s ON s.organization_id = {organization} AND s.kind = 'receivable' AND s.subject_id = p.patient_id
  JOIN billing_account t ON t.organization_id = {organization} AND t.kind = 'cash' AND t.subject_id = {register}),
balance AS (
  UPDATE patients_patientaccount a SET balance = balance + 1 FROM paid
  WHERE a.organization_id = {organization} AND a.patient_id = paid.patient_id),
debt AS (
  UPDATE reports_debt SET amount = amount - 1
  WHERE organization_id = {organization} AND branch_id = {branch} AND employee_id IS NULL),
figures AS (
  INSERT INTO reports_dailyfigures AS f (id, organization_id, branch_id, day, received_cash, received_card, refunded,
    billed, payments, invoices) VALUES (uuidv7(), {organization}, {branch}, current_date, 1, 0, 0, 0, 1, 0)
  ON CONFLICT (organization_id, day, branch_id, employee_id) DO UPDATE SET
    received_cash = f.received_cash + 1, payments = f.payments + 1),
journal AS (
  INSERT INTO core_journalentry (id, organization_id, at, outcome, event, resource, object_id, branch_id, patient_id, data)
  SELECT uuidv7(), {organization}, now(), 'done', 'payment_taken', 'payments', id, branch_id, patient_id, '{{}}' FROM payment),
answer AS (
  INSERT INTO core_idempotencykey (id, organization_id, key, actor_id, operation, body_digest, status, answer, created_at)
  SELECT uuidv7(), {organization}, id::text, {by}, 'POST /', '', 201, '', now() FROM payment)
INSERT INTO core_branchcounter (id, organization_id, branch_id, value) VALUES (uuidv7(), {organization}, {branch}, 1)
ON CONFLICT (organization_id, branch_id) DO UPDATE SET value = core_branchcounter.value + 1""",
}


def literal(name: str, values: Mapping[str, str]) -> str:
    """The statement with its values written in, for pgbench; what stands before WITH keeps its line."""

    def written(match: re.Match[str]) -> str:
        return "'" + values[match[1]].replace("'", "''") + "'"

    text = (TEXTS | WRITES)[name].strip()
    draw, text = text.split("\n", 1) if text.startswith("\\") else ("", text)
    text = re.sub(r"(?<!\{)\{(\w+)\}", written, text).replace("{{}}", "{}")
    return f"{draw}\n{' '.join(text.split())};\n"


def placed(name: str) -> str:
    """The statement for a driver that gets its values apart."""
    return re.sub(r"\{(\w+)\}", r"%(\1)s", TEXTS[name].replace("%", "%%"))
