"""Through the real application of config.asgi, the real Valkey and a database where commits are real."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from channels.routing import get_default_application
from django.conf import settings
from django.db import connection
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Subprotocol

from apps.core import realtime, sockets, tokens
from apps.core.events import Event
from apps.core.models import Membership, Session, User
from apps.core.permissions import MATRIX, NEWS
from apps.core.tenancy import tenant
from embedded.ports import free
from embedded.pytest_plugin import application_address
from testing.clinics import Clinic, build_clinic
from testing.sockets import Socket

ORIGIN = (b"origin", b"http://localhost:8000")


@pytest.fixture
def ours(committed_db: str) -> Iterator[Clinic]:
    yield build_clinic()


@pytest.fixture(autouse=True)
def quick_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "SWEEP_EVERY", timedelta(milliseconds=100))
    monkeypatch.setattr(sockets, "watch", sockets.Watch())


def ticket(clinic: Clinic, role: str = "registrar", branch: Any = None, **client: Any) -> str:
    branch = branch or clinic.branch
    answer = clinic.client(role, client.get("of")).post(
        "/api/v1/auth/socket-ticket", {"branch": str(branch.pk)}
    )
    assert answer.status_code == 200, answer.content
    assert answer.json()["expires_in"] == 30
    assert answer.json()["ticket"] not in answer.json()["url"]
    return str(answer.json()["ticket"])


def socket(value: str | None, branch: Any, *headers: tuple[bytes, bytes]) -> Socket:
    protocols = [sockets.PROTOCOL] + ([f"ticket.{value}"] if value is not None else [])
    return Socket(
        get_default_application(),
        f"/ws/calendar?branch={branch}",
        list(headers) or [ORIGIN],
        protocols,
    )


def run(work: Callable[[], Awaitable[None]]) -> None:
    async def bounded() -> None:
        await asyncio.wait_for(work(), 60)

    asyncio.run(bounded())


def refused(value: str | None, branch: Any, *headers: tuple[bytes, bytes]) -> int:
    codes: list[int] = []

    async def work() -> None:
        accepted, code = await socket(value, branch, *headers).connect()
        assert not accepted
        codes.append(code)

    run(work)
    return codes[0]


def test_hears_what_changed_and_nothing_else(ours: Clinic) -> None:
    value = ticket(ours)
    message = {
        "resource": "appointments",
        "id": str(uuid4()),
        "by": str(uuid4()),
        "version": 7,
        "name": "Оспанова",
    }

    async def work() -> None:
        one = socket(value, ours.branch.pk)
        assert await one.connect() == (True, sockets.PROTOCOL)
        await one.send("ping")
        assert await one.hear() == "pong"
        notify = sync_to_async(realtime.notify)
        await notify(ours.pk, ours.other_branch.pk, message)
        await notify(uuid4(), ours.branch.pk, message)
        await notify(ours.pk, ours.branch.pk, message)
        assert json.loads(await one.hear()) == {
            name: message[name] for name in ("resource", "id", "by", "version")
        }
        await notify(ours.pk, None, message)
        assert json.loads(await one.hear())["id"] == message["id"]
        assert await one.is_quiet()
        await one.leave()

    run(work)


def test_hears_only_of_what_one_may_read(ours: Clinic) -> None:
    mixed = ours.user("registrar", ours.branch)
    with tenant(ours.pk):
        Membership.objects.create(user=mixed, role="cashier", branch=ours.other_branch)
    hears = {
        "warehouse": {"items"},
        "marketer": {"patients", "templates", "messages"},
        "accountant": {"patients", "visits", "invoices", "payments", "items", "cash-shifts"},
        "cashier": {"patients", "visits", "invoices", "payments", "cash-shifts", "appointments"},
        "doctor": {
            "patients",
            "visits",
            "invoices",
            "payments",
            "items",
            "messages",
            "appointments",
        },
        mixed: {
            "patients",
            "visits",
            "invoices",
            "payments",
            "messages",
            "appointments",
            "cash-shifts",
        },
    }
    watched = sorted(set().union(*hears.values()))

    async def work() -> None:
        for who, expected in hears.items():
            one = socket(values[who], ours.branch.pk)
            assert await one.connect() == (True, sockets.PROTOCOL)
            for resource in watched:
                message = {"resource": resource, "id": str(uuid4())}
                await sync_to_async(realtime.notify)(ours.pk, ours.branch.pk, message)
            heard = [json.loads(await one.hear())["resource"] for _ in expected]
            assert sorted(heard) == sorted(expected), who
            assert await one.is_quiet()
            await one.leave()

    def value_of(who: Any) -> str:
        client = ours.client(who) if isinstance(who, str) else ours.client_of(who)
        body = {"branch": str(ours.branch.pk)}
        return str(client.post("/api/v1/auth/socket-ticket", body).json()["ticket"])

    values = {who: value_of(who) for who in hears}
    run(work)


def test_each_event_has_its_hearers() -> None:
    def below(kind: type[Event]) -> set[type[Event]]:
        return {kind}.union(*(below(one) for one in kind.__subclasses__()))

    words = {kind.resource for kind in below(Event) if kind.__module__.startswith("apps.")}
    assert words - {""} <= set(NEWS)
    assert {code for needed in NEWS.values() for code in needed} <= set(MATRIX)


def test_refuses_strangers_before_accepting(ours: Clinic) -> None:
    rival = build_clinic(canary=True)
    branch, good = ours.branch.pk, ticket(ours)
    user = ours.user("registrar")
    now = datetime.now(UTC)
    session = Session.objects.create(
        user=user, organization_id=ours.pk, last_used_at=now, expires_at=now + timedelta(hours=1)
    )

    def made(kind: str = "socket", lasts: int = 30, **changes: Any) -> str:
        claims = {"user_id": user.pk, "session_id": session.pk, "organization_id": ours.pk,
                  "branch_id": branch} | changes  # fmt: skip
        return tokens.issue(kind, tokens.Claims(**claims), now=now, lasts=timedelta(seconds=lasts))

    assert refused(None, branch) == 4401
    assert refused("nonsense", branch) == 4401
    assert refused(made(lasts=-1), branch) == 4401
    assert refused(made(kind="access"), branch) == 4401
    assert refused(made(session_id=uuid4()), branch) == 4401
    assert refused(good, ours.other_branch.pk) == 4403
    assert refused(good, "") == 4403
    assert refused(good, branch, (b"origin", b"https://evil.example")) == 4403
    assert refused(ticket(rival), branch) == 4403
    foreign = made(branch_id=rival.branch.pk)
    assert refused(foreign, rival.branch.pk) in {4401, 4403}
    session.ended_at = now
    session.save()
    assert refused(made(), branch) == 4401


def test_a_ticket_is_only_for_branches_that_one_sees(ours: Clinic) -> None:
    rival = build_clinic(canary=True)

    def status(client: Any, branch: Any) -> int:
        return client.post("/api/v1/auth/socket-ticket", {"branch": str(branch.pk)}).status_code

    here = ours.client("registrar", ours.branch)
    assert status(here, ours.branch) == 200
    assert status(here, ours.other_branch) == 403
    assert status(here, rival.branch) == 400
    assert status(ours.client("doctor"), ours.branch) == 200
    assert status(ours.client("marketer"), ours.branch) == 200


def test_an_ended_session_closes_its_socket_at_once(ours: Clinic, monkeypatch: Any) -> None:
    monkeypatch.setattr(sockets, "SWEEP_EVERY", timedelta(minutes=1))
    client = ours.client("registrar")
    value = client.post("/api/v1/auth/socket-ticket", {"branch": str(ours.branch.pk)}).json()

    async def work() -> None:
        one = socket(value["ticket"], ours.branch.pk)
        await one.connect()
        await sync_to_async(client.post)("/api/v1/auth/logout")
        assert await one.closed() == 4401

    run(work)


@pytest.mark.parametrize("how", ["disabled", "expired", "idle"])
def test_the_sweep_closes_what_ended_otherwise(ours: Clinic, how: str) -> None:
    value = ticket(ours)
    stays = ticket(ours, "owner")
    user = ours.user("registrar")

    def end() -> None:
        past = datetime.now(UTC) - timedelta(hours=1)
        if how == "disabled":
            User.objects.filter(pk=user.pk).update(is_active=False)
        elif how == "expired":
            Session.objects.filter(user=user).update(expires_at=past)
        else:
            Session.objects.filter(user=user).update(last_used_at=past)

    async def work() -> None:
        one, other = socket(value, ours.branch.pk), socket(stays, ours.branch.pk)
        await one.connect()
        await other.connect()
        await sync_to_async(end)()
        assert await one.closed() == 4401
        assert await other.is_quiet(0.4)
        await other.leave()

    run(work)


def test_who_joins_while_the_sweep_asks_is_not_taken_for_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    watch, was, joins = sockets.Watch(), Looker(), Looker()
    watch.sockets.add(was)

    def nobody_lives(ids: set[Any]) -> set[Any]:
        watch.sockets.add(joins)
        return set()

    monkeypatch.setattr(sockets, "_living_ids", nobody_lives)
    run(watch._close_ended)

    assert (was.code, joins.code) == (4401, None)


class Looker(sockets.BranchConsumer):
    """A socket that only remembers how it was closed."""

    code: int | None = None

    def __init__(self) -> None:
        self.session_id = uuid4()

    async def close(self, code: int | None = None, reason: str | None = None) -> None:
        self.code = code


def test_a_changed_role_closes_the_socket(ours: Clinic, monkeypatch: Any) -> None:
    monkeypatch.setattr(sockets, "SWEEP_EVERY", timedelta(minutes=1))
    value, user = ticket(ours), ours.user("registrar")
    owner = ours.client("owner")
    elsewhere = {"role": "cashier", "branch": str(ours.other_branch.pk)}

    async def work() -> None:
        one = socket(value, ours.branch.pk)
        await one.connect()
        roles = {"version": 1, "roles": [elsewhere]}
        await sync_to_async(owner.patch)(f"/api/v1/users/{user.pk}", roles)
        assert await one.closed() == 4401

    run(work)
    with tenant(ours.pk):
        assert Membership.objects.get(user=user).role == "cashier"
    assert refused(value, ours.branch.pk) == 4403  # the old ticket, still within its 30 seconds


def test_a_silent_layer_closes_the_sockets(ours: Clinic, monkeypatch: Any) -> None:
    value = ticket(ours)

    async def deaf() -> bool:
        return False

    async def work() -> None:
        one = socket(value, ours.branch.pk)
        await one.connect()
        monkeypatch.setattr(sockets, "layer_answers", deaf)
        assert await one.closed() == 1012

    run(work)


def test_a_real_server_closes_the_line(ours: Clinic, tmp_path: Any) -> None:
    """Granian itself: it has opinions about when a close may be sent."""
    port = free()
    address = application_address(connection.settings_dict["NAME"])
    environment = {**os.environ, "DATABASE_URL": address, "WS_PORT": str(port)}
    arguments = ["--interface", "asginl", "config.asgi:application", "--port", str(port)]
    client = ours.client("registrar")
    body = {"branch": str(ours.branch.pk)}
    value = client.post("/api/v1/auth/socket-ticket", body).json()["ticket"]
    url = f"ws://127.0.0.1:{port}/ws/calendar?branch={ours.branch.pk}"
    protocols = [Subprotocol(sockets.PROTOCOL), Subprotocol(f"ticket.{value}")]

    async def work() -> None:
        for _ in range(100):
            try:
                line = await connect(url, subprotocols=protocols, origin="http://localhost:8000")
                break
            except OSError:
                await asyncio.sleep(0.1)
        assert line.subprotocol == sockets.PROTOCOL
        await line.send("ping")
        assert await line.recv() == "pong"
        await sync_to_async(client.post)("/api/v1/auth/logout")
        with pytest.raises(ConnectionClosed):
            await asyncio.wait_for(line.recv(), 5)
        assert line.close_code == 4401
        with pytest.raises(InvalidStatus):
            await connect(url, subprotocols=protocols, origin="http://localhost:8000")

    server = subprocess.Popen(
        [sys.executable, "-m", "granian", *arguments, "--log-level", "critical"],
        cwd=settings.BACKEND,
        env=environment,
    )
    try:
        run(work)
    finally:
        server.terminate()
        server.wait(10)
