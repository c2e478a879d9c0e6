"""Which patients and messages somebody may see."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.comms.models import Message
from apps.core.models import User
from apps.core.permissions import Scope
from apps.org.models import Branch
from apps.patients.models import CareLink, Patient


def patients(scope: Scope, user: User) -> QuerySet[Patient]:
    if scope.all:
        return Patient.objects.all()  # type: ignore[no-any-return]
    return Patient.objects.filter(Exists(_links(scope, user).filter(patient=OuterRef("pk"))))  # type: ignore[no-any-return]


def messages(scope: Scope, user: User) -> QuerySet[Message]:
    if scope.all:
        return Message.objects.all()  # type: ignore[no-any-return]
    inside = Q(branch_id__in=scope.branches)
    if scope.own:
        own = CareLink.objects.filter(employee__user=user, patient=OuterRef("patient"))
        inside |= Q(Exists(own))
    return Message.objects.filter(inside)  # type: ignore[no-any-return]


def branch_to_write_from(patient: Patient, scope: Scope) -> Branch | None:
    """The patient's own branch, or one that knows him; among those that the sender may write for."""
    if patient.branch_id and scope.covers(patient.branch_id):
        return patient.branch
    links = CareLink.objects.filter(patient=patient).select_related("branch").order_by("id")
    if not scope.all:
        links = links.filter(branch_id__in=scope.branches)
    link = links.first()
    return link.branch if link else None


def _links(scope: Scope, user: User) -> Any:
    inside = Q(branch_id__in=scope.branches)
    if scope.own:
        inside |= Q(employee__user=user)
    return CareLink.objects.filter(inside)
