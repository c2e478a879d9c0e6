"""Five hundred open browsers of one branch: how long from a booking's commit until the last of them has heard."""

import asyncio
import json
import time
import urllib.request
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import websockets

from benchmarks import data
from benchmarks.place import Place

BROWSERS, CHANGES = 500, 20


@dataclass
class Live:
    p50: float
    p95: float
    note: str


def live_update(place: Place, headers: tuple[tuple[str, str], ...], branch: UUID) -> Live:
    return asyncio.run(_measure(place, dict(headers), branch))


def _fetch(place: Place, headers: dict[str, str], path: str, body: object) -> dict[str, str]:
    request = urllib.request.Request(
        f"http://127.0.0.1:{place.port}{path}",
        json.dumps(body).encode(),
        headers | {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:
        return dict(json.loads(answer.read()))


async def _measure(place: Place, headers: dict[str, str], branch: UUID) -> Live:
    sockets = []
    for _ in range(BROWSERS):
        ticket = await asyncio.to_thread(
            _fetch, place, headers, "/api/v1/auth/socket-ticket", {"branch": str(branch)}
        )
        sockets.append(
            await websockets.connect(
                f"ws://127.0.0.1:{place.parts.ws_port}/ws/calendar?branch={branch}",
                subprotocols=["clinic.v1", f"ticket.{ticket['ticket']}"],  # type: ignore[list-item]
                origin=f"http://localhost:{place.port}",  # type: ignore[arg-type]
            )
        )
    times = []
    for n in range(CHANGES):
        day = place.today + timedelta(days=300 + n)
        at = datetime(day.year, day.month, day.day, 11, tzinfo=ZoneInfo("Asia/Almaty"))
        at += timedelta(minutes=5 * (int(time.time()) % 60))
        body = {
            "branch": str(branch),
            "patient": str(data.number("patient", 0, 1 + (n * 31 + int(time.time())) % 1000)),
            "employee": str(data.number("employee", 0, 1, n % data.DOCTORS)),
            "starts_at": at.astimezone(UTC).isoformat(),
            "ends_at": (at + timedelta(minutes=5)).astimezone(UTC).isoformat(),
            "services": [{"service": str(data.number("service", 0))}],
        }
        heard = [asyncio.create_task(socket.recv()) for socket in sockets]
        await asyncio.sleep(0.2)
        await asyncio.to_thread(_fetch, place, headers, "/api/v1/calendar/appointments", body)
        answered = time.perf_counter()
        await asyncio.wait_for(asyncio.gather(*heard), 10)
        times.append(max(0.0, (time.perf_counter() - answered) * 1000))
    for socket in sockets:
        await socket.close()
    times.sort()
    note = f"{BROWSERS} browsers, {CHANGES} changes, from the answer of the booking"
    return Live(times[len(times) // 2], times[int(len(times) * 0.95) - 1], note)
