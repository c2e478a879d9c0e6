from decimal import Decimal
from typing import Any

import orjson
from django.utils.functional import Promise
from rest_framework.exceptions import ParseError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import JSONParser
from rest_framework.renderers import JSONRenderer


def encode(data: Any) -> bytes:
    """JSON as the API speaks it: moments in ISO 8601, ids as text, money as text with two places."""
    return orjson.dumps(data, default=_default, option=orjson.OPT_NON_STR_KEYS)


def _default(value: Any) -> Any:
    if isinstance(value, Decimal | Promise):
        return str(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(type(value).__name__)


class Renderer(JSONRenderer):
    charset = None

    def render(
        self, data: Any, accepted_media_type: Any = None, renderer_context: Any = None
    ) -> bytes:
        if data is None:
            return b""
        return data if isinstance(data, bytes) else encode(data)


class AsItIs(DefaultContentNegotiation):
    """An answer has one form, whatever the asking program says it accepts: JSON, or the file that was asked for, whose
    refusals are JSON like all others."""

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


class Parser(JSONParser):
    """Bodies up to 1 MB (settings), not deeper than orjson allows, without NUL characters."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        try:
            raw = stream.read()
            data = orjson.loads(raw)
        except (orjson.JSONDecodeError, ValueError):
            raise ParseError from None
        if b"\\u0000" in raw and _has_nul(data):
            raise ParseError
        return data


def _has_nul(value: Any) -> bool:
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, dict):
        return any(_has_nul(v) or _has_nul(k) for k, v in value.items())
    return isinstance(value, list) and any(_has_nul(v) for v in value)
