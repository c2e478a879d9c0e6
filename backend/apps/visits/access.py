"""How far a right reaches among the visits. One's own are those one conducts; for assistants and nurses, who conduct
none, those of the patients they are linked with."""

from typing import Any

from django.db.models import Q, QuerySet

from apps.core.caller import Caller
from apps.core.permissions import Scope
from apps.patients.models import CareLink, Patient
from apps.visits.models import Visit


def within(rows: Any, reach: Scope, caller: Caller) -> QuerySet[Visit]:
    if reach.all:
        return rows.all()  # type: ignore[no-any-return]
    inside = Q(branch_id__in=reach.branches)
    if reach.own:
        inside |= Q(employee__user=caller.user)
        if helps(caller):
            linked = CareLink.objects.filter(employee__user=caller.user)
            inside |= Q(patient_id__in=linked.values("patient_id"))
    return rows.filter(inside)  # type: ignore[no-any-return]


def helps(caller: Caller) -> bool:
    """Does he assist others, rather than conduct visits himself?"""
    return not caller.scope("visits:sign")


def knows(caller: Caller, patient: Patient) -> bool:
    """May he know this patient: of his branches, or linked with himself?"""
    reach = caller.scope("patients:read")
    if reach.all or patient.branch_id in reach.branches:
        return True
    links = CareLink.objects.filter(patient=patient)
    inside = Q(branch_id__in=reach.branches)
    if reach.own:
        inside |= Q(employee__user=caller.user)
    return links.filter(inside).exists()
