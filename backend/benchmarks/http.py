"""A small load generator: keep-alive connections on loopback, one request after another on each, in a process of its own."""

import asyncio
import json
import multiprocessing
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Result:
    """What a run gave. Times in milliseconds, ``cost`` in those of processors."""

    seconds: float
    count: int = 0
    cost: float = 0.0
    times: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    bytes: int = 0

    @property
    def rate(self) -> float:
        return self.count / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: tuple[tuple[str, str], ...] = ()
    body: Any = None

    def encode(self, port: int) -> bytes:
        payload = b"" if self.body is None else json.dumps(self.body).encode()
        lines = [f"{self.method} {self.path} HTTP/1.1", f"Host: 127.0.0.1:{port}"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        if payload:
            lines += ["Content-Type: application/json", f"Content-Length: {len(payload)}"]
        return "\r\n".join([*lines, "", ""]).encode() + payload

    def send(self, port: int) -> Any:
        """Alone, and what came back; an answer of refusal is an error."""
        payload = None if self.body is None else json.dumps(self.body).encode()
        headers = {"Content-Type": "application/json", **dict(self.headers)}
        address = f"http://127.0.0.1:{port}{self.path}"
        request = urllib.request.Request(address, payload, headers, method=self.method)
        try:
            with urllib.request.urlopen(request) as answer:
                return json.loads(answer.read()), answer.headers
        except urllib.error.HTTPError as refusal:
            raise RuntimeError(f"{self.path}: {refusal.code} {refusal.read().decode()}") from None


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head[9:12])
    length, chunked = 0, False
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
        chunked |= name.lower() == b"transfer-encoding" and b"chunked" in value
    if not chunked:
        return status, await reader.readexactly(length) if length and status != 304 else b""
    body = b""
    while size := int(await reader.readline(), 16):
        body += await reader.readexactly(size)
        await reader.readexactly(2)
    await reader.readline()
    return status, body


async def _drive(
    port: int, make: Callable[[int], Request], connections: int, seconds: float, first: int
) -> Result:
    """On each connection at least one request, and then as many as fit into the time."""
    result, counter = Result(seconds), iter(range(first, 10**9))
    opened = [await asyncio.open_connection("127.0.0.1", port) for _ in range(connections)]
    began = time.perf_counter()

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            sent = time.perf_counter()
            writer.write(make(next(counter)).encode(port))
            status, body = await _answer(reader)
            result.count += 1
            result.times.append((time.perf_counter() - sent) * 1000)
            result.statuses[status] = result.statuses.get(status, 0) + 1
            result.bytes = max(result.bytes, len(body))
            if time.perf_counter() - began >= seconds:
                break
        writer.close()

    await asyncio.gather(*(one(*pair) for pair in opened))
    result.seconds = time.perf_counter() - began
    return result


def _child(queue: Any, *arguments: Any) -> None:
    queue.put(asyncio.run(_drive(*arguments)))


def drive(
    port: int,
    make: Callable[[int], Request],
    *,
    connections: int = 8,
    seconds: float = 4.0,
    first: int = 0,
) -> Result:
    """Send what ``make(first)``, ``make(first + 1)`` … say on several connections for some seconds; bounded, loopback only."""
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    process = context.Process(target=_child, args=(queue, port, make, connections, seconds, first))
    process.start()
    result: Result = queue.get(timeout=seconds + 60)
    process.join()
    return result
