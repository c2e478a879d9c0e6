"""Wide reads of patients: the list and the search answer plain rows, one statement each."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import DecimalField, Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from apps.core import prepared, tenancy
from apps.core.caller import Caller
from apps.core.kz.order import in_kazakh_order
from apps.core.permissions import Scope
from apps.patients.models import CareLink, Patient, PatientAccount
from apps.patients.search import Wanted

DEPTH = 200  # matches that a search ranks
_ROW = ("id", "card_number", "last_name", "first_name", "middle_name", "birth_date", "sex", "phone",
        "branch", "is_archived", "balance")  # fmt: skip

ORDERINGS: dict[str, list[Any]] = {
    "name": [*in_kazakh_order("last_name", "first_name"), "id"],
    "-name": [*(o.desc() for o in in_kazakh_order("last_name", "first_name")), "-id"],
    "card_number": ["card_number"],
    "-card_number": ["-card_number"],
    "birth_date": [F("birth_date").asc(nulls_last=True), "id"],
    "-birth_date": [F("birth_date").desc(nulls_last=True), "-id"],
    "created_at": ["created_at", "id"],
    "-created_at": ["-created_at", "-id"],
}


def reached(rows: Any, reach: Scope, caller: Caller) -> Any:
    """The patients inside a reach: all, those of some branches, those whom the caller treats."""
    if reach.all:
        return rows.all()
    links = CareLink.objects.filter(patient=OuterRef("pk"))
    inside = Q(pk__in=[])
    if reach.branches:
        inside |= Q(branch__in=reach.branches)
        inside |= Q(Exists(links.filter(branch__in=reach.branches)))
    if reach.own:
        treated = CareLink.objects.filter(employee__user=caller.user)
        inside |= Q(pk__in=treated.values("patient"))
    return rows.filter(inside)


# In the order of the model: `from_db` gives out the values in that order.
_UNSHOWN = {"created_at", "updated_at", "iin_lookup", "search"}
_CARD = tuple(f.attname for f in Patient._meta.concrete_fields if f.attname not in _UNSHOWN)


def card(pk: UUID, reach: Scope, caller: Caller) -> tuple[Patient, Decimal] | None:
    """What the head of a card shows of a patient inside a reach, and his balance."""
    values = {
        "organization": tenancy.current_organization_id(),
        "patient": pk,
        "branches": sorted(reach.branches),
        "user": caller.user.pk,
    }
    row = prepared.one(_card(reach), values)
    if row is None:
        return None
    *columns, balance = row
    return Patient.from_db("default", _CARD, columns), balance


def _card(reach: Scope) -> str:
    return f"""
SELECT {", ".join("p." + column for column in _CARD)}, coalesce(a.balance, 0.00)
FROM patients_patient p
LEFT JOIN patients_patientaccount a ON a.organization_id = p.organization_id AND a.patient_id = p.id
WHERE p.organization_id = %(organization)s AND p.id = %(patient)s AND {_inside(reach)}"""


def _inside(reach: Scope) -> str:
    """As ``reached``, in the words of a statement that is planned once."""
    if reach.all:
        return "true"
    ways = ["false"]
    if reach.branches:
        ways.append("p.branch_id = ANY(%(branches)s::uuid[])")
        ways.append(_LINKED.format("", "l.branch_id = ANY(%(branches)s::uuid[])"))
    if reach.own:
        ways.append(_LINKED.format(_ME, "me.user_id = %(user)s"))
    return f"({' OR '.join(ways)})"


_LINKED = (
    "EXISTS (SELECT FROM patients_carelink l {}"
    " WHERE l.organization_id = p.organization_id AND l.patient_id = p.id AND {})"
)
_ME = "JOIN staff_employee me ON me.organization_id = l.organization_id AND me.id = l.employee_id"


def covers(patient: Patient, permission: str, caller: Caller) -> bool:
    """Does this other permission of a caller who sees the patient reach him, too?"""
    reach = caller.scope(permission)
    if not reach or reach.all or reach == caller.scope("patients:read"):
        return bool(reach)
    return bool(reached(Patient.objects.filter(pk=patient.pk), reach, caller).exists())


def covered(ids: list[UUID], permission: str, caller: Caller) -> set[UUID]:
    """Those of these visible patients whom another permission reaches, too."""
    reach = caller.scope(permission)
    if not reach or not ids:
        return set()
    if reach.all or reach == caller.scope("patients:read"):
        return set(ids)
    rows = reached(Patient.objects.filter(pk__in=ids), reach, caller)
    return set(rows.values_list("pk", flat=True))


def rows_of(patients: Any) -> Any:
    """Patients as the plain rows of the list."""
    balance = PatientAccount.objects.filter(patient=OuterRef("pk")).values("balance")
    zero = Value(0, output_field=DecimalField(max_digits=14, decimal_places=2))
    return patients.annotate(balance=Coalesce(Subquery(balance), zero)).values(*_ROW)


_SEARCH = """
SELECT id, card_number, last_name, first_name, middle_name, birth_date, sex, phone, branch_id AS branch,
       is_archived, balance, total
FROM patient_search(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


def search(
    wanted: Wanted, *, reach: Scope, caller: Caller, archived: bool, page: int, size: int
) -> tuple[list[dict[str, Any]], int]:
    """A page of the best matches and how many there are, at most ``DEPTH`` or so. One statement."""
    words = [*wanted.words, None, None, None, None][:4]
    branches = [] if reach.all else sorted(reach.branches)
    treating = caller.user.pk if reach.own and not reach.all else None
    with connection.cursor() as cursor:
        cursor.execute(
            _SEARCH,
            [
                tenancy.current_organization_id(), *words, wanted.beginnings, wanted.card, wanted.iin,
                reach.all, branches, treating, archived, DEPTH, size, (page - 1) * size,
            ],
        )  # fmt: skip
        names = [column.name for column in cursor.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    total = rows[0]["total"] if rows else 0
    for row in rows:
        del row["total"]
    return rows, total
