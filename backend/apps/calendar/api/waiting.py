from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from apps.calendar import days, offers, place, planned, queries, waiting
from apps.calendar.api.outputs import AppointmentOut
from apps.calendar.api.waiting_shapes import (
    CallIn,
    CancelDayIn,
    CanceledDayOut,
    CandidatesIn,
    CandidatesOut,
    DeclineIn,
    OfferIn,
    WaitingBookIn,
    WaitingIn,
    WaitingListIn,
    WaitingOut,
    WaitingPage,
    WaitingPatch,
)
from apps.calendar.models import Offer, WaitingContact, WaitingEntry, WaitingService
from apps.core import screens, versions
from apps.core.api import StaffRequest, TenantViewSet, page_of, window
from apps.core.errors import Forbidden, InvalidInput
from apps.core.kz.phone import mask_phone
from apps.core.permissions import Scope
from apps.org.models import Branch
from apps.services.models import Price

S = WaitingEntry.Status


class _Shown(TenantViewSet):
    queryset = WaitingEntry.objects.none()

    def shown(self, rows: list[WaitingEntry]) -> list[dict[str, Any]]:
        scope = self.caller.scope("patients:contacts")
        open_offers = offers.live([row.pk for row in rows], timezone.now())
        return [
            _row(row, _may_call(row, scope, self.caller.user.pk), open_offers.get(row.pk))
            for row in rows
        ]


class WaitingViewSet(_Shown):
    """The waiting list: who wants a time, or lost the one he had."""

    serializer_class = WaitingOut
    permission = "appointments:read"
    write_permission = "appointments:write"
    permissions: ClassVar = {}

    @extend_schema(parameters=[WaitingListIn], responses=WaitingPage)
    def list(self, request: StaffRequest) -> Response:
        """The waiting list of a branch: urgent ones first, then by priority, then who waits longest."""
        query = self.read(WaitingListIn)
        rows = self._rows().filter(branch_id=query["branch"])
        if query["status"] == "open":
            rows = rows.filter(status__in=waiting.OPEN)
        elif query["status"] != "all":
            rows = rows.filter(status=query["status"])
        if "employee" in query:
            rows = rows.filter(employee_id=query["employee"])
        screens.seen("waiting", branch_id=query["branch"], by=self.caller.user)
        rows = _joined(rows).order_by("-is_urgent", "-priority", "created_at", "id")
        return self.answer(page_of(rows, query, self.shown))

    @extend_schema(request=WaitingIn, responses={201: WaitingOut})
    def create(self, request: StaffRequest) -> Response:
        """Put a patient on the list."""
        data = self.read(WaitingIn)
        names = ("branch", "patient", "employee", "appointment")
        ids = {f"{name}_id": data.pop(name) for name in names if name in data}
        services = planned.lines(data.pop("services"))
        entry = waiting.add(**ids, **data, services=services, reach=self.reach, caller=self.caller)
        return self._show(entry.pk, status=201)

    @extend_schema(request=WaitingPatch, responses=WaitingOut)
    def partial_update(self, request: StaffRequest, pk: UUID) -> Response:
        """Contacted, waiting again, another comment, doctor or length. Refused: `stale`, `not_waiting`."""
        data = self.read(WaitingPatch)
        entry = versions.locked(self._rows(), pk, data.pop("version"))
        if "employee" in data:
            data["employee_id"] = data.pop("employee")
        services = planned.lines(data.pop("services")) if "services" in data else None
        waiting.change(entry=entry, changes=data, services=services, by=request.user)
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
        where = self._place(entry, data, over, now)
        appointment = offers.book(entry=entry, where=where, over=over, by=request.user, now=now)
        row = queries.some([appointment.pk], caller=self.caller, reach=Scope(all=True))
        return self.answer(row[1:-1], status=201)

    @extend_schema(parameters=[CandidatesIn], responses=CandidatesOut)
    @action(detail=False, methods=["get"])
    def candidates(self, request: StaffRequest) -> Response:
        """Whom to offer a place that was freed, best first, and why."""
        query, now = self.read(CandidatesIn), timezone.now()
        branch = Branch.objects.filter(pk=query["branch"]).first()
        if branch is None or not self.reach.covers(branch.pk):
            raise InvalidInput(fields={"branch": [place.UNKNOWN]})
        if query["ends_at"] <= query["starts_at"]:
            raise InvalidInput(fields={"ends_at": [_("The end is not after the beginning.")]})
        ranked = offers.candidates(
            branch, query["employee"], query["starts_at"], query["ends_at"], now
        )
        screens.seen("waiting", branch_id=branch.pk, by=self.caller.user)
        rows = _joined(WaitingEntry.objects.filter(pk__in=[one.waiter.id for one in ranked]))
        shown = {row["id"]: row for row in self.shown(list(rows))}
        items = [
            shown[one.waiter.id] | {"score": one.score, "reasons": list(one.reasons)}
            for one in ranked
        ]
        return self.answer(window(items))

    @extend_schema(request=OfferIn, responses={201: WaitingOut})
    @action(detail=True, methods=["post"])
    def offer(self, request: StaffRequest, pk: UUID) -> Response:
        """Offer him a place: it is kept for him for a quarter of an hour. Refused: `slot_taken`, also while it is offered
        to another; `already_offered`; `not_waiting`; as a booking is."""
        data, now = self.read(OfferIn), timezone.now()
        entry = versions.locked(self._rows(), pk, data["version"])
        where = self._place(entry, data, "", now)
        offers.offer(entry=entry, where=where, by=request.user, now=now)
        return self._show(pk, status=201)

    @extend_schema(request=DeclineIn, responses=WaitingOut)
    @action(detail=True, methods=["post"])
    def decline(self, request: StaffRequest, pk: UUID) -> Response:
        """He does not want what is being offered: the place is free for the next one. Refused: `not_waiting`."""
        data = self.read(DeclineIn)
        entry = versions.locked(self._rows(), pk, data["version"])
        offers.decline(entry=entry, by=request.user, now=timezone.now(), note=data["note"])
        return self._show(pk)

    @extend_schema(request=CallIn, responses=WaitingOut)
    @action(detail=True, methods=["post"])
    def contacts(self, request: StaffRequest, pk: UUID) -> Response:
        """Write down a call and what came of it. Refused: `not_waiting`."""
        data = self.read(CallIn)
        entry = versions.locked(self._rows(), pk, data["version"])
        offers.contacted(
            entry=entry,
            result=data["result"],
            note=data["note"],
            by=request.user,
            now=timezone.now(),
        )
        return self._show(pk)

    def _place(
        self, entry: WaitingEntry, data: dict[str, Any], reason: str, now: datetime
    ) -> place.Place:
        return place.find(
            branch_id=entry.branch_id,
            employee_id=data["employee"],
            chair_id=data["chair"],
            patient_id=entry.patient_id,
            starts_at=data["starts_at"],
            ends_at=data["ends_at"],
            is_urgent=entry.is_urgent,
            reason=reason,
            reach=self.reach,
            patients=None,  # whoever sees the entry knows the patient
            outside_shift=self.caller.scope("appointments:overbook"),
            now=now,
        )

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
    base = Price.objects.filter(price_list__is_base=True, service_id=OuterRef("service_id"))
    services = WaitingService.objects.select_related("service").order_by("position")
    services = services.annotate(price=Coalesce(Subquery(base.values("amount")[:1]), Decimal(0)))
    return rows.select_related("patient", "employee", "appointment", "scheduled").prefetch_related(
        Prefetch("services", services),
        Prefetch("contacts", WaitingContact.objects.select_related("by").order_by("-at")),
    )


def _may_call(row: WaitingEntry, contacts: Scope, user_id: UUID) -> bool:
    mine = contacts.own and row.employee is not None and row.employee.user_id == user_id
    return contacts.covers(row.branch_id) or mine


def _row(row: WaitingEntry, may_call: bool, offer: Offer | None) -> dict[str, Any]:
    phone = row.patient.phone
    services: Any = row.services.all()  # with their prices, see `_joined`
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
        "priority": row.priority,
        "first_date": row.first_date,
        "last_date": row.last_date,
        "windows": row.windows,
        "weekdays": row.weekdays,
        "services": [
            {
                "service": one.service_id,
                "name": one.service.name,
                "quantity": one.quantity,
                "price": one.price,
                "duration_minutes": one.service.duration_minutes,
                "buffer_before": one.service.buffer_before,
                "buffer_after": one.service.buffer_after,
            }
            for one in services
        ],
        "contacts": [
            {"at": one.at, "by": one.by.short_name, "result": one.result, "note": one.note}
            for one in row.contacts.all()
        ],
        "offer": _offer(offer),
        "services_text": ", ".join(one.service.name for one in services)
        or (row.appointment.services_text if row.appointment else ""),
        "appointment_id": row.appointment_id,
        "was_at": row.appointment.starts_at if row.appointment else None,
        "scheduled_id": row.scheduled_id,
        "scheduled_at": row.scheduled.starts_at if row.scheduled else None,
        "created_at": row.created_at,
    }


def _offer(offer: Offer | None) -> dict[str, Any] | None:
    if offer is None or offer.hold is None:
        return None
    return {
        "employee": offer.employee_id,
        "chair": offer.chair_id,
        "starts_at": offer.starts_at,
        "ends_at": offer.ends_at,
        "expires_at": offer.hold.expires_at,
    }
