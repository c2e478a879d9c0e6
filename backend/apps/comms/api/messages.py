from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.comms import actions, preferences, queries, reach, texts
from apps.comms.models import Channel, Message, Template
from apps.comms.quiet import quiet_until
from apps.comms.texts import Occasion
from apps.core import screens
from apps.core.api import In, ListIn, Money, Out, StaffRequest, TenantKey, TenantViewSet
from apps.core.api.periods import Period
from apps.core.caller import asking
from apps.core.errors import Forbidden
from apps.core.events import viewed
from apps.core.kz.phone import mask_phone
from apps.core.kz.sms import measure
from apps.core.schema import page_schema
from apps.patients.models import Patient

LANGUAGES = [("ru", "Русский"), ("kk", "Қазақша")]


class Named(Out):
    id = serializers.UUIDField()
    name = serializers.CharField()


class MessageOut(Out):
    id = serializers.UUIDField()
    created_at = serializers.DateTimeField(help_text="When somebody, or the booking, wrote it.")
    sent_at = serializers.DateTimeField(allow_null=True, help_text="When the provider took it.")
    state = serializers.ChoiceField(
        choices=Message.State.choices,
        help_text="`unknown`: no answer; the provider is being asked.",
    )
    error = serializers.CharField(help_text="Why it failed, a word for the program; else empty.")
    channel = serializers.ChoiceField(choices=Channel.choices)
    purpose = serializers.ChoiceField(choices=Template.Purpose.choices)
    phone = serializers.CharField(help_text="E.164; masked for who may not see contacts.")
    text = serializers.CharField()
    segments = serializers.IntegerField(help_text="Parts, which is what the operator bills.")
    cost = Money(help_text="Tenge, by the price of that moment.")
    patient = Named(allow_null=True)
    branch = Named(allow_null=True)
    template = Named(allow_null=True)
    created_by = serializers.CharField(
        help_text="Short name of the author; empty: nobody in person."
    )


class MessageListIn(Period, ListIn):
    state = serializers.ChoiceField(choices=Message.State.choices, required=False)
    patient = serializers.UUIDField(required=False, help_text="Messages to this patient.")


class ReachablePatient(TenantKey):
    """A patient whom the caller may see; any other does not exist."""

    def get_queryset(self) -> Any:
        caller = asking()
        return reach.patients(caller.scope("patients:read"), caller.user).select_related("branch")


class SendIn(In):
    patient = ReachablePatient(Patient.objects)
    template = TenantKey(
        Template.objects,
        required=False,
        allow_null=True,
        help_text="A text of the organisation; or `text`.",
    )
    text = serializers.CharField(
        max_length=1000,
        required=False,
        allow_blank=True,
        help_text="Written by hand, placeholders allowed.",
    )
    channel = serializers.ChoiceField(choices=Channel.choices, default=Channel.SMS)
    language = serializers.ChoiceField(
        choices=LANGUAGES, default="ru", help_text="Of the template."
    )

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        if bool(data.get("template")) == bool(data.get("text")):
            raise serializers.ValidationError({"text": _("Choose a template or write a text.")})
        return data


class PreviewIn(In):
    patient = ReachablePatient(Patient.objects)
    template = TenantKey(Template.objects)
    language = serializers.ChoiceField(choices=LANGUAGES, default="ru")


class PreviewOut(Out):
    text = serializers.CharField(help_text="As the patient would read it.")
    phone = serializers.CharField(
        help_text="Where it would go, masked when contacts are not yours to see."
    )
    encoding = serializers.CharField(help_text="`GSM-7` or `UCS-2`.")
    units = serializers.IntegerField(help_text="Length in units of that encoding.")
    segments = serializers.IntegerField(help_text="Parts.")
    cost = Money()
    send_at = serializers.DateTimeField(help_text="Now, or the end of quiet hours.")


class MessageViewSet(TenantViewSet):
    queryset = Message.objects.none()
    serializer_class = MessageOut
    permission = "messages:read"
    write_permission = "messages:write"

    @extend_schema(parameters=[MessageListIn], responses=page_schema(MessageOut, "MessagePage"))
    def list(self, request: StaffRequest) -> Response:
        """The log of messages, the newest first."""
        query = self.read(MessageListIn)
        screens.seen("messages_list", by=request.user)
        rows = reach.messages(self.reach, request.user)
        return self.answer(queries.page_of_messages(rows, query, self._phone))

    @extend_schema(request=SendIn, responses={201: MessageOut})
    def send(self, request: StaffRequest) -> Response:
        """Send a message to a patient: `template` or `text`. It waits out quiet hours and the limit per minute.

        Refusals: `no_phone`, `unknown_placeholder`, `placeholder_empty`, `text_too_long`.
        """
        data, now = self.read(SendIn), timezone.now()
        occasion = self._occasion(data, now, self.reach)
        if not self.reach.covers(occasion.branch.pk if occasion.branch else None):
            raise Forbidden
        message = actions.send(
            occasion=occasion,
            template=data.get("template"),
            text=data.get("text") or "",
            language=data["language"],
            channel=data["channel"],
            by=request.user,
            now=now,
        )
        return self.answer(queries.one_message(message.pk, self._phone), status=201)

    @extend_schema(parameters=[PreviewIn], responses=PreviewOut)
    def preview(self, request: StaffRequest) -> Response:
        """What a patient would read, how many parts it has and what it costs. Nothing is stored."""
        data, now = self.read(PreviewIn), timezone.now()
        occasion = self._occasion(data, now, self.caller.scope("patients:read"))
        text = texts.written(
            texts.of_template(data["template"], data["language"]), occasion.values()
        )
        size, quiet = measure(text), preferences.quiet_hours(occasion.branch)
        patient = occasion.patient.pk
        viewed("patients", patient, by=request.user, patient_id=patient, what="message")
        return self.answer(
            {
                "text": text,
                "phone": self._phone(
                    occasion.patient.phone, occasion.branch and occasion.branch.pk
                ),
                "encoding": size.encoding,
                "units": size.units,
                "segments": size.segments,
                "cost": preferences.cost(size.segments, occasion.branch),
                "send_at": quiet_until(now, quiet.zone, quiet.start, quiet.end) or now,
            }
        )

    def _occasion(self, data: dict[str, Any], now: Any, scope: Any) -> Occasion:
        patient, template = data["patient"], data.get("template")
        text = texts.of_template(template, data["language"]) if template else data["text"]
        visit = texts.next_visit(patient, now) if texts.needs_visit(text) else None
        return Occasion(patient, reach.branch_to_write_from(patient, scope), visit)

    def _phone(self, phone: str, branch_id: Any) -> str:
        scope = self.caller.scope("patients:contacts")
        clear = scope.covers(branch_id) or scope.own or (branch_id is None and bool(scope))
        return phone if clear or not phone else mask_phone(phone)
