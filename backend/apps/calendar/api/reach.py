"""What the view sets of appointments share: how far the caller reaches, and the place that he names."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import orjson
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from apps.calendar import day, place, queries
from apps.calendar.day import BranchState
from apps.calendar.models import Appointment
from apps.core import screens, versions
from apps.core.api import TenantViewSet, etag
from apps.core.errors import Forbidden, InvalidInput, NotFound
from apps.core.permissions import Scope


def each_once(told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What is told of several appointments names none of them twice."""
    if len({one["appointment"] for one in told}) < len(told):
        raise ValidationError(_("Each appointment only once."))
    return told


class OfAppointments(TenantViewSet):
    queryset = Appointment.objects.none()
    permission = "appointments:read"
    write_permission = "appointments:write"

    def _rows(self) -> Any:
        """The appointments that this very operation reaches."""
        if self.reach.all:
            return Appointment.objects.all()
        inside = Q(branch_id__in=self.reach.branches)
        if self.reach.own:
            inside |= Q(employee__user=self.caller.user)
        return Appointment.objects.filter(inside)

    def _state(self, branch_id: UUID) -> BranchState:
        """The branch, if the caller sees anything of it; else it does not exist."""
        state = day.state(branch_id)
        if state is None or not (self.reach.own or self.reach.covers(branch_id)):
            raise InvalidInput(fields={"branch": [place.UNKNOWN]})
        return state

    def _tag(self, state: BranchState, *parts: Any) -> str:
        branch = state.branch
        return etag.make(self.caller.version, branch.pk, branch.version, state.counter, *parts)

    def _may_overbook(self, appointment: Appointment) -> bool:
        return self.caller.may("appointments:overbook", appointment.branch_id)

    def _over(self, branch_id: UUID, data: dict[str, Any]) -> str:
        """The reason to lie over others, of somebody who may say so in that branch."""
        reason = str(data["overbook_reason"]).strip()
        if reason and not self.caller.may("appointments:overbook", branch_id):
            raise Forbidden
        return reason

    def _origin(self, copy_of: UUID | None) -> dict[str, Any]:
        if copy_of is None:
            return {}
        if not self._rows().filter(pk=copy_of).exists():
            raise InvalidInput(fields={"copy_of": [place.UNKNOWN]})
        return {"origin": Appointment.Origin.COPY, "origin_appointment_id": copy_of}

    def _missed(self, rebook: dict[str, Any]) -> Appointment:
        """What somebody is booked anew for, at the version that the caller saw."""
        try:
            old: Appointment = versions.locked(
                self._rows(), rebook["appointment"], rebook["version"]
            )
        except NotFound:
            raise InvalidInput(fields={"rebook": [place.UNKNOWN]}) from None
        if rebook["no_show"] and not self.caller.may("appointments:status", old.branch_id):
            raise Forbidden
        return old

    def _place(self, **where: Any) -> place.Place:
        return place.find(
            **where,
            reach=self.reach,
            patients=self.caller.scope("patients:read"),
            outside_shift=self.caller.scope("appointments:overbook"),
            now=timezone.now(),
        )

    def _moved(
        self, appointment: Appointment, where: dict[str, Any], is_urgent: bool, reason: str = ""
    ) -> place.Place:
        names = ("branch_id", "employee_id", "chair_id", "starts_at", "ends_at")
        present = {name: getattr(appointment, name) for name in names}
        return place.find(
            **(present | where),
            patient_id=appointment.patient_id,
            is_urgent=is_urgent,
            reason=reason,
            reach=self.reach,
            patients=None,  # whoever sees the appointment knows the patient
            outside_shift=self.caller.scope("appointments:overbook"),
            now=timezone.now(),
        )

    def _row(self, pk: UUID, status: int = 200) -> Response:
        row = queries.some([pk], caller=self.caller, reach=Scope(all=True))
        return self.answer(row[1:-1], status=status)

    def _some(self, ids: Sequence[UUID]) -> Any:
        return orjson.loads(queries.some(ids, caller=self.caller, reach=self.reach))

    def _seen(self, screen: str, branch_id: UUID, **what: str) -> None:
        screens.seen(screen, branch_id=branch_id, by=self.caller.user, what=what)
