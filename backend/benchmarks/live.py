"""Five hundred open browsers of one branch: how long from pressing "book" until the last of them has heard.

Beside it a bare send through the channel layer to the same browsers, and to as many receivers in one process.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from channels_redis.pubsub import RedisPubSubChannelLayer
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from apps.core import realtime
from benchmarks.http import Request
from benchmarks.place import Place
from benchmarks.size import DOCTORS, number

BROWSERS, CHANGES, BRANCH = 500, 20, 1
_MESSAGE = {
    "type": "changed",
    "message": {"resource": "appointments", "id": str(number("appointment", 0)), "version": 1},
}


@dataclass
class Heard:
    """Milliseconds until the last has heard, of each change, sorted."""

    booked: list[float]
    sent: list[float]
    bare: list[float]


def live_update(place: Place) -> Heard:
    return asyncio.run(_measure(place))


async def _measure(place: Place) -> Heard:
    layer = RedisPubSubChannelLayer(hosts=[place.parts.valkey.url])
    branch = number("branch", 0, BRANCH)
    sockets = [await _open(place, branch) for _ in range(BROWSERS)]
    browsers = [socket.recv for socket in sockets]
    bookings = iter(_bookings(place))
    group = realtime.branch_group(place.organization, branch)
    booked = await _measured(browsers, lambda: asyncio.to_thread(next(bookings).send, place.port))
    sent = await _measured(browsers, lambda: layer.group_send(group, _MESSAGE))
    await asyncio.gather(*(socket.close() for socket in sockets))
    bare = await _measured(await _receivers(layer), lambda: layer.group_send("bench", _MESSAGE))
    await layer.flush()
    return Heard(booked, sent, bare)


async def _open(place: Place, branch: UUID) -> ClientConnection:
    ticket = Request("POST", "/api/v1/auth/socket-ticket", place.headers, {"branch": str(branch)})
    answer, _headers = await asyncio.to_thread(ticket.send, place.port)
    return await connect(
        f"ws://127.0.0.1:{place.parts.ws_port}/ws/calendar?branch={branch}",
        subprotocols=[Subprotocol("clinic.v1"), Subprotocol(f"ticket.{answer['ticket']}")],
        origin=Origin(f"http://localhost:{place.port}"),
    )


async def _receivers(layer: RedisPubSubChannelLayer) -> list[Callable[[], Any]]:
    names = [await layer.new_channel() for _ in range(BROWSERS)]
    for name in names:
        await layer.group_add("bench", name)
    return [lambda name=name: layer.receive(name) for name in names]


async def _measured(
    ears: list[Callable[[], Any]], change: Callable[[], Awaitable[Any]]
) -> list[float]:
    times = []
    for _ in range(CHANGES):
        heard = [asyncio.ensure_future(ear()) for ear in ears]
        await asyncio.sleep(0.2)  # until all of them listen
        began = time.perf_counter()
        saying = asyncio.ensure_future(change())
        await asyncio.wait_for(asyncio.gather(*heard), 10)
        times.append((time.perf_counter() - began) * 1000)
        await saying
    return sorted(times)


def _bookings(place: Place) -> list[Request]:
    """Each on a day and with a patient of its own, at a minute that no earlier run has used."""
    now = int(time.time())
    requests = []
    for n in range(CHANGES):
        day = place.today + timedelta(days=300 + (now // 60 + n) % 400)
        at = datetime(day.year, day.month, day.day, 9, tzinfo=ZoneInfo("Asia/Almaty"))
        at += timedelta(minutes=5 * (now % 100))
        body = {
            "branch": str(number("branch", 0, BRANCH)),
            "patient": str(number("patient", 0, 1 + (n * 31 + now) % 1000)),
            "employee": str(number("employee", 0, BRANCH, n % DOCTORS)),
            "starts_at": at.isoformat(),
            "ends_at": (at + timedelta(minutes=5)).isoformat(),
            "services": [{"service": str(number("service", 0))}],
        }
        requests.append(Request("POST", "/api/v1/calendar/appointments", place.headers, body))
    return requests
