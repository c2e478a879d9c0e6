"""The large database of the benchmarks: one organisation of 5 branches and 60 doctors, 100 000 patients, a million
appointments over three years, 450 000 invoices and payments, beside 20 small organisations.

Written by the database itself (the superuser loads, the product later reads as its own role), kept and reused.
"""

import os
import sys
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import django
import psycopg

from apps.core.kz import names
from benchmarks.size import BRANCHES, DOCTORS, FIRST_HOUR, SIZES, SLOTS, Size, number


def load(connection: psycopg.Connection[Any], size: Size, today: date) -> None:
    """Fills an empty, migrated database."""
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute(
            "SET LOCAL session_replication_role = replica"
        )  # foreign keys hold by construction
        cursor.execute("SET LOCAL synchronous_commit = off")
        cursor.execute("ALTER TABLE calendar_occupancy DROP CONSTRAINT occupancy_no_overlap")
        for index in range(size.small + 1):
            _organization(cursor, index, size if index == 0 else Size(200, 20, 0), today)
        cursor.execute(
            """
            ALTER TABLE calendar_occupancy ADD CONSTRAINT occupancy_no_overlap
            EXCLUDE USING gist (organization_id WITH =, resource_id WITH =, during WITH &&) WHERE (exclusive)
            """
        )
    connection.autocommit = True
    connection.execute("VACUUM ANALYZE")


def _organization(cursor: Any, index: int, size: Size, today: date) -> None:
    organization = number("organization", index)
    branches, doctors = (BRANCHES, DOCTORS) if index == 0 else (1, 2)
    cursor.execute(
        """INSERT INTO org_organization (id, name, legal_name, bin, iik, bik, kbe, bank, director, chief_accountant,
               licence, legal_address, phone, is_active, version, created_at, updated_at)
           VALUES (%s, %s, '', '', '', '', '', '', '', '', '', '', '', true, 1, now(), now())""",
        [organization, f"Сеть {index}"],
    )
    _staff(cursor, index, organization, branches, doctors, today)
    _patients(cursor, index, organization, size.patients, branches)
    _appointments(cursor, index, organization, branches, doctors, size, today)
    _money(cursor, index, organization)


_COMMON = "version, created_at, updated_at, organization_id"


def _staff(
    cursor: Any, index: int, organization: UUID, branches: int, doctors: int, today: date
) -> None:
    position, category = number("position", index), number("category", index)
    cursor.execute(
        f"INSERT INTO staff_position (id, name, treats, {_COMMON}) VALUES (%s, 'Врач', true, 1, now(), now(), %s)",
        [position, organization],
    )
    cursor.execute(
        f"INSERT INTO services_category (id, name, position, {_COMMON}) VALUES (%s, 'Терапия', 0, 1, now(), now(), %s)",
        [category, organization],
    )
    cursor.execute(
        f"""INSERT INTO services_service (id, code, name, unit, duration_minutes, color, is_tooth_bound, is_active,
               category_id, {_COMMON})
            VALUES (%s, 'T01', 'Лечение кариеса', 'услуга', 30, '#0f766e', true, true, %s, 1, now(), now(), %s)""",
        [number("service", index), category, organization],
    )
    cursor.execute(
        f"INSERT INTO services_pricelist (id, name, is_base, {_COMMON}) VALUES (%s, 'Основной', true, 1, now(), now(), %s)",
        [number("pricelist", index), organization],
    )
    cursor.execute(
        f"""INSERT INTO services_price (id, amount, price_list_id, service_id, {_COMMON})
            VALUES (%s, 20000, %s, %s, 1, now(), now(), %s)""",
        [
            number("price", index),
            number("pricelist", index),
            number("service", index),
            organization,
        ],
    )
    people = names.people(branches * doctors, seed=900 + index, born=names.ADULTS)
    for b in range(branches):
        branch = number("branch", index, b)
        cursor.execute(
            f"""INSERT INTO org_branch (id, name, address, phone, timezone, hours, color, position, is_active, {_COMMON})
                VALUES (%s, %s, '', '', 'Asia/Almaty', '{{"1":["09:00","20:00"]}}', '#0f766e', %s, true, 1, now(), now(), %s)""",
            [branch, f"Филиал {b + 1}", b, organization],
        )
        room = number("room", index, b)
        cursor.execute(
            f"""INSERT INTO org_room (id, branch_id, name, color, position, is_exclusive, is_active, {_COMMON})
                VALUES (%s, %s, 'Зал', '#64748b', 0, false, true, 1, now(), now(), %s)""",
            [room, branch, organization],
        )
        cursor.execute(
            f"INSERT INTO billing_register (id, branch_id, name, is_active, {_COMMON}) VALUES (%s, %s, 'Касса 1', true, 1, now(), now(), %s)",
            [number("register", index, b), branch, organization],
        )
        for d in range(doctors):
            who = next(people)
            employee = number("employee", index, b, d)
            cursor.execute(
                f"""INSERT INTO org_chair (id, room_id, name, position, is_active, {_COMMON})
                    VALUES (%s, %s, %s, %s, true, 1, now(), now(), %s)""",
                [number("chair", index, b, d), room, f"Кресло {d + 1}", d, organization],
            )
            cursor.execute(
                f"""INSERT INTO staff_employee (id, position_id, last_name, first_name, middle_name, phone, email,
                        color, is_active, {_COMMON})
                    VALUES (%s, %s, %s, %s, %s, '', '', '#0f766e', true, 1, now(), now(), %s)""",
                [
                    employee,
                    position,
                    who["last_name"],
                    who["first_name"],
                    who["middle_name"],
                    organization,
                ],
            )
            cursor.execute(
                "INSERT INTO staff_employeebranch (id, employee_id, branch_id, organization_id) VALUES (gen_random_uuid(), %s, %s, %s)",
                [employee, branch, organization],
            )
            cursor.execute(
                f"""INSERT INTO staff_shift (id, employee_id, branch_id, room_id, chair_id, weekday, starts, ends,
                        valid_from, {_COMMON})
                    SELECT gen_random_uuid(), %s, %s, %s, %s, weekday, '09:00', '18:00', %s, 1, now(), now(), %s
                    FROM generate_series(1, 7) AS weekday""",
                [
                    employee,
                    branch,
                    room,
                    number("chair", index, b, d),
                    today - timedelta(days=1200),
                    organization,
                ],
            )


def _patients(cursor: Any, index: int, organization: UUID, count: int, branches: int) -> None:
    from apps.core import crypto
    from apps.patients import search

    sexes = {"M": "male", "F": "female"}
    columns = (
        "id, organization_id, version, created_at, updated_at, card_number, last_name, first_name, middle_name, "
        "birth_date, sex, phone, email, without_iin, branch_id, allergies, note, is_marketing_opt_in, is_archived, search, "
        "iin_sealed, iin_lookup"
    )
    with cursor.copy(f"COPY patients_patient ({columns}) FROM STDIN") as copy:
        for card, who in enumerate(names.people(count, seed=index + 1), start=1):
            patient = number("patient", index, card)
            place = crypto.place(
                organization_id=organization,
                table="patients_patient",
                column="iin_sealed",
                pk=patient,
            )
            copy.write_row(
                (patient, organization, 1, "now", "now", card, who["last_name"],
                 who["first_name"], who["middle_name"], who["birth_date"], sexes[who["sex"]], who["phone"], "", "",
                 number("branch", index, card % branches), "", "", False, False,
                 search.kept(who["last_name"], who["first_name"], who["middle_name"], who["phone"], card),
                 crypto.encrypt(who["iin"], aad=place),
                 crypto.lookup_hash(who["iin"], organization_id=organization, purpose=search.IIN))
            )  # fmt: skip
    cursor.execute(
        "INSERT INTO core_numbersequence (id, organization_id, name, year, value) VALUES (gen_random_uuid(), %s, 'card', 0, %s)",
        [organization, count],
    )
    cursor.execute(
        """INSERT INTO patients_carelink (id, organization_id, patient_id, branch_id)
           SELECT gen_random_uuid(), organization_id, id, branch_id FROM patients_patient WHERE organization_id = %s""",
        [organization],
    )


def _appointments(
    cursor: Any,
    index: int,
    organization: UUID,
    branches: int,
    doctors: int,
    size: Size,
    today: date,
) -> None:
    cursor.execute("DROP TABLE IF EXISTS column_of_day")
    cursor.execute(
        "CREATE TEMP TABLE column_of_day (n int, branch_id uuid, employee_id uuid, chair_id uuid)"
    )
    with cursor.copy("COPY column_of_day FROM STDIN") as copy:
        for n in range(branches * doctors):
            b, d = divmod(n, doctors)
            copy.write_row(
                (
                    n,
                    number("branch", index, b),
                    number("employee", index, b, d),
                    number("chair", index, b, d),
                )
            )
    cursor.execute("ANALYZE patients_patient")
    cursor.execute("DROP TABLE IF EXISTS booked")
    cursor.execute(
        """
        CREATE TEMP TABLE booked AS
        SELECT uuidv7() AS id, c.branch_id, c.employee_id, c.chair_id, p.id AS patient_id,
               (%(first)s::date + day + make_interval(hours => %(hour)s, mins => slot * 30))
                   AT TIME ZONE 'Asia/Almaty' AS starts_at,
               (day * 31 + slot * 7 + c.n) AS chance
        FROM generate_series(0, %(days)s - 1) AS day
        CROSS JOIN generate_series(0, %(slots)s - 1) AS slot
        CROSS JOIN column_of_day c
        JOIN patients_patient p ON p.organization_id = %(organization)s
         AND p.card_number = 1 + ((day * 900 + slot * 60 + c.n)::bigint * 7919) %% %(patients)s
        """,
        {
            "first": today - timedelta(days=size.days - 31),
            "hour": FIRST_HOUR,
            "days": size.days,
            "slots": SLOTS,
            "organization": organization,
            "patients": size.patients,
        },
    )
    cursor.execute(
        f"""
        INSERT INTO calendar_appointment (id, branch_id, employee_id, chair_id, patient_id, starts_at, ends_at, status,
            source, is_new_patient, is_urgent, note, price_estimate, services_text, {_COMMON})
        SELECT id, branch_id, employee_id, chair_id, patient_id, starts_at, starts_at + interval '30 minutes',
               CASE WHEN starts_at > now() THEN 'booked' ELSE 'done' END, 'phone', chance %% 17 = 0, false, '', 20000,
               'Лечение кариеса', 1, now(), now(), %s
        FROM booked
        """,
        [organization],
    )
    cursor.execute(
        """
        INSERT INTO calendar_appointmentservice (id, organization_id, appointment_id, service_id, quantity, price, position)
        SELECT gen_random_uuid(), %s, id, %s, 1, 20000, 0 FROM booked
        """,
        [organization, number("service", index)],
    )
    for column in ("employee_id", "chair_id", "patient_id"):
        cursor.execute(
            f"""
            INSERT INTO calendar_occupancy (id, organization_id, {column}, during, exclusive, appointment_id)
            SELECT gen_random_uuid(), %s, {column},
                   tstzrange(starts_at, starts_at + interval '30 minutes', '[)'), true, id
            FROM booked
            """,
            [organization],
        )
    cursor.execute(
        """
        INSERT INTO patients_carelink (id, organization_id, patient_id, branch_id, employee_id)
        SELECT DISTINCT ON (patient_id, branch_id, employee_id) gen_random_uuid(), %s, patient_id, branch_id, employee_id
        FROM booked
        """,
        [organization],
    )


def _money(cursor: Any, index: int, organization: UUID) -> None:
    """Nine of twenty past appointments became an invoice that was paid by card in that day's shift."""
    cursor.execute("SELECT id FROM core_user WHERE login = 'bench'")
    found = cursor.fetchone()
    user = found[0] if found else number("user", 0)
    if found is None:
        cursor.execute(
            """INSERT INTO core_user (id, password, is_superuser, login, last_name, first_name, middle_name, language,
                   theme, is_active, is_staff, created_at, version, updated_at)
               VALUES (%s, '!', false, 'bench', 'Нагрузкин', 'Тест', '', 'ru', 'system', true, false, now(), 1, now())""",
            [user],
        )
    cursor.execute("DROP TABLE IF EXISTS sold")
    cursor.execute(
        """
        CREATE TEMP TABLE sold AS
        SELECT uuidv7() AS id, uuidv7() AS payment_id, branch_id, employee_id, patient_id, starts_at,
               row_number() OVER (PARTITION BY extract(year FROM starts_at) ORDER BY starts_at, id) AS number,
               (starts_at AT TIME ZONE 'Asia/Almaty')::date AS day
        FROM booked WHERE chance % 20 < 9 AND starts_at < now() - interval '1 day'
        """
    )
    cursor.execute("DROP TABLE IF EXISTS cashed")
    cursor.execute(
        """CREATE TEMP TABLE cashed AS
           SELECT uuidv7() AS id, branch_id, day FROM (SELECT DISTINCT branch_id, day FROM sold) AS days"""
    )
    cursor.execute(
        f"""INSERT INTO billing_cashshift (id, register_id, opened_by_id, opened_at, opening_cash, closed_by_id, closed_at,
                expected, counted, {_COMMON})
            SELECT c.id, r.id, %(user)s, c.day, 0, %(user)s, c.day + interval '20 hours', 0, 0, 1, now(), now(), %(org)s
            FROM cashed c JOIN billing_register r ON r.branch_id = c.branch_id""",
        {"user": user, "org": organization},
    )
    cursor.execute(
        f"""INSERT INTO billing_invoice (id, branch_id, patient_id, employee_id, year, number, issued_at, total, paid,
                refunded, state, {_COMMON})
            SELECT id, branch_id, patient_id, employee_id, extract(year FROM starts_at), number, starts_at, 20000, 20000,
                   0, 'paid', 1, now(), now(), %s FROM sold""",
        [organization],
    )
    cursor.execute(
        """INSERT INTO billing_invoiceline (id, organization_id, invoice_id, service_id, employee_id, name, quantity,
               price, discount_percent, amount, position)
           SELECT gen_random_uuid(), %s, id, %s, employee_id, 'Лечение кариеса', 1, 20000, 0, 20000, 0 FROM sold""",
        [organization, number("service", index)],
    )
    cursor.execute(
        """INSERT INTO billing_payment (id, organization_id, invoice_id, shift_id, branch_id, patient_id, kind, method,
               amount, reason, at, by_id)
           SELECT s.payment_id, %s, s.id, c.id, s.branch_id, s.patient_id, 'payment', 'card', 20000, '',
                  s.starts_at + interval '35 minutes', %s
           FROM sold s JOIN cashed c USING (branch_id, day)""",
        [organization, user],
    )
    cursor.execute(
        """INSERT INTO billing_account (id, organization_id, kind, subject_id)
           SELECT gen_random_uuid(), %(org)s, kind, branch_id
           FROM (SELECT DISTINCT branch_id FROM sold) b CROSS JOIN (VALUES ('revenue'), ('card')) k(kind)
           UNION ALL
           SELECT gen_random_uuid(), %(org)s, 'receivable', patient_id FROM (SELECT DISTINCT patient_id FROM sold) p""",
        {"org": organization},
    )
    cursor.execute("ANALYZE sold; ANALYZE cashed; ANALYZE billing_account")
    cursor.execute(
        """INSERT INTO billing_transfer (id, organization_id, operation_id, at, source_id, target_id, amount, invoice_id, shift_id)
           SELECT gen_random_uuid(), %(org)s, s.id, s.starts_at, r.id, p.id, 20000, s.id, NULL
           FROM sold s
           JOIN billing_account r ON r.organization_id = %(org)s AND r.kind = 'revenue' AND r.subject_id = s.branch_id
           JOIN billing_account p ON p.organization_id = %(org)s AND p.kind = 'receivable' AND p.subject_id = s.patient_id
           UNION ALL
           SELECT gen_random_uuid(), %(org)s, s.payment_id, s.starts_at + interval '35 minutes', p.id, c.id, 20000, s.id, x.id
           FROM sold s JOIN cashed x USING (branch_id, day)
           JOIN billing_account c ON c.organization_id = %(org)s AND c.kind = 'card' AND c.subject_id = s.branch_id
           JOIN billing_account p ON p.organization_id = %(org)s AND p.kind = 'receivable' AND p.subject_id = s.patient_id""",
        {"org": organization},
    )
    cursor.execute(
        """INSERT INTO patients_patientaccount (id, organization_id, patient_id, balance)
           SELECT gen_random_uuid(), %s, patient_id, 0 FROM (SELECT DISTINCT patient_id FROM sold) p""",
        [organization],
    )
    cursor.execute(
        """INSERT INTO core_numbersequence (id, organization_id, name, year, value)
           SELECT gen_random_uuid(), %s, 'invoice', extract(year FROM starts_at), max(number) FROM sold GROUP BY 4""",
        [organization],
    )
    cursor.execute(
        """INSERT INTO reports_dailyfigures (id, organization_id, branch_id, employee_id, day, received_cash, received_card,
               refunded, billed, payments, invoices)
           SELECT gen_random_uuid(), %s, branch_id, employee_id, day, 0, sum(20000), 0, sum(20000), count(*), count(*)
           FROM sold GROUP BY branch_id, employee_id, day""",
        [organization],
    )


if __name__ == "__main__":  # in the environment of the installation, plus the superuser's address
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    size, day = sys.argv[1:]
    with psycopg.connect(os.environ["BENCH_URL"]) as connection:
        load(connection, SIZES[size], date.fromisoformat(day))
