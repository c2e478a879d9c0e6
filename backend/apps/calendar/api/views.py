from typing import Any, ClassVar
from uuid import UUID

import orjson
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.calendar import views
from apps.calendar.models import SavedView
from apps.core import versions
from apps.core.api import In, ListIn, Out, PatchIn, StaffRequest, TenantViewSet, page_of
from apps.core.schema import page_schema

_LARGEST = 4096  # bytes


class Look(serializers.DictField):
    """Words of the calendar's address and their values. The page that reads them again leaves out what it does not know."""

    child = serializers.CharField(max_length=400)

    def to_internal_value(self, data: Any) -> dict[str, str]:
        look: dict[str, str] = super().to_internal_value(data)
        if any(not name.isidentifier() or len(name) > 40 for name in look):
            raise serializers.ValidationError(_("A name of a setting is one word."))
        if len(orjson.dumps(look)) > _LARGEST:
            raise serializers.ValidationError(_("This view is too large to keep."))
        return look


class ViewIn(In):
    name = serializers.CharField(max_length=60, help_text="As its owner calls it.")
    look = Look(help_text="Settings of the page, each a text; at most 4 KB, and no patient in it.")
    is_default = serializers.BooleanField(
        default=False, help_text="The calendar opens with it; no other one does."
    )


class ViewPatch(PatchIn, ViewIn):
    pass


class ViewOut(Out):
    id = serializers.UUIDField(help_text="The view.")
    version = serializers.IntegerField(help_text="Send it back with a change.")
    name = serializers.CharField(help_text="As its owner calls it.")
    look = serializers.DictField(child=serializers.CharField(), help_text="Settings of the page.")
    is_default = serializers.BooleanField(help_text="The calendar opens with it.")


ViewPage = page_schema(ViewOut, "ViewPage")


class SavedViewSet(TenantViewSet):
    """Saved views: how the caller likes to look at the calendar. Everybody has only his own."""

    queryset = SavedView.objects.none()
    serializer_class = ViewOut
    permission = "appointments:read"
    write_permission = "appointments:read"
    permissions: ClassVar = {}

    @extend_schema(parameters=[ListIn], responses=ViewPage)
    def list(self, request: StaffRequest) -> Response:
        """The caller's views, by name."""
        rows = self._rows().order_by("name", "id")
        return self.answer(
            page_of(rows, self.read(ListIn), lambda some: ViewOut(some, many=True).data)
        )

    @extend_schema(request=ViewIn, responses={201: ViewOut})
    def create(self, request: StaffRequest) -> Response:
        """Keep a view under a new name."""
        return self.show(views.save_view(**self.read(ViewIn), by=request.user), status=201)

    @extend_schema(request=ViewPatch, responses=ViewOut)
    def partial_update(self, request: StaffRequest, pk: UUID) -> Response:
        """Another name or look, or make it the default. Refused: `stale`."""
        data = self.read(ViewPatch)
        view = versions.locked(self._rows(), pk, data.pop("version"))
        return self.show(views.change_view(view=view, changes=data, by=request.user))

    @extend_schema(request=None, responses={204: None})
    def destroy(self, request: StaffRequest, pk: UUID) -> Response:
        """Forget a view."""
        views.remove_view(view=versions.locked(self._rows(), pk), by=request.user)
        return self.answer(None, status=204)

    def _rows(self) -> Any:
        return SavedView.objects.filter(user=self.caller.user)
