"""`/ws/calendar?branch={id}`: tells a browser that something of its branch has changed, and nothing else.

The proof is a ticket of 30 seconds, sent as a subprotocol so that it stands in no address and no log. Identity and
branch are checked before the socket is accepted; a session that ends takes its sockets with it, at once through its
own group and at the latest with the next sweep.
"""

import asyncio
from typing import Any, ClassVar
from urllib.parse import parse_qs
from uuid import UUID

from asgiref.sync import sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.urls import path
from django.utils import timezone

from apps.core import realtime, tokens
from apps.core.authentication import living_caller
from apps.core.tenancy import tenant

SWEEP_SECONDS = 4
UNKNOWN, FORBIDDEN = 4401, 4403


class BranchConsumer(AsyncJsonWebsocketConsumer):
    living: ClassVar[dict["BranchConsumer", UUID]] = {}
    sweeper: ClassVar["asyncio.Task[None] | None"] = None

    groups_joined: tuple[str, ...] = ()

    async def connect(self) -> None:
        claims, refusal = await self._admit()
        if claims is None:
            await self.close(code=refusal)
            return
        assert claims.organization_id and claims.branch_id
        self.groups_joined = (
            realtime.branch_group(claims.organization_id, claims.branch_id),
            realtime.organization_group(claims.organization_id),
            realtime.session_group(claims.session_id),
        )
        for group in self.groups_joined:
            await self.channel_layer.group_add(group, self.channel_name)
        await self.accept("clinic.v1")
        self.living[self] = claims.session_id
        self._keep_sweeping()

    async def disconnect(self, code: int) -> None:
        self.living.pop(self, None)
        for group in self.groups_joined:
            await self.channel_layer.group_discard(group, self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if text_data == "ping":  # browsers have nothing else to say here
            await self.send(text_data="pong")

    async def changed(self, event: dict[str, Any]) -> None:
        await self.send_json(event["message"])

    async def revoked(self, event: dict[str, Any]) -> None:
        await self.close(code=UNKNOWN)

    async def _admit(self) -> tuple[tokens.Claims | None, int]:
        if not self._from_us():
            return None, FORBIDDEN
        offered = self.scope.get("subprotocols") or []
        ticket = next((p.removeprefix("ticket.") for p in offered if p.startswith("ticket.")), "")
        try:
            claims = tokens.read("socket", ticket)
            branch_id = UUID(parse_qs(self.scope["query_string"].decode())["branch"][0])
        except (tokens.BadToken, KeyError, ValueError, UnicodeDecodeError):
            return None, UNKNOWN
        if claims.branch_id != branch_id or claims.organization_id is None:
            return None, FORBIDDEN
        verdict = await in_database(_verdict, claims)
        return (None, verdict) if verdict else (claims, 0)

    def _from_us(self) -> bool:
        """Browsers name their origin; a page of somebody else may not listen with our user's ticket."""
        origin = dict(self.scope["headers"]).get(b"origin", b"").decode("latin-1")
        host = dict(self.scope["headers"]).get(b"host", b"").decode("latin-1")
        return not origin or origin in settings.ALLOWED_ORIGINS or origin.split("://")[-1] == host

    def _keep_sweeping(self) -> None:
        cls = type(self)
        if cls.sweeper is None or cls.sweeper.done():
            cls.sweeper = asyncio.get_running_loop().create_task(_sweep(cls))


def _verdict(claims: tokens.Claims) -> int:
    """0: welcome; else the code to close with."""
    assert claims.organization_id and claims.branch_id
    with tenant(claims.organization_id):
        caller = living_caller(claims)
        if caller is None:
            return UNKNOWN
        branches = apps.get_model("org", "Branch").objects
        scope = caller.scope("appointments:read")
        seen = scope.covers(claims.branch_id) or scope.own
        return 0 if seen and branches.filter(pk=claims.branch_id).exists() else FORBIDDEN


async def _sweep(cls: type[BranchConsumer]) -> None:
    """One statement for all sockets of the process, as long as there are any."""
    while cls.living:
        await asyncio.sleep(SWEEP_SECONDS)
        ended = await in_database(_ended, set(cls.living.values()))
        for consumer in [c for c, session in cls.living.items() if session in ended]:
            await consumer.close(code=UNKNOWN)


def _ended(session_ids: set[UUID]) -> set[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT s.id FROM core_session s JOIN core_user u ON u.id = s.user_id
               WHERE s.id = ANY(%s) AND s.ended_at IS NULL AND s.expires_at > %s AND u.is_active""",
            [list(session_ids), timezone.now()],
        )
        return session_ids - {row[0] for row in cursor.fetchall()}


async def in_database(function: Any, *arguments: Any) -> Any:
    """Run in a thread and give the connection back at once: sockets live long, connections must not."""

    def call() -> Any:
        try:
            return function(*arguments)
        finally:
            connection.close()

    return await sync_to_async(call, thread_sensitive=False)()


routes = [path("ws/calendar", BranchConsumer.as_asgi())]
