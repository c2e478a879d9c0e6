"""The API description: operations are `<resource>_<action>`, the tag is the resource, the word that the socket says."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers

from apps.core.api.fields import Out


class ErrorOut(Out):
    code = serializers.CharField(
        help_text="For the program, e.g. `invalid`, `slot_taken`, `stale`."
    )
    message = serializers.CharField(help_text="For the person, in the caller's language.")
    fields_ = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text="Field path → messages.",
    )
    details = serializers.DictField(help_text="Typed per code, see the operation.")

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        fields["fields"] = fields.pop("fields_")
        return fields


class ResourceSchema(AutoSchema):
    def get_operation_id(self) -> str:
        view: Any = self.view
        if hasattr(view, "basename") and getattr(view, "action", None):
            return f"{view.basename}_{view.action}".replace("-", "_")
        return f"{self.get_tags()[0]}_{getattr(view, 'name', None) or self.method.lower()}"

    def get_tags(self) -> list[str]:
        view: Any = self.view
        return [str(getattr(view, "basename", None) or getattr(view, "resource", "auth"))]

    def _is_list_view(self, serializer: Any = None) -> bool:
        # Our lists say so themselves (`page_schema`); the name of an action says nothing.
        return isinstance(serializer, serializers.ListSerializer)

    def get_description(self) -> str:  # type: ignore[override]
        view: Any = self.view
        action = getattr(view, "action", None) or self.method.lower()
        return getattr(getattr(view, action, None), "__doc__", None) or view.__doc__ or ""

    def _get_response_bodies(self, direction: Any = "response") -> Any:
        bodies = super()._get_response_bodies(direction)
        if direction != "response":
            return bodies
        error = self._get_response_for_code(ErrorOut, "400")
        for status, text in _REFUSALS.items():
            bodies.setdefault(status, {**error, "description": text})
        return bodies


_REFUSALS = {
    "400": "Invalid input",
    "401": "Not logged in, or the session has ended",
    "403": "No right to do this",
    "404": "Not found",
    "409": "Conflict with what is recorded: `slot_taken`, `stale`, `in_flight`, …",
    "422": "The idempotency key was used for another body",
    "429": "Too many requests",
    "503": "Busy; nothing was changed",
}


class BearerScheme(OpenApiAuthenticationExtension):
    target_class = "apps.core.authentication.SessionAuthentication"
    name = "access"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}


def page_schema(item: Any, name: str) -> Any:
    """The answer of a list of `item`: ``{"items", "total", "next"}``. ``name`` is the component's name."""
    fields = {
        "items": serializers.ListField(child=item())
        if not isinstance(item, type)
        else item(many=True),
        "total": serializers.IntegerField(help_text="How many there are in all."),
        "next": serializers.IntegerField(allow_null=True, help_text="The next page, or null."),
    }
    return type(name, (Out,), fields)
