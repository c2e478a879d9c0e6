from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from apps.calendar import days, place, queries, waiting
from apps.calendar.api.moments import Day, Moment
from apps.calendar.api.shapes import AppointmentOut
from apps.calendar.models import WaitingEntry
from apps.core import screens, versions
from apps.core.api import In, ListIn, Out, StaffRequest, TenantViewSet, page_of
from apps.core.errors import Forbidden
from apps.core.kz.phone import mask_phone
from apps.core.permissions import Scope
from apps.core.schema import page_schema

S = WaitingEntry.Status
_BY_HAND = [choice for choice in S.choices if choice[0] != S.SCHEDULED]


class WaitingListIn(ListIn):
    branch = serializers.UUIDField(help_text="Of this branch.")
    status = serializers.ChoiceField(
        [("open", "open"), ("all", "all"), *S.choices],
        default="open",
        help_text="`open`: waiting and contacted.",
    )
    employee = serializers.UUIDField(required=False, help_text="Only those who want this doctor.")


class WaitingFields(In):
    employee = serializers.UUIDField(
        required=False, allow_null=True, help_text="The doctor who is wanted; empty: any."
    )
    minutes = serializers.IntegerField(
        min_value=5, max_value=720, default=30, help_text="How long it takes."
    )
    comment = serializers.CharField(
        max_length=500, allow_blank=True, required=False, help_text="When he can come, and so on."
    )
    is_urgent = serializers.BooleanField(default=False, help_text="Acute pain.")


class WaitingIn(WaitingFields):
    branch = serializers.UUIDField(help_text="Where.")
    patient = serializers.UUIDField(help_text="Who waits.")
    appointment = serializers.UUIDField(
        required=False, allow_null=True, help_text="His canceled one, whose services he wants."
    )


class WaitingPatch(WaitingFields):
    version = serializers.IntegerField(min_value=1, help_text="The version that the caller saw.")
    status = serializers.ChoiceField(_BY_HAND, help_text="`scheduled` comes by booking alone.")

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        for name, field in fields.items():
            if name != "version":
                field.required, field.default = False, serializers.empty
        return fields


class WaitingBookIn(In):
    version = serializers.IntegerField(min_value=1, help_text="The version that the caller saw.")
    employee = serializers.UUIDField(help_text="The doctor.")
    chair = serializers.UUIDField(
        required=False, allow_null=True, default=None, help_text="A chair of the branch, or null."
    )
    starts_at = Moment(help_text="With offset.")
    ends_at = Moment(help_text="With offset; the end is not included.")
    overbook_reason = serializers.CharField(
        max_length=250,
        allow_blank=True,
        default="",
        help_text="Why others are laid over, or hours kept for others are used; needs the right for it.",
    )


class WaitingOut(Out):
    id = serializers.UUIDField(help_text="The entry.")
    version = serializers.IntegerField(help_text="Send it back with a change.")
    branch_id = serializers.UUIDField(help_text="Where.")
    patient_id = serializers.UUIDField(help_text="Who waits.")
    patient_name = serializers.CharField(help_text="Full name.")
    phone = serializers.CharField(help_text="E.164; masked for those who may not see it.")
    employee_id = serializers.UUIDField(allow_null=True, help_text="The doctor who is wanted.")
    employee_name = serializers.CharField(help_text="His name, or empty.")
    minutes = serializers.IntegerField(help_text="How long it takes.")
    status = serializers.ChoiceField(S.choices, help_text="Where it stands.")
    is_urgent = serializers.BooleanField(help_text="Acute pain.")
    comment = serializers.CharField(help_text="When he can come, and so on.")
    services_text = serializers.CharField(help_text="What was planned for him, or empty.")
    appointment_id = serializers.UUIDField(allow_null=True, help_text="The one that was canceled.")
    was_at = serializers.DateTimeField(allow_null=True, help_text="When that one was.")
    scheduled_id = serializers.UUIDField(allow_null=True, help_text="What became of it.")
    scheduled_at = serializers.DateTimeField(allow_null=True, help_text="When he comes.")
    created_at = serializers.DateTimeField(help_text="Since when he waits.")


WaitingPage = page_schema(WaitingOut, "WaitingPage")


class CancelDayIn(In):
    branch = serializers.UUIDField(help_text="Where.")
    employee = serializers.UUIDField(help_text="Whose day.")
    date = Day(help_text="A day of the branch, today or later.")
    reason = serializers.CharField(max_length=250, help_text="Why.")
    block = serializers.BooleanField(
        default=False, help_text="True: he does not work on it; needs `staff:write`."
    )


class CanceledDayOut(Out):
    items = serializers.ListField(child=WaitingOut(), help_text="Who waits for a new time now.")
    total = serializers.IntegerField(help_text="How many.")
    is_blocked = serializers.BooleanField(help_text="He does not work on this day.")


class _Shown(TenantViewSet):
    queryset = WaitingEntry.objects.none()

    def shown(self, rows: list[WaitingEntry]) -> list[dict[str, Any]]:
        scope = self.caller.scope("patients:contacts")
        return [_row(row, _may_call(row, scope, self.caller.user.pk)) for row in rows]


class WaitingViewSet(_Shown):
    """The waiting list: who wants a time, or lost the one he had."""

    serializer_class = WaitingOut
    permission = "appointments:read"
    write_permission = "appointments:write"
    permissions: ClassVar = {}

    @extend_schema(parameters=[WaitingListIn], responses=WaitingPage)
    def list(self, request: StaffRequest) -> Response:
        """The waiting list of a branch: urgent ones first, then who waits longest."""
        query = self.read(WaitingListIn)
        rows = self._rows().filter(branch_id=query["branch"])
        if query["status"] == "open":
            rows = rows.filter(status__in=waiting.OPEN)
        elif query["status"] != "all":
            rows = rows.filter(status=query["status"])
        if "employee" in query:
            rows = rows.filter(employee_id=query["employee"])
        screens.seen("waiting", branch_id=query["branch"], by=self.caller.user)
        rows = _joined(rows).order_by("-is_urgent", "created_at", "id")
        return self.answer(page_of(rows, query, self.shown))

    @extend_schema(request=WaitingIn, responses={201: WaitingOut})
    def create(self, request: StaffRequest) -> Response:
        """Put a patient on the list."""
        data = self.read(WaitingIn)
        names = ("branch", "patient", "employee", "appointment")
        ids = {f"{name}_id": data.pop(name) for name in names if name in data}
        entry = waiting.add(**ids, **data, reach=self.reach, caller=self.caller)
        return self._show(entry.pk, status=201)

    @extend_schema(request=WaitingPatch, responses=WaitingOut)
    def partial_update(self, request: StaffRequest, pk: UUID) -> Response:
        """Contacted, waiting again, another comment, doctor or length. Refused: `stale`, `not_waiting`."""
        data = self.read(WaitingPatch)
        entry = versions.locked(self._rows(), pk, data.pop("version"))
        if "employee" in data:
            data["employee_id"] = data.pop("employee")
        waiting.change(entry=entry, changes=data, by=request.user)
        return self._show(pk)

    @extend_schema(request=None, responses={204: None})
    def destroy(self, request: StaffRequest, pk: UUID) -> Response:
        """Take somebody off the list; the entry stays, canceled. Refused: `not_waiting`."""
        entry = versions.locked(self._rows(), pk)
        waiting.change(entry=entry, changes={"status": S.CANCELED}, by=request.user)
        return self.answer(None, status=204)

    @extend_schema(request=WaitingBookIn, responses={201: AppointmentOut})
    @action(detail=True, methods=["post"])
    def book(self, request: StaffRequest, pk: UUID) -> Response:
        """Give him a time, with the services that were planned. Refused as a booking is, and with `not_waiting`."""
        data, now = self.read(WaitingBookIn), timezone.now()
        entry = versions.locked(self._rows(), pk, data["version"])
        over = data["overbook_reason"].strip()
        if over and not self.caller.may("appointments:overbook", entry.branch_id):
            raise Forbidden
        waiting.check_open(entry)
        where = place.find(
            branch_id=entry.branch_id,
            employee_id=data["employee"],
            chair_id=data["chair"],
            patient_id=entry.patient_id,
            starts_at=data["starts_at"],
            ends_at=data["ends_at"],
            is_urgent=entry.is_urgent,
            reason=over,
            reach=self.reach,
            patients=None,  # whoever sees the entry knows the patient
            outside_shift=self.caller.scope("appointments:overbook"),
            now=now,
        )
        appointment = waiting.book(entry=entry, where=where, over=over, by=request.user, now=now)
        row = queries.some([appointment.pk], caller=self.caller, reach=Scope(all=True))
        return self.answer(row[1:-1], status=201)

    def _show(self, pk: UUID, status: int = 200) -> Response:
        (row,) = self.shown(list(_joined(WaitingEntry.objects.filter(pk=pk))))
        return self.answer(row, status=status)

    def _rows(self) -> Any:
        rows = WaitingEntry.objects.all()
        if self.reach.all:
            return rows
        inside = Q(branch_id__in=self.reach.branches)
        if self.reach.own:
            inside |= Q(employee__user=self.caller.user)
        return rows.filter(inside)


class DayViewSet(_Shown):
    """The whole day of a doctor."""

    serializer_class = CanceledDayOut
    permission = "appointments:read"
    write_permission = "appointments:write"
    permissions: ClassVar = {}

    @extend_schema(request=CancelDayIn, responses=CanceledDayOut)
    def cancel(self, request: StaffRequest) -> Response:
        """Cancel a doctor's day: his appointments that have not begun are canceled by the clinic and go to the waiting
        list, in one transaction. Once more finds nothing left. Refused: `visit_has_content`."""
        data = self.read(CancelDayIn)
        if data["block"] and not self.caller.may("staff:write", data["branch"]):
            raise Forbidden
        done = days.cancel_day(
            branch_id=data["branch"],
            employee_id=data["employee"],
            day=data["date"],
            reason=data["reason"],
            block=data["block"],
            reach=self.reach,
            by=request.user,
            now=timezone.now(),
        )
        ids = [entry.pk for entry in done.entries]
        rows = _joined(WaitingEntry.objects.filter(pk__in=ids)).order_by("created_at", "id")
        items = self.shown(list(rows)) if ids else []
        return self.answer({"items": items, "total": len(items), "is_blocked": done.is_blocked})


def _joined(rows: Any) -> Any:
    return rows.select_related("patient", "employee", "appointment", "scheduled")


def _may_call(row: WaitingEntry, contacts: Scope, user_id: UUID) -> bool:
    mine = contacts.own and row.employee is not None and row.employee.user_id == user_id
    return contacts.covers(row.branch_id) or mine


def _row(row: WaitingEntry, may_call: bool) -> dict[str, Any]:
    phone = row.patient.phone
    return {
        "id": row.pk,
        "version": row.version,
        "branch_id": row.branch_id,
        "patient_id": row.patient_id,
        "patient_name": row.patient.full_name,
        "phone": phone if may_call or not phone else mask_phone(phone),
        "employee_id": row.employee_id,
        "employee_name": row.employee.short_name if row.employee else "",
        "minutes": row.minutes,
        "status": row.status,
        "is_urgent": row.is_urgent,
        "comment": row.comment,
        "services_text": row.appointment.services_text if row.appointment else "",
        "appointment_id": row.appointment_id,
        "was_at": row.appointment.starts_at if row.appointment else None,
        "scheduled_id": row.scheduled_id,
        "scheduled_at": row.scheduled.starts_at if row.scheduled else None,
        "created_at": row.created_at,
    }
