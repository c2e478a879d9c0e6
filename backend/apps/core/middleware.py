import logging
import re
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from apps.core.ids import uuid7

Next = Callable[[HttpRequest], HttpResponse]
log = logging.getLogger("clinic.request")

_KEEP_SLASH = ("/api/docs/", "/api/schema/")


class ContractPaths:
    """Both spellings of a contract path are one route: a trailing slash is removed and ``/api/comms/`` means
    ``/api/v1/comms/``, before routing and without a redirect, so that the body of a POST survives."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        path = request.path_info
        if path.startswith("/api/") and path not in _KEEP_SLASH:
            path = re.sub(r"^/api/comms(?=/|$)", "/api/v1/comms", path)
            if path != "/api/":
                path = path.rstrip("/")
            request.path_info = request.path = path
        return self.get_response(request)


class RequestLog:
    """One line a request: route, status, time. Never the address's values, the query or the body."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        number = uuid7().hex
        response = self.get_response(request)
        response["X-Request-Id"] = number
        if not request.path.startswith(("/static/", "/health/")):
            log.info(
                "request",
                extra={
                    "id": number,
                    "method": request.method,
                    "route": request.resolver_match.route if request.resolver_match else "-",
                    "status": response.status_code,
                    "ms": round((time.perf_counter() - began) * 1000, 1),
                },
            )
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """What kind and where; never its text, which may hold a patient's data."""
        match = request.resolver_match
        log.error("broken", extra={"route": match.route if match else "-"}, exc_info=exception)


class SecurityHeaders:
    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        host = request.META.get("HTTP_HOST", "localhost").rsplit(":", 1)[0]
        host = host if re.fullmatch(r"[A-Za-z0-9.\-\[\]:]+", host) else "localhost"
        sockets = f"ws://{host}:{settings.WS_PORT} wss://{host}:{settings.WS_PORT}"
        response.setdefault(
            "Content-Security-Policy",
            "default-src 'self'; "
            f"connect-src 'self' {sockets} ws://{host}:* wss://{host}; "
            "img-src 'self' data: blob:; font-src 'self' data:; style-src 'self' 'unsafe-inline'; "
            f"script-src 'self'{_DOCS if request.path.startswith('/api/docs') else ''}; "
            "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
        )
        response.setdefault("X-Content-Type-Options", "nosniff")
        response.setdefault("Referrer-Policy", "same-origin")
        response.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        response.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        if request.is_secure():
            response.setdefault("Strict-Transport-Security", "max-age=31536000")
        if request.path.startswith("/api/"):
            response.setdefault("Cache-Control", "no-store")
        return response


_DOCS = " 'unsafe-inline'"
