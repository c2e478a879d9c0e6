"""One hand-written SQL statement per hot read: what a database expert would send for the same data."""

TEXTS = {
    "day": """
SELECT json_agg(item)::text FROM (
  SELECT a.id, a.version, a.employee_id, a.chair_id, a.patient_id, a.starts_at, a.ends_at, a.status, a.source,
         a.services_text, a.price_estimate::text, a.note, a.is_new_patient, a.is_urgent, a.canceled_by, a.cancel_reason,
         concat_ws(' ', p.last_name, left(p.first_name, 1)) AS patient_name,
         concat_ws(' ', p.last_name, p.first_name, p.middle_name) AS patient_full_name,
         p.card_number, p.phone, p.allergies <> '' AS has_allergy, e.color, coalesce(m.balance, 0)::text AS balance
  FROM calendar_appointment a
  JOIN patients_patient p ON p.organization_id = a.organization_id AND p.id = a.patient_id
  JOIN staff_employee e ON e.organization_id = a.organization_id AND e.id = a.employee_id
  LEFT JOIN patients_patientaccount m ON m.organization_id = a.organization_id AND m.patient_id = a.patient_id
  WHERE a.organization_id = %(organization)s AND a.branch_id = %(branch)s
    AND a.starts_at >= %(begins)s AND a.starts_at < %(ends)s
  ORDER BY a.starts_at, a.id) item""",
    "search": """
SELECT coalesce(json_agg(found), '[]')::text FROM (
  SELECT id, card_number, last_name, first_name, middle_name, birth_date, phone
  FROM patients_patient WHERE organization_id = %(organization)s AND search LIKE '%%' || %(q)s || '%%'
  ORDER BY last_name, first_name, id LIMIT 20) found""",
    "card": """
SELECT row_to_json(found)::text FROM (
  SELECT p.*, m.balance FROM patients_patient p
  LEFT JOIN patients_patientaccount m ON m.organization_id = p.organization_id AND m.patient_id = p.id
  WHERE p.organization_id = %(organization)s AND p.id = %(patient)s) found""",
    "revenue": """
SELECT json_agg(found)::text FROM (
  SELECT day, sum(received_cash), sum(received_card), sum(refunded), sum(billed), sum(payments)
  FROM reports_dailyfigures WHERE organization_id = %(organization)s AND day BETWEEN %(from)s AND %(to)s
  GROUP BY day ORDER BY day) found""",
}


def literal(name: str, values: dict[str, str]) -> str:
    """The statement with its values written in, for pgbench."""
    text = TEXTS[name]
    for key, value in values.items():
        text = text.replace(f"%({key})s", "'" + value.replace("'", "''") + "'")
    return " ".join(text.replace("%%", "%").split()) + ";\n"
