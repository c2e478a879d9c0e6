"""An SMS provider for trials: ``python -m apps.comms.simulator``. Real HTTP, a ledger of its own, and bad days on demand.

    POST /messages {"id", "to", "text"}   → 202 {"id", "reference", "status": "accepted", "parts"}; an id counts once
    GET  /messages/{id}                   → {"id", "status": "accepted" | "delivered" | "failed"} or 404
    GET  /ledger                          → {"items": [...]}, everything that was taken, in order
    POST /control {"mode", "seconds", "times"}   the next ``times`` requests (0: all) have a bad day
         normal, slow (answers after ``seconds``), wrong (takes it, answers rubbish), silent (takes it, hangs up),
         absent (hangs up, takes nothing), busy (503), refuse (400), duplicate (forgets that an id counts once)

It does not know Django. A number that ends in 0000 is never delivered.
"""

import argparse
import json
import os
import sqlite3
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

MODES = {"normal", "slow", "wrong", "silent", "absent", "busy", "refuse", "duplicate"}
DELIVERED_AFTER = 3.0


class Ledger:
    """One SQLite file. ``duplicate`` rows are what must never appear while the simulator is in its right mind."""

    def __init__(self, path: Path | str) -> None:
        self._lock = threading.Lock()
        self._db = sqlite3.connect(path, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS message"
            " (number INTEGER PRIMARY KEY, id TEXT, phone TEXT, text TEXT, at REAL)"
        )
        self._db.execute("CREATE INDEX IF NOT EXISTS message_id ON message (id)")
        self._db.commit()

    def take(self, key: str, phone: str, text: str, *, twice: bool = False) -> int:
        with self._lock:
            known = self._db.execute("SELECT number FROM message WHERE id = ?", [key]).fetchone()
            if known and not twice:
                return int(known[0])
            row = self._db.execute(
                "INSERT INTO message (id, phone, text, at) VALUES (?, ?, ?, ?)",
                [key, phone, text, time.time()],
            )
            self._db.commit()
            return int(row.lastrowid or 0)

    def status(self, key: str) -> str | None:
        with self._lock:
            row = self._db.execute("SELECT phone, at FROM message WHERE id = ?", [key]).fetchone()
        if row is None:
            return None
        if time.time() - row[1] < DELIVERED_AFTER:
            return "accepted"
        return "failed" if row[0].endswith("0000") else "delivered"

    def items(self) -> list[dict[str, Any]]:
        with self._lock:
            rows = self._db.execute(
                "SELECT number, id, phone, text, at FROM message ORDER BY number"
            ).fetchall()
        return [
            dict(zip(("number", "id", "phone", "text", "at"), row, strict=True)) for row in rows
        ]


class Simulator(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], ledger: Ledger) -> None:
        super().__init__(address, Handler)
        self.ledger = ledger
        self.control("normal")

    def control(self, mode: str, seconds: float = 0.0, times: int = 0) -> None:
        self._mode, self.seconds, self._times = mode, seconds, times

    def next_mode(self) -> str:
        mode = self._mode
        if self._times:
            self._times -= 1
            if not self._times:
                self._mode = "normal"
        return mode


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Simulator

    def do_POST(self) -> None:
        try:
            body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
            if self.path == "/control":
                return self._control(body)
            if self.path == "/messages":
                return self._take(str(body["id"]), str(body["to"]), str(body["text"]))
        except (ValueError, KeyError, TypeError, AttributeError):
            return self._answer(400, {"error": "parameters"})
        return self._answer(404, {"error": "not_found"})

    def do_GET(self) -> None:
        if self.path == "/health":
            return self._answer(200, {"status": "ok"})
        if self.path == "/ledger":
            return self._answer(200, {"items": self.server.ledger.items()})
        if not self.path.startswith("/messages/"):
            return self._answer(404, {"error": "not_found"})
        key = self.path.removeprefix("/messages/")
        status = self.server.ledger.status(key)
        if status is None:
            return self._answer(404, {"error": "not_found"})
        return self._answer(200, {"id": key, "status": status})

    def _take(self, key: str, phone: str, text: str) -> None:
        mode = self.server.next_mode()
        if mode == "busy":
            return self._answer(503, {"error": "busy"})
        if mode == "refuse" or not phone.startswith("+") or not text:
            return self._answer(400, {"error": "wrong_number"})
        if mode == "absent":
            return self._hang_up()
        number = self.server.ledger.take(key, phone, text, twice=mode == "duplicate")
        if mode == "slow":
            time.sleep(self.server.seconds)
        if mode == "silent":
            return self._hang_up()
        if mode == "wrong":
            return self._answer(200, {"what": "?"})
        return self._answer(202, {"id": key, "reference": str(number), "status": "accepted"})

    def _control(self, body: dict[str, Any]) -> None:
        mode = body["mode"]
        if mode not in MODES:
            return self._answer(400, {"error": "mode"})
        seconds, times = float(body.get("seconds", 0)), int(body.get("times", 0))
        self.server.control(mode, min(seconds, 120.0), times)
        return self._answer(200, {"mode": mode})

    def _answer(self, status: int, body: dict[str, Any]) -> None:
        raw = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        with suppress(OSError):  # who asked is gone
            self.wfile.write(raw)

    def _hang_up(self) -> None:
        self.close_connection = True

    def log_message(self, *args: Any) -> None:
        """Phones and texts are not for logs."""


def main() -> None:
    arguments = argparse.ArgumentParser(description="SMS provider simulator")
    arguments.add_argument("--host", default="127.0.0.1")
    arguments.add_argument("--port", type=int, default=int(os.environ.get("SMS_MOCK_PORT") or 8025))
    given = arguments.parse_args()
    folder = Path(os.environ.get("DATA_DIR") or Path(__file__).resolve().parents[3] / ".data")
    folder.mkdir(parents=True, exist_ok=True)
    os.umask(0o077)
    Simulator((given.host, given.port), Ledger(folder / "sms-simulator.sqlite3")).serve_forever()


if __name__ == "__main__":
    main()
