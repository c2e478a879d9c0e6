"""Five hundred open browsers of one branch: how long from pressing "book" until the last of them has heard.

Beside it the bare channel layer: one send, and the last of five hundred receivers in one process has it.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import websockets
from channels_redis.pubsub import RedisPubSubChannelLayer
from websockets.typing import Subprotocol

from benchmarks.http import Request
from benchmarks.place import Place
from benchmarks.size import DOCTORS, number

BROWSERS, CHANGES, BRANCH = 500, 20, 1
_MESSAGE = {
    "type": "changed",
    "message": {"resource": "appointments", "id": str(number("appointment", 0)), "version": 1},
}


def live_update(place: Place) -> tuple[list[float], list[float]]:
    """Milliseconds of each change: until the last browser has heard, and until the last bare receiver has."""
    return asyncio.run(_browsers(place)), asyncio.run(_bare(place))


async def _browsers(place: Place) -> list[float]:
    branch = number("branch", 0, BRANCH)
    ticket = Request("POST", "/api/v1/auth/socket-ticket", place.headers, {"branch": str(branch)})
    sockets = []
    for _ in range(BROWSERS):
        answer, _headers = await asyncio.to_thread(ticket.send, place.port)
        sockets.append(
            await websockets.connect(
                f"ws://127.0.0.1:{place.parts.ws_port}/ws/calendar?branch={branch}",
                subprotocols=[Subprotocol("clinic.v1"), Subprotocol(f"ticket.{answer['ticket']}")],
                origin=f"http://localhost:{place.port}",
            )
        )
    bookings = iter(_bookings(place))
    times = await _measured(
        [socket.recv for socket in sockets],
        lambda: asyncio.to_thread(next(bookings).send, place.port),
    )
    await asyncio.gather(*(socket.close() for socket in sockets))
    return times


async def _bare(place: Place) -> list[float]:
    layer = RedisPubSubChannelLayer(hosts=[place.parts.valkey.url])
    names = [await layer.new_channel() for _ in range(BROWSERS)]
    for name in names:
        await layer.group_add("bench", name)
    times = await _measured(
        [lambda name=name: layer.receive(name) for name in names],
        lambda: layer.group_send("bench", _MESSAGE),
    )
    await layer.flush()
    return times


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
