"""`ws/calendar?branch=…`: tells a browser which resource has changed; the browser reads it again through the API.

The ticket comes as a subprotocol, never in the address. Frames hold a word and an id, nothing about a person, and only
of resources that the person may read (`permissions.NEWS`). A socket dies with its session: at once when the session is ended here, within seconds (a sweep) when it ends in any other way.
When the layer behind is silent the sockets are closed, so that browsers poll instead of trusting a dead line.
"""

import asyncio
import logging
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

import orjson
from channels.consumer import get_handler_name
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.apps import apps
from django.conf import settings
from django.urls import path, re_path
from django.utils import timezone
from redis import asyncio as aioredis

from apps.core import realtime, tenancy, tokens
from apps.core.auth import sessions
from apps.core.authentication import living_caller
from apps.core.permissions import news_in

log = logging.getLogger(__name__)

PROTOCOL = "clinic.v1"
NOT_KNOWN, NOT_ALLOWED, AGAIN = 4401, 4403, 1012
SWEEP_EVERY = timedelta(seconds=2)
PATIENCE = 3.0  # seconds that the layer has to answer


class Refused(Exception):
    def __init__(self, code: int) -> None:
        self.code = code


class BranchConsumer(AsyncWebsocketConsumer):
    session_id: UUID | None = None
    news: frozenset[str] = frozenset()

    async def connect(self) -> None:
        try:
            claims, self.news = await admit(self.scope)
            self.session_id = claims.session_id
            watch.add(self)
            await asyncio.wait_for(self._join(claims), PATIENCE)
        except Refused as refused:
            await self.close(refused.code)
        except Exception as error:  # the layer or the database is away: the browser comes again
            log.warning("socket not opened", extra={"reason": type(error).__name__})
            watch.remove(self)
            await self.close(AGAIN)
        else:
            await self.accept(PROTOCOL)

    async def dispatch(self, message: dict[str, Any]) -> None:
        """As Channels does it, but without closing old database connections first: that is a trip to a thread for each
        socket and message, and ``database_sync_to_async`` closes them where the database is really asked."""
        await getattr(self, get_handler_name(message))(message)

    async def _join(self, claims: tokens.Claims) -> None:
        assert claims.organization_id and claims.branch_id
        self.groups = [
            realtime.session_group(claims.session_id),
            realtime.branch_group(claims.organization_id, claims.branch_id),
            realtime.organization_group(claims.organization_id),
        ]
        for group in self.groups:
            await self.channel_layer.group_add(group, self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if text_data == "ping":
            await self.send("pong")

    async def disconnect(self, code: int) -> None:
        watch.remove(self)

    async def changed(self, event: dict[str, Any]) -> None:
        message = event["message"]
        if message["resource"] not in self.news:
            return
        frame = {
            name: message[name] for name in ("resource", "id", "by", "version") if name in message
        }
        await self.send(orjson.dumps(frame).decode())

    async def revoked(self, event: dict[str, Any]) -> None:
        await self.close(NOT_KNOWN)


class Nowhere(AsyncWebsocketConsumer):
    async def connect(self) -> None:
        await self.close(4404)


async def admit(scope: dict[str, Any]) -> tuple[tokens.Claims, frozenset[str]]:
    """Whose socket this may be, and what he may hear. Raises ``Refused`` before anything is accepted.

    Rights are read once: when they change, the session's sockets are closed.
    """
    origin = dict(scope["headers"]).get(b"origin")
    if origin is not None and origin.decode("latin-1") not in settings.ALLOWED_ORIGINS:
        raise Refused(NOT_ALLOWED)
    offered = scope.get("subprotocols") or []
    tickets = [word.removeprefix("ticket.") for word in offered if word.startswith("ticket.")]
    if PROTOCOL not in offered or len(tickets) != 1:
        raise Refused(NOT_KNOWN)
    try:
        claims = tokens.read("socket", tickets[0])
        branch_id = UUID(parse_qs(scope["query_string"].decode("latin-1"))["branch"][0])
    except tokens.BadToken:
        raise Refused(NOT_KNOWN) from None
    except (KeyError, ValueError):
        raise Refused(NOT_ALLOWED) from None
    if claims.organization_id is None or claims.branch_id != branch_id:
        raise Refused(NOT_ALLOWED)
    return claims, await database_sync_to_async(_rights)(claims)


def _rights(claims: tokens.Claims) -> frozenset[str]:
    assert claims.organization_id and claims.branch_id
    with tenancy.tenant(claims.organization_id):
        caller = living_caller(claims)
        is_ours = apps.get_model("org", "Branch").objects.filter(pk=claims.branch_id).exists()
    if caller is None:
        raise Refused(NOT_KNOWN)
    if not is_ours or not caller.sees_branch(claims.branch_id):
        raise Refused(NOT_ALLOWED)
    return news_in(claims.branch_id, caller.grants)


class HangUp:
    """Granian sends our close only when nobody waits for the browser's next word (it holds the line meanwhile), and
    Channels always waits. So before a close the waiting is given up, and afterwards the consumer hears that it is over."""

    def __init__(self, application: Any) -> None:
        self.application = application

    async def __call__(self, scope: Any, receive: Any, send: Any) -> Any:
        line = _Line(receive, send)
        await self.application(scope, line.receive, line.send)


class _Line:
    def __init__(self, receive: Any, send: Any) -> None:
        self._receive, self._send = receive, send
        self._waiting: asyncio.Future[Any] | None = None
        self._closing = False
        self._closed: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def receive(self) -> Any:
        if not self._closing:
            self._waiting = waiting = asyncio.ensure_future(self._receive())
            try:
                await asyncio.wait({waiting})
            except asyncio.CancelledError:
                waiting.cancel()
                raise
            if not waiting.cancelled():
                return waiting.result()
        return {"type": "websocket.disconnect", "code": await asyncio.shield(self._closed)}

    async def send(self, message: Any) -> None:
        if message["type"] != "websocket.close":
            return await self._send(message)
        self._closing = True
        if self._waiting is not None and not self._waiting.done():
            self._waiting.cancel()
            await asyncio.wait({self._waiting})
        await self._send(message)
        if not self._closed.done():
            self._closed.set_result(message.get("code") or 1000)


class Watch:
    """One sweep per process over all of its sockets, as long as there are any."""

    def __init__(self) -> None:
        self.sockets: set[BranchConsumer] = set()
        self.task: asyncio.Task[None] | None = None

    def add(self, socket: BranchConsumer) -> None:
        self.sockets.add(socket)
        if self.task is None or self.task.done():
            self.task = asyncio.get_running_loop().create_task(self._run())

    def remove(self, socket: BranchConsumer) -> None:
        self.sockets.discard(socket)

    async def _run(self) -> None:
        while self.sockets:
            await asyncio.sleep(SWEEP_EVERY.total_seconds())
            try:
                await self._close_ended()
                await self._close_deaf()
            except Exception as error:  # the database is away, and then nothing changes either
                log.warning("sockets not swept", extra={"reason": type(error).__name__})

    async def _close_ended(self) -> None:
        asked = list(self.sockets)  # others may join while the database answers
        ids = {socket.session_id for socket in asked}
        alive = await database_sync_to_async(_living_ids)(ids) if ids else set()
        await self._close([one for one in asked if one.session_id not in alive], NOT_KNOWN)

    async def _close_deaf(self) -> None:
        if self.sockets and not await layer_answers():
            await self._close(list(self.sockets), AGAIN)

    async def _close(self, sockets: list[BranchConsumer], code: int) -> None:
        for socket in sockets:
            self.remove(socket)
            await socket.close(code)


def _living_ids(ids: set[Any]) -> set[UUID]:
    rows = sessions.living(timezone.now()).filter(pk__in=ids)
    return set(rows.values_list("pk", flat=True))


async def layer_answers() -> bool:
    client = aioredis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE
    )
    try:
        return bool(await asyncio.wait_for(client.ping(), PATIENCE))
    except (TimeoutError, OSError, aioredis.RedisError):
        return False
    finally:
        await client.aclose()


watch = Watch()
routes = [  # an ASGI application each; the stubs think of views
    path("ws/calendar", HangUp(BranchConsumer.as_asgi())),  # type: ignore[arg-type]
    re_path(r"", HangUp(Nowhere.as_asgi())),  # type: ignore[arg-type]
]
