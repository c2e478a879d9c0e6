"""Wide reads of patients: the list and the search answer plain rows, one statement each."""

from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import DecimalField, Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from apps.core import tenancy
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
