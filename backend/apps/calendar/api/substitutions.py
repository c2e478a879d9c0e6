from typing import Any, ClassVar
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.calendar import substitutions
from apps.calendar.api.moments import Day
from apps.core import versions
from apps.core.api import In, ListIn, Out, StaffRequest, TenantViewSet, page_of
from apps.core.schema import page_schema
from apps.staff.models import Substitution


class SubstitutionListIn(ListIn):
    branch = serializers.UUIDField(help_text="In this branch.")
    date_from = Day(required=False, help_text="That last until this day or longer.")


class SubstitutionIn(In):
    absent = serializers.UUIDField(help_text="Who does not work his hours.")
    substitute = serializers.UUIDField(help_text="Who works them.")
    branch = serializers.UUIDField(help_text="Where.")
    first_day = Day(help_text="The first day.")
    last_day = Day(help_text="The last day, included; at most 92 days.")
    note = serializers.CharField(
        max_length=250, allow_blank=True, default="", help_text="For the colleagues."
    )
    appointments = serializers.ChoiceField(
        [("move", "move"), ("leave", "leave"), ("waiting", "waiting")],
        default="move",
        help_text="What becomes of those that have not begun: the substitute's, left, or on the waiting list.",
    )
    unfit = serializers.ChoiceField(
        [("refuse", "refuse"), ("waiting", "waiting")],
        default="refuse",
        help_text="With `move`, when some do not fit: nothing is done, or those go to the waiting list.",
    )


class SubstitutionOut(Out):
    id = serializers.UUIDField(help_text="The substitution.")
    version = serializers.IntegerField(help_text="Its version.")
    branch_id = serializers.UUIDField(help_text="Where.")
    absent_id = serializers.UUIDField(help_text="Who does not work his hours.")
    absent_name = serializers.CharField(source="absent.short_name", help_text="His name.")
    substitute_id = serializers.UUIDField(help_text="Who works them.")
    substitute_name = serializers.CharField(source="substitute.short_name", help_text="His name.")
    first_day = serializers.DateField(help_text="The first day.")
    last_day = serializers.DateField(help_text="The last day, included.")
    note = serializers.CharField(help_text="For the colleagues.")


class SubstitutionDoneOut(SubstitutionOut):
    moved = serializers.IntegerField(help_text="Appointments that the substitute took over.")
    waiting = serializers.IntegerField(help_text="Appointments that went to the waiting list.")


SubstitutionPage = page_schema(SubstitutionOut, "SubstitutionPage")


class SubstitutionViewSet(TenantViewSet):
    """Somebody works another's hours for some days, and takes over his patients."""

    queryset = Substitution.objects.none()
    serializer_class = SubstitutionOut
    permission = "staff:read"
    write_permission = "staff:write"
    permissions: ClassVar = {}

    @extend_schema(parameters=[SubstitutionListIn], responses=SubstitutionPage)
    def list(self, request: StaffRequest) -> Response:
        """The substitutions of a branch."""
        query = self.read(SubstitutionListIn)
        rows = self._rows().filter(branch_id=query["branch"])
        if "date_from" in query:
            rows = rows.filter(last_day__gte=query["date_from"])
        rows = rows.select_related("absent", "substitute").order_by("first_day", "id")
        return self.answer(page_of(rows, query, lambda some: SubstitutionOut(some, many=True).data))

    @extend_schema(request=SubstitutionIn, responses={201: SubstitutionDoneOut})
    def create(self, request: StaffRequest) -> Response:
        """Let somebody work another's hours. Refused: `substitution_conflicts` with the appointments that do not fit,
        and then nothing is changed."""
        data = self.read(SubstitutionIn)
        ids = {f"{name}_id": data.pop(name) for name in ("absent", "substitute", "branch")}
        done = substitutions.substitute(
            **ids, **data, reach=self.reach, by=request.user, now=timezone.now()
        )
        shown = SubstitutionOut(done.substitution).data
        more = {"moved": done.moved, "waiting": len(done.entries)}
        return self.answer({**shown, **more}, status=201)

    @extend_schema(request=None, responses={204: None})
    def destroy(self, request: StaffRequest, pk: UUID) -> Response:
        """End a substitution: from today on everybody works his own hours. Appointments stay where they are."""
        row = versions.locked(self._rows(), pk)
        substitutions.end(substitution=row, by=request.user, now=timezone.now())
        return self.answer(None, status=204)

    def _rows(self) -> Any:
        rows = Substitution.objects.all()
        return rows if self.reach.all else rows.filter(branch_id__in=self.reach.branches)
