"""What a stranger sees when a request cannot even begin, or when we have made a mistake: our shape under /api/."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _

from apps.core import errors

MALFORMED = _("The body cannot be read.")
BROKEN = _("Something broke on our side. Nothing was changed.")


def _answer(request: HttpRequest, status: int, code: str, message: Any) -> HttpResponse:
    if request.path.startswith("/api/"):
        return JsonResponse(errors.body(code, message), status=status)
    return HttpResponse(str(message), status=status, content_type="text/plain; charset=utf-8")


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """A body that is too large, a strange host, broken HTTP."""
    return _answer(request, 400, "malformed", MALFORMED)


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _answer(request, 403, errors.Forbidden.code, errors.Forbidden.message)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _answer(request, 404, errors.NotFound.code, errors.NotFound.message)


def broken(request: HttpRequest) -> HttpResponse:
    return _answer(request, 500, "broken", BROKEN)
