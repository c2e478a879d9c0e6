"""Reminders of visits: written from the confirmation run, and what became of them."""

from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.calendar.models import Appointment
from apps.comms import actions, queries, reach
from apps.comms.models import Message
from apps.core import screens
from apps.core.api import In, Out, StaffRequest, TenantKey, TenantViewSet
from apps.core.api.periods import Day
from apps.core.caller import asking
from apps.org.models import Branch


class ReachableVisit(TenantKey):
    """An appointment of a branch that the caller may write for; any other does not exist."""

    def get_queryset(self) -> Any:
        scope = asking().scope("messages:write")
        rows = Appointment.objects.select_related("patient")
        return rows if scope.all else rows.filter(branch_id__in=scope.branches)


class ReminderIn(In):
    appointment = ReachableVisit(Appointment.objects, help_text="The visit.")


class RemindersIn(In):
    branch = TenantKey(Branch.objects, help_text="Of this branch.")
    date = Day(help_text="Visits of this day of the branch.")


class ReminderOut(Out):
    appointment = serializers.UUIDField(help_text="The visit.")
    state = serializers.ChoiceField(Message.State.choices, help_text="What became of it.")
    created_at = serializers.DateTimeField(help_text="When it was written.")


class RemindersOut(Out):
    is_ready = serializers.BooleanField(help_text="There is a text, and the caller may send it.")
    items = ReminderOut(many=True, help_text="One for each visit that was reminded of.")
    total = serializers.IntegerField(help_text="How many.")


class ReminderViewSet(TenantViewSet):
    queryset = Message.objects.none()
    serializer_class = RemindersOut
    permission = "messages:read"
    write_permission = "messages:write"
    permissions: ClassVar = {}

    @extend_schema(parameters=[RemindersIn], responses=RemindersOut)
    def list(self, request: StaffRequest) -> Response:
        """Which visits of a day were reminded of, and whether it can be done from here."""
        query = self.read(RemindersIn)
        branch = query["branch"]
        screens.seen("reminders", branch_id=branch.pk, by=request.user)
        rows = reach.messages(self.reach, request.user)
        items = list(queries.reminders(rows, branch.pk, *branch.day(query["date"])))
        is_ready = self.caller.may("messages:write", branch.pk) and queries.has_reminder()
        return self.answer({"is_ready": is_ready, "items": items, "total": len(items)})

    @extend_schema(request=ReminderIn, responses={201: ReminderOut})
    def create(self, request: StaffRequest) -> Response:
        """Remind a patient of a visit, with the one text for it. It waits out quiet hours and the limit per minute.

        Refused: `no_phone`, `nothing_to_remind`, `already_reminded`, and as a message by hand is."""
        appointment = self.read(ReminderIn)["appointment"]
        message = actions.remind(appointment=appointment, by=request.user, now=timezone.now())
        shown = {
            "appointment": appointment.pk,
            "state": message.state,
            "created_at": message.created_at,
        }
        return self.answer(shown, status=201)
