"""The interface: one page for every address that is not the API's, the admin's or a file's."""

from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe


@lru_cache(maxsize=1)
def _page(changed_at: float) -> bytes:
    return (settings.FRONTEND_DIST / "index.html").read_bytes()


@require_safe
def interface(request: HttpRequest) -> HttpResponse:
    index = settings.FRONTEND_DIST / "index.html"
    if not index.exists():
        return HttpResponse("The interface has not been built: npm run build", status=503)
    response = HttpResponse(_page(index.stat().st_mtime), content_type="text/html; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response
