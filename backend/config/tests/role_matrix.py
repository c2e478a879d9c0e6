"""What the clinic has agreed that each role may do. Written by hand and changed by review alone: the code must agree with
it, not the reverse.

F full, W create and change, R read; after it b own branches, o one's own patients, m masked, s oneself; a word is a right
of its own (`status`, `prices`, `approve`, …); - nothing. The portal of patients does not exist yet: the role `patient` is
let in nowhere.
"""

ROLES = (
    "owner", "admin", "branch_admin", "registrar", "doctor", "assistant", "nurse", "cashier",
    "accountant", "warehouse", "marketer", "call_center", "readonly",
)  # fmt: skip

MATRIX = {
    #                OW AD BM RC DR AS NU CA AC WH MK CC AU
    "settings":     "F | F | - | - | - | - | - | - | - | - | - | - | R",
    "users":        "F | W | Wb | s | s | s | s | s | s | s | s | s | R",
    "structure":    "F | F | Wb | Rb | Rb | Rb | Rb | Rb | R | Rb | R | Rb | R",
    "patients":     "W | W | Wb | Wb | Wo | Ro | Ro | Rbm | Rm | - | Rm | Wb | Rm",
    "full iin":     "R | R | Rb | Rb | Ro | m | m | m | R | - | - | m | m",
    "record":       "R | - | - | - | Wo | Ro drafts | Wo | - | - | - | - | - | log",
    "appointments": "F | F | Fb | Fb | Ro status | Rb | Rb | Rb | - | - | - | Wb | R",
    "visits":       "R | R | Rb | prices b | Fo | Wo | Wo | prices b | prices | - | - | - | R",
    "price lists":  "F | F | Wb | R | R | R | R | R | W | R | R | R | R",
    "invoices":     "F | R | Wb | Wb | Ro | - | - | Fb | F | - | - | - | R",
    "payments":     "F | R | approve b | - | - | - | - | Wb | F | - | - | - | R",
    "cash shifts":  "R | R | approve b | - | - | - | - | Fo | R | - | - | - | R",
    "ledger":       "R | - | Rb | - | Rs | - | - | own shift | F | - | - | - | R",
    "stock":        "R | R | Rb | - | R | use o | use o | - | R | F | - | - | R",
    "templates":    "R | R | Rb | - | - | - | - | - | - | - | F | R | R",
    "messages":     "R | R | Rb | Rb | Ro | - | - | - | - | - | Rm | Wb | R",
    "own account":  "s | s | s | s | s | s | s | s | s | s | s | s | s",
}  # fmt: skip
_ENOUGH = {"read": {"F", "W", "R"}, "write": {"F", "W"}, "full": {"F"}, "self": {"s"}}

# Operation → the row that it belongs to and what it takes; several rights, any of which is enough, stand with `or`.
NEEDED = {
    "auth_activate": "public",
    "auth_login": "public",
    "auth_logout": "public",
    "auth_refresh": "public",
    "auth_me": "own account: self",
    "auth_change_me": "own account: self",
    "auth_change_password": "own account: self",
    "auth_sessions": "own account: self",
    "auth_end_session": "own account: self",
    "own_settings_retrieve": "own account: self",
    "own_settings_partial_update": "own account: self",
    # A socket says words and ids of a branch that one sees.
    "auth_socket_ticket": "structure: read",
    "settings_retrieve": "settings: read",
    "settings_partial_update": "settings: write",
    "users_list": "users: read",
    "users_create": "users: write",
    "users_retrieve": "users: read",
    "users_partial_update": "users: write",
    "users_link": "users: write",
    "branches_list": "structure: read",
    "branches_create": "structure: write",
    "branches_retrieve": "structure: read",
    "branches_partial_update": "structure: write",
    # The hours, texts and defaults of one branch belong to that branch; those of the organisation are `settings`.
    "branch_settings_retrieve": "structure: read",
    "branch_settings_partial_update": "structure: write",
    "rooms_list": "structure: read",
    "rooms_create": "structure: write",
    "rooms_partial_update": "structure: write",
    "chairs_list": "structure: read",
    "chairs_create": "structure: write",
    "chairs_partial_update": "structure: write",
    "devices_list": "structure: read",
    "devices_create": "structure: write",
    "devices_partial_update": "structure: write",
    "registers_list": "structure: read",
    "registers_create": "structure: write",
    "registers_partial_update": "structure: write",
    "employees_list": "structure: read",
    "employees_create": "structure: write",
    "employees_retrieve": "structure: read",
    "employees_partial_update": "structure: write",
    "positions_list": "structure: read",
    "positions_create": "structure: write",
    "positions_partial_update": "structure: write",
    "specialities_list": "structure: read",
    "specialities_create": "structure: write",
    "specialities_partial_update": "structure: write",
    "shifts_list": "structure: read",
    "shifts_create": "structure: write",
    "shifts_partial_update": "structure: write",
    # The record is the roster: taking a line off it is changing it.
    "shifts_destroy": "structure: write",
    "rota_list": "structure: read",
    "rota_paint": "structure: write",
    "rota_copy": "structure: write",
    # Why somebody is away is for those who arrange it.
    "absences_list": "structure: write",
    "absences_create": "structure: write",
    "absences_retrieve": "structure: write",
    "absences_partial_update": "structure: write",
    "absences_destroy": "structure: write",
    "special_days_list": "structure: read",
    "special_days_create": "structure: write",
    "special_days_partial_update": "structure: write",
    # The record is the calendar: a day goes as it came.
    "special_days_destroy": "structure: write",
    "special_days_take_over": "structure: write",
    "patients_list": "patients: read",
    "patients_create": "patients: write",
    "patients_retrieve": "patients: read",
    "patients_partial_update": "patients: write",
    "patients_iin": "full iin: read",
    "appointments_list": "appointments: read",
    "appointments_create": "appointments: write",
    "appointments_retrieve": "appointments: read",
    "appointments_partial_update": "appointments: write",
    "appointments_cancel": "appointments: write",
    "appointments_restore": "appointments: write",
    "appointments_status": "appointments: write or status",
    "appointments_day": "appointments: read",
    "appointments_week": "appointments: read",
    "appointments_of_patient": "appointments: read",
    "appointments_overbooked": "appointments: read",
    "appointments_day_sheet": "appointments: read",
    "appointments_slip": "appointments: read",
    "appointments_ics": "appointments: read",
    # The secret in the address is the proof.
    "feeds_file": "public",
    "own_feed_retrieve": "own account: self",
    "own_feed_create": "own account: self",
    "own_feed_destroy": "own account: self",
    # Who arranges somebody's work may give him the address of his calendar.
    "employee_feed_retrieve": "structure: write",
    "employee_feed_create": "structure: write",
    "employee_feed_destroy": "structure: write",
    "series_create": "appointments: write",
    "series_retrieve": "appointments: read",
    "series_move": "appointments: write",
    "series_cancel": "appointments: write",
    "series_undo": "appointments: write",
    "gaps_list": "appointments: write",
    "missed_create": "appointments: write",
    "missed_undo": "appointments: write",
    "gaps_create": "appointments: write",
    "load_list": "appointments: read",
    "breaks_create": "appointments: write",
    "breaks_partial_update": "appointments: write",
    # The record is the day: a break goes as it came.
    "breaks_destroy": "appointments: write",
    "break_rules_list": "appointments: read",
    "break_rules_create": "appointments: write",
    "break_rules_partial_update": "appointments: write",
    "break_rules_destroy": "appointments: write",
    "reserves_list": "appointments: read",
    "reserves_create": "appointments: write",
    "reserves_partial_update": "appointments: write",
    "reserves_destroy": "appointments: write",
    "slots_list": "appointments: read",
    "holds_create": "appointments: write",
    "holds_destroy": "appointments: write",
    "waiting_list": "appointments: read",
    "waiting_create": "appointments: write",
    "waiting_partial_update": "appointments: write",
    # Nothing is deleted: the entry stays, canceled.
    "waiting_destroy": "appointments: write",
    "waiting_book": "appointments: write",
    "waiting_candidates": "appointments: read",
    "waiting_offer": "appointments: write",
    "waiting_decline": "appointments: write",
    "waiting_contacts": "appointments: write",
    "days_cancel": "appointments: write",
    # Whoever may take the step from booked to confirmed may call for it.
    "confirmations_list": "appointments: write or status",
    "confirmations_result": "appointments: write or status",
    "confirmations_call": "appointments: write or status",
    "confirmations_leave": "appointments: write or status",
    "substitutions_list": "structure: read",
    "substitutions_create": "structure: write",
    # The record is the roster, as with shifts.
    "substitutions_destroy": "structure: write",
    # A saved view is its owner's own: whoever sees the calendar may keep some.
    "views_list": "appointments: read",
    "views_create": "appointments: read",
    "views_partial_update": "appointments: read",
    "views_destroy": "appointments: read",
    "visits_list": "visits: read or prices",
    # Somebody came without an appointment: the step "arrived" of a booking that nobody made.
    "visits_create": "appointments: write or status",
    "visits_retrieve": "visits: read or prices",
    "visits_partial_update": "record: write or drafts",
    "visits_diagnoses": "record: write or drafts",
    "visits_works": "visits: write",
    "visits_start": "visits: write",
    "visits_sign": "visits: full",
    "services_list": "price lists: read",
    "services_create": "price lists: write",
    "services_retrieve": "price lists: read",
    "services_partial_update": "price lists: write",
    "categories_list": "price lists: read",
    "categories_create": "price lists: write",
    "categories_partial_update": "price lists: write",
    "icd10_list": "price lists: read",
    "invoices_list": "invoices: read",
    "invoices_create": "invoices: write",
    "invoices_retrieve": "invoices: read",
    "payments_list": "payments: read",
    "payments_create": "payments: write",
    "payments_refund": "payments: write",
    # Who approves a difference sees the shift in which it arose.
    "cash_shifts_list": "cash shifts: read or approve",
    "cash_shifts_create": "cash shifts: full",
    "cash_shifts_retrieve": "cash shifts: read or approve",
    # To approve a count is to make it: the manager closes what a cashier left open.
    "cash_shifts_close": "cash shifts: full or approve",
    "reports_revenue": "ledger: read",
    "reports_revenue_rows": "ledger: read",
    "reports_debts": "ledger: read",
    "reports_appointments": "appointments: read",
    "reports_appointment_rows": "appointments: read",
    # Its money is null for who may not read the ledger.
    "reports_dashboard": "appointments: read",
    "items_list": "stock: read or use",
    "items_create": "stock: full",
    "items_retrieve": "stock: read or use",
    "items_partial_update": "stock: full",
    "templates_list": "templates: read",
    "templates_create": "templates: full",
    "templates_retrieve": "templates: read",
    "templates_partial_update": "templates: full",
    "templates_placeholders": "templates: read",
    "messages_list": "messages: read",
    "messages_preview": "messages: read",
    "messages_send": "messages: write",
    "reminders_list": "messages: read",
    "reminders_create": "messages: write",
}

# What belongs to all branches at once is not changed by who manages one of them.
WHOLE = {
    "branches_create": "a new branch is nobody's own yet",
    "positions_create": "job titles are one list of the organisation",
    "positions_partial_update": "job titles are one list of the organisation",
    "specialities_create": "specialities are one list of the organisation",
    "specialities_partial_update": "specialities are one list of the organisation",
    "services_create": "there is one price list for all branches",
    "services_partial_update": "there is one price list for all branches",
    "categories_create": "there is one price list for all branches",
    "categories_partial_update": "there is one price list for all branches",
}


# These have no branch, so whoever may read them reads all.
SHARED = {
    "positions_list", "specialities_list", "services_list", "services_retrieve", "categories_list",
    "icd10_list", "items_list", "items_retrieve", "templates_list", "templates_retrieve",
    "templates_placeholders",
    # His own look of the calendar; no branch has it.
    "views_create",
}  # fmt: skip


def _words(operation: str, role: str) -> list[str]:
    row = MATRIX[NEEDED[operation].partition(": ")[0]]
    return dict(zip(ROLES, row.split(" | "), strict=True))[role].split()


def may(operation: str, role: str) -> bool:
    enough: set[str] = set()
    for word in NEEDED[operation].partition(": ")[2].split(" or "):
        enough |= _ENOUGH.get(word, {word})
    told = {word[0] if word[0] in "FWR" else word for word in _words(operation, role)}
    return bool(told & enough)


def reach(operation: str, role: str) -> str:
    """`b`: only what belongs to his branches; `o`: only the patients he treats; empty: everything."""
    marks = "".join(
        word[1:] if word[0] in "FWR" else word
        for word in _words(operation, role)
        if word[0] in "FWR" or word in ("b", "o")
    )
    return "b" if "b" in marks else "o" if "o" in marks or "s" in marks else ""
