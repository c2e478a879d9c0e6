from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.comms import actions, placeholders
from apps.comms.models import Channel, Template
from apps.core.api import In, ListIn, Out, StaffRequest, TenantViewSet, page_of, window
from apps.core.schema import page_schema

_TEXT = _("A text with placeholders, at most 1000 signs.")


class TemplateOut(Out):
    id = serializers.UUIDField()
    name = serializers.CharField(help_text="Unique in the organisation.")
    channel = serializers.ChoiceField(choices=Channel.choices)
    purpose = serializers.ChoiceField(
        choices=Template.Purpose.choices,
        help_text="`booking`: sent by itself when somebody is booked; one active per channel. `free`: by hand.",
    )
    text_ru = serializers.CharField(help_text="With placeholders, see `templates_placeholders`.")
    text_kk = serializers.CharField(help_text="In Kazakh; empty: the Russian one is used.")
    is_active = serializers.BooleanField()
    version = serializers.IntegerField(help_text="Send it back with a change.")


class TemplateIn(In):
    name = serializers.CharField(max_length=120, help_text="Unique in the organisation.")
    channel = serializers.ChoiceField(choices=Channel.choices, required=False, help_text="`sms`.")
    purpose = serializers.ChoiceField(
        choices=Template.Purpose.choices, required=False, help_text="`free` by default."
    )
    text_ru = serializers.CharField(
        max_length=1000, help_text="An unknown placeholder is refused: `unknown_placeholder`."
    )
    text_kk = serializers.CharField(
        max_length=1000, required=False, allow_blank=True, help_text="In Kazakh."
    )
    is_active = serializers.BooleanField(required=False, help_text="True by default.")


class TemplateChangeIn(TemplateIn):
    name = serializers.CharField(
        max_length=120, required=False, help_text="Unique in the organisation."
    )
    text_ru = serializers.CharField(max_length=1000, required=False, help_text="In Russian.")
    version = serializers.IntegerField(min_value=1, help_text="The version that was shown.")


class TemplateListIn(ListIn):
    is_active = serializers.BooleanField(
        required=False,
        allow_null=True,
        default=None,
        help_text="Only those in use, or only those not.",
    )
    purpose = serializers.ChoiceField(choices=Template.Purpose.choices, required=False)


class PlaceholderOut(Out):
    name = serializers.CharField(help_text="As it stands in a text, e.g. `_ИМЯ_ПАЦИЕНТА_`.")
    meaning = serializers.CharField(help_text="In the caller's language.")
    needs_visit = serializers.BooleanField(
        help_text="Only known when the message is about a visit."
    )


class TemplateViewSet(TenantViewSet):
    queryset = Template.objects.none()
    serializer_class = TemplateOut
    permission = "templates:read"
    write_permission = "templates:write"

    @extend_schema(parameters=[TemplateListIn], responses=page_schema(TemplateOut, "TemplatePage"))
    def list(self, request: StaffRequest) -> Response:
        """Texts for messages, by name."""
        query = self.read(TemplateListIn)
        rows = Template.objects.order_by("name", "id")
        if query["is_active"] is not None:
            rows = rows.filter(is_active=query["is_active"])
        if query.get("purpose"):
            rows = rows.filter(purpose=query["purpose"])
        return self.answer(
            page_of(rows, query, lambda items: list(TemplateOut(items, many=True).data))
        )

    @extend_schema(request=TemplateIn, responses={201: TemplateOut})
    def create(self, request: StaffRequest) -> Response:
        """Add a text."""
        template = actions.add_template(**self.read(TemplateIn), by=request.user)
        return self.show(template, status=201)

    @extend_schema(responses=TemplateOut)
    def retrieve(self, request: StaffRequest, pk: Any) -> Response:
        """One text."""
        return self.show(self.one(Template.objects, pk))

    @extend_schema(request=TemplateChangeIn, responses=TemplateOut)
    def partial_update(self, request: StaffRequest, pk: Any) -> Response:
        """Change a text; a stale `version` is refused with 409 `stale`."""
        changes = self.read(TemplateChangeIn)
        return self.show(actions.change_template(pk=pk, **changes, by=request.user))

    @extend_schema(responses=page_schema(PlaceholderOut, "PlaceholderPage"))
    def placeholders(self, request: StaffRequest) -> Response:
        """The placeholders that a text may hold."""
        rows = [
            {"name": name, "meaning": str(meaning), "needs_visit": name in placeholders.VISIT}
            for name, meaning in placeholders.MEANINGS.items()
        ]
        return self.answer(window(rows))
