import hashlib
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from rest_framework.response import Response


def make(*parts: Any) -> str:
    """A tag of release, language and whatever decides the content."""
    text = "|".join(str(part) for part in (settings.RELEASE, get_language(), *parts))
    return f'"{hashlib.blake2b(text.encode(), digest_size=12).hexdigest()}"'


def answer(request: Any, tag: str, produce: Callable[[], Any]) -> Response:
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    given = request.META.get("HTTP_IF_NONE_MATCH", "")
    if tag in (part.strip().removeprefix("W/") for part in given.split(",")):
        return Response(None, status=304, headers=headers)
    return Response(produce(), headers=headers)
