"""`Idempotency-Key`: the same key and body get the same answer, and the effect exists once.

The key row commits with its effect. A copy in flight is refused with 409 ``in_flight`` (advisory lock); the same key
with another body with 422. Views say ``idempotent = "required"`` (money, stock) or leave it honoured when sent.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.response import Response

from apps.core import inserts, prepared, render, tenancy
from apps.core.errors import DomainError, InvalidInput
from apps.core.models.journal import IdempotencyKey


class InFlight(DomainError):
    code = "in_flight"
    message = _("The same request is still being processed.")


class KeyReused(DomainError):
    code = "key_reused"
    status = 422
    message = _("This key was already used for another request.")


class Replay(Exception):
    def __init__(self, response: Response) -> None:
        self.response = response


@dataclass(frozen=True)
class Begun:
    key: str
    operation: str
    actor_id: Any
    body_digest: bytes


def begin(request: Any, view: Any) -> Begun | None:
    if request.method != "POST" or tenancy.organization_or_none() is None:
        return None
    key = request.META.get("HTTP_IDEMPOTENCY_KEY", "").strip()
    if not key:
        required = getattr(view, "idempotent", "")
        if required == "required" or getattr(view, "action", None) in (required or ()):
            raise InvalidInput(fields={"Idempotency-Key": [str(_("This header is required."))]})
        return None
    if len(key) > 80 or not key.isprintable():
        raise InvalidInput(fields={"Idempotency-Key": [str(_("At most 80 printable characters."))]})
    operation = f"{request.method} {request.path}"[:120]
    digest = hashlib.sha256(request._request.body).digest()
    begun = Begun(key, operation, request.user.pk, digest)
    if not _lock(begun):
        raise InFlight
    known = _known(begun)
    if known is None:
        return begun
    known_digest, status, answer = known
    if bytes(known_digest) != digest:
        raise KeyReused
    raise Replay(Response(bytes(answer) or None, status=status))


def keep(begun: Begun, response: Response) -> None:
    """A view whose answer holds something that is shown once sets ``response.kept`` to what may be repeated."""
    data = getattr(response, "kept", response.data)
    kept = IdempotencyKey(
        key=begun.key,
        operation=begun.operation,
        actor_id=begun.actor_id,
        body_digest=begun.body_digest,
        status=response.status_code,
        answer=b"" if data is None else render.Renderer().render(data),
    )
    inserts.insert([kept])


def _known(begun: Begun) -> tuple[Any, ...] | None:
    return prepared.one(  # type: ignore[no-any-return]
        "SELECT body_digest, status, answer FROM core_idempotencykey"
        " WHERE organization_id = %s AND actor_id = %s AND operation = %s AND key = %s",
        [tenancy.current_organization_id(), begun.actor_id, begun.operation, begun.key],
    )


def _lock(begun: Begun) -> bool:
    name = f"{tenancy.current_organization_id()} {begun.actor_id} {begun.operation} {begun.key}"
    number = int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), signed=True)
    return bool(prepared.one("SELECT pg_try_advisory_xact_lock(%s)", [number])[0])
