"""One shape for every refusal: ``{"code", "message", "fields", "details"}``.

The code is for the program, the message for the person, the fields for the form, the details (typed per code) for the
next step.
"""

from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied as DjangoPermissionDenied
from django.db import DataError, IntegrityError, OperationalError
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.response import Response

DEADLOCK, SERIALIZATION = "40P01", "40001"
_LIMITS = {
    "55P03",
    "57014",
    "25P03",
    "57P01",
    "53300",
}  # lock, statement, idle limits; shutdown; too many


class DomainError(Exception):
    """A rule said no."""

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409
    message: ClassVar[Any] = _("The action is not possible.")

    def __init__(
        self,
        *,
        details: dict[str, Any] | None = None,
        fields: dict[str, list[Any]] | None = None,
        message: Any = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(self.code)
        self.details = details or {}
        self.fields = fields or {}
        self.headers = headers or {}
        self.text = message or self.message


class InvalidInput(DomainError):
    """A field error that only an action could find: ``InvalidInput(fields={"ends_at": [_("…")]})``."""

    code = "invalid"
    status = 400
    message = _("Check the highlighted fields.")


def refuse_twin(rows: Any, field: str, but: Any = None) -> None:
    """A friendlier word than the unique constraint, which still decides when two people save together."""
    if (rows.exclude(pk=but.pk) if but else rows).exists():
        raise InvalidInput(fields={field: [_("There is already one like this.")]})


class Forbidden(DomainError):
    code = "permission_denied"
    status = 403
    message = _("You have no right to do this.")


class NotFound(DomainError):
    code = "not_found"
    status = 404
    message = _("Not found.")


class Busy(DomainError):
    code = "busy"
    status = 503
    message = _("The system is busy. Nothing was changed; try again in a moment.")


_MESSAGES = {
    401: ("not_authenticated", _("Log in again.")),
    403: ("permission_denied", _("You have no right to do this.")),
    404: ("not_found", _("Not found.")),
    405: ("method_not_allowed", _("This method is not allowed here.")),
    406: ("not_acceptable", _("This format is not available.")),
    415: ("unsupported_media_type", _("Send JSON.")),
    429: ("throttled", _("Too many requests. Wait a little.")),
}


def body(code: str, message: Any, fields: Any = None, details: Any = None) -> dict[str, Any]:
    return {"code": code, "message": str(message), "fields": fields or {}, "details": details or {}}


def flatten(errors: Any, path: str = "") -> dict[str, list[str]]:
    """DRF's nested errors as ``{"works.0.price": ["…"]}``."""
    if isinstance(errors, dict):
        flat: dict[str, list[str]] = {}
        for name, inner in errors.items():
            flat |= flatten(inner, f"{path}.{name}" if path else str(name))
        return flat
    if isinstance(errors, list) and any(isinstance(e, dict | list) for e in errors):
        flat = {}
        for index, inner in enumerate(errors):
            flat |= flatten(inner, f"{path}.{index}" if path else str(index))
        return flat
    texts = errors if isinstance(errors, list) else [errors]
    return {path or "non_field_errors": [str(text) for text in texts]}


def sqlstate(error: BaseException) -> str:
    return getattr(error.__cause__, "sqlstate", None) or ""


def is_retryable(error: BaseException) -> bool:
    return isinstance(error, OperationalError) and sqlstate(error) in {DEADLOCK, SERIALIZATION}


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    if isinstance(error, DomainError):
        return Response(
            body(error.code, error.text, error.fields, error.details),
            status=error.status,
            headers=error.headers,
        )
    if isinstance(error, exceptions.ValidationError):
        fields = flatten(error.detail)
        return Response(body("invalid", InvalidInput.message, fields), status=400)
    if isinstance(error, exceptions.ParseError):
        return Response(body("malformed", _("The body cannot be read.")), status=400)
    if isinstance(error, Http404 | DjangoPermissionDenied):
        status = 404 if isinstance(error, Http404) else 403
        return Response(body(*_MESSAGES[status]), status=status)
    if isinstance(error, exceptions.APIException):
        code, message = _MESSAGES.get(error.status_code, ("error", error.detail))
        headers = {}
        if getattr(error, "wait", None):
            headers["Retry-After"] = str(int(error.wait))  # type: ignore[attr-defined]
        if getattr(error, "auth_header", None):
            headers["WWW-Authenticate"] = error.auth_header  # type: ignore[attr-defined]
        return Response(body(code, message), status=error.status_code, headers=headers)
    if isinstance(error, DataError):
        # A value that no field of ours refused and the database did: out of range, a NUL in a text.
        return Response(body("invalid", InvalidInput.message), status=400)
    if isinstance(error, IntegrityError) and sqlstate(error) in {
        "23505",
        "23503",
        "23514",
        "23P01",
    }:
        return Response(
            body("conflict", _("This contradicts what is already recorded.")), status=409
        )
    if isinstance(error, OperationalError):
        return Response(body(Busy.code, Busy.message), status=503, headers={"Retry-After": "1"})
    return None
