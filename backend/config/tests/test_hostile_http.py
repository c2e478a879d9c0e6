"""Invariant 102: whatever arrives on the wire is answered with a refusal or hung up on, and the server goes on."""

import json
import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from embedded import ports, pytest_plugin
from embedded.tests.installation import until

BACKEND = Path(__file__).resolve().parents[2]
LOGIN = "/api/v1/auth/login"


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The web process as the product starts it, on a database of its own: what it commits is nobody else's."""
    port, folder, database = ports.free(), tmp_path_factory.mktemp("web"), pytest_plugin.clone()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "config.wsgi:application",
               "--host", "127.0.0.1", "--port", str(port), "--no-ws", "--log-level", "warning"]  # fmt: skip
    address = pytest_plugin.application_address(database)
    environment = {
        **os.environ, "DATABASE_URL": address, "DATA_DIR": str(folder), "LOG_LEVEL": "CRITICAL"
    }  # fmt: skip
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=BACKEND, env=environment, stdout=log, stderr=log)
    until(lambda: process.poll() is not None or is_alive(port))
    assert process.poll() is None, (folder / "log").read_text()
    yield port
    assert process.poll() is None
    process.terminate()
    process.wait(20)
    pytest_plugin.drop(database)


def is_alive(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/live", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def post(body: bytes, *headers: str, path: str = LOGIN) -> bytes:
    lines = [f"POST {path} HTTP/1.1", "Host: localhost", f"Content-Length: {len(body)}"]
    lines += ["Content-Type: application/json", "Connection: close", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def get(path: str, *headers: str) -> bytes:
    return "\r\n".join(
        [f"GET {path} HTTP/1.1", "Host: localhost", "Connection: close", *headers, "", ""]
    ).encode("latin-1")


DEEP = b'{"login":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
CORPUS = {
    "nothing": b"\r\n\r\n",
    "noise": bytes(range(256)) * 40,
    "no version": b"GET /\r\n\r\n",
    "a strange verb": b"BREW /api/v1/patients HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    "no host": b"GET /api/v1/patients HTTP/1.1\r\nConnection: close\r\n\r\n",
    "a foreign host": b"GET /api/v1/auth/me HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
    "a NUL in the path": get("/api/v1/patients\0"),
    "a NUL in the query": get("/api/v1/patients?q=%00"),
    "half a character": get("/api/v1/patients?q=%D0"),
    "an overlong character": get("/static/%c0%ae%c0%ae/%c0%ae%c0%ae/etc/passwd"),
    "a way up": get("/static/../../../../etc/passwd"),
    "an encoded way up": get("/static/%2e%2e/%2e%2e/%2e%2e/etc/passwd"),
    "a long path": get("/api/v1/" + "a" * 60_000),
    "a long header": get("/api/v1/auth/me", "X-Long: " + "a" * 60_000),
    "many headers": get("/api/v1/auth/me", *(f"X-{n}: 1" for n in range(400))),
    "a token of noise": get("/api/v1/auth/me", "Authorization: Bearer \xff\xfe"),
    "a key of noise": get("/api/v1/auth/me", "Idempotency-Key: \xff" * 3),
    "a folded header": get("/api/v1/auth/me", "X-Folded: a\r\n b"),
    "two lengths": post(b"{}", "Content-Length: 1"),
    "a length that is none": b"POST " + LOGIN.encode() + b" HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
    "length and chunks": post(b"0\r\n\r\n", "Transfer-Encoding: chunked"),
    "broken chunks": b"POST " + LOGIN.encode() + b" HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
    "no JSON": post(b"{"),
    "not text": post(b"\xff\xfe\x00"),
    "another coding": post('{"login": "а"}'.encode("utf-16")),
    "a lone surrogate": post(b'{"login": "\\ud800", "password": "x"}'),
    "a NUL inside": post(b'{"login": "a\\u0000b", "password": "x\\u0000"}'),
    "a number beyond all": post(b'{"login": 1e999999, "password": ' + b"9" * 5000 + b"}"),
    "not a number": post(b'{"login": NaN, "password": Infinity}'),
    "very deep": post(DEEP),
    "very large": post(b'{"login": "' + b"a" * 2_000_000 + b'"}'),
    "a bomb": post(b"\x1f\x8b" + b"\0" * 500, "Content-Encoding: gzip"),
    "another type": post(b"<a/>", "Content-Type: application/xml"),
    "twice the same name": post(b'{"login": "a", "login": ["b"], "password": {}}'),
}  # fmt: skip


def said(port: int, wire: bytes) -> tuple[int, bytes]:
    """Status and body; 0 when nothing was said: the line was cut, or more was waited for."""
    answer = b""
    with socket.create_connection(("127.0.0.1", port), timeout=2) as line:
        try:
            line.sendall(wire)
            while piece := line.recv(65_536):
                answer += piece
        except OSError:
            pass  # hung up on while we were still talking, or waited for
    if not answer.startswith(b"HTTP/1."):
        return 0, answer
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), body


@pytest.mark.parametrize("name", CORPUS)
def test_is_refused_and_the_server_goes_on(name: str, port: int) -> None:
    status, body = said(port, CORPUS[name])

    assert status == 0 or 400 <= status < 500, (status, body[:200])
    if body.startswith(b"{"):
        assert set(json.loads(body)) == {"code", "message", "fields", "details"}
    assert b"root:" not in body and b"Traceback" not in body
    assert is_alive(port)


def test_control_a_good_request_is_heard(port: int) -> None:
    status, body = said(port, post(b'{"login": "nobody", "password": "correct-horse-battery"}'))

    assert (status, json.loads(body)["code"]) == (401, "bad_credentials")
