"""An installation of a test's own: `python -m embedded up` in a fresh folder, on free ports."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import psycopg
import redis

from embedded import child, keys, ports
from embedded.postgres import DATABASE, OWNER, Postgres
from embedded.services import BACKEND

PARTS = ("postgres", "valkey", "web", "ws", "sms", "worker", "beat")


class Installation:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port, self.ws_port = ports.free(), ports.free()
        self.process: subprocess.Popen[bytes] | None = None

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "embedded", *arguments]

    def environment(self, **more: str) -> dict[str, str]:
        kept = {
            name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")
        }
        own = {"DATA_DIR": str(self.folder), "PORT": str(self.port), "WS_PORT": str(self.ws_port)}
        return {**kept, **own, "DEMO": "0", "HOST_IP": "", "CLINIC_MODE": "local", **more}

    def spawn(self) -> "subprocess.Popen[bytes]":
        self.out = self.folder.with_suffix(".out").open("wb")
        self.process = subprocess.Popen(
            child.argv(self.command("up"), signal.SIGTERM),  # it ends with the tests
            cwd=BACKEND,
            env=self.environment(),
            stdout=self.out,
            stderr=self.out,
        )
        return self.process

    def start(self) -> None:
        process = self.spawn()
        until(lambda: self.is_ready() or process.poll() is not None, 90)
        assert process.poll() is None, self.said()
        until(lambda: "Ctrl-C" in self.said(), 30)

    def said(self) -> str:
        return self.folder.with_suffix(".out").read_text()

    def run(self, *arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            self.command(*arguments),
            cwd=BACKEND,
            env=self.environment(**more),
            capture_output=True,
            text=True,
            timeout=60,
        )

    def is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/ready", timeout=2):
                return True
        except OSError:
            return False

    def database(self) -> "psycopg.Connection[tuple[object, ...]]":
        known = json.loads((self.folder / "run.json").read_text())
        secret = keys.load(self.folder, {})
        server = Postgres(self.folder, known["postgres_port"], secret["PG_SUPERUSER"])
        return psycopg.connect(server.url(OWNER, secret["PG_OWNER"], DATABASE), autocommit=True)

    def cache(self) -> "redis.Redis":
        known = json.loads((self.folder / "run.json").read_text())
        password = keys.load(self.folder, {})["VALKEY"]
        return redis.Redis(port=known["valkey_port"], password=password, socket_timeout=1)

    def pids(self) -> dict[str, int]:
        """The direct children of the supervisor by their part's name."""
        assert self.process is not None
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return {name: int(pid) for pid in listed.split() if (name := part_of(int(pid)))}

    def cache_answers(self) -> bool:
        try:
            return bool(self.cache().ping())
        except redis.RedisError:
            return False

    def kill(self, *names: str) -> None:
        """Without warning. Returns when the supervisor has started them again and the whole answers."""
        before = self.pids()
        for name in names:
            os.kill(before[name], signal.SIGKILL)
        until(lambda: all(self.pids().get(name, before[name]) != before[name] for name in names))
        until(lambda: self.is_ready() and self.cache_answers(), 60)

    def kill_supervisor(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def kill_everything(self) -> None:
        assert self.process is not None
        for pid in (self.process.pid, *self.pids().values()):
            os.kill(pid, signal.SIGKILL)
        self.process.wait()


def part_of(pid: int) -> str:
    """Empty for a process that has ended."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    except OSError:
        return ""
    names = {
        "config.wsgi:application": "web",
        "config.asgi:application": "ws",
        "apps.comms.simulator": "sms",
        "worker": "worker",
        "beat": "beat",
    }
    for word, name in names.items():
        if word in words:
            return name
    if not words[0]:
        return ""
    return "valkey" if "valkey" in words[0] else "postgres"


def until(true: Callable[[], bool], seconds: float = 30) -> None:
    ends = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < ends, "waited in vain"
        time.sleep(0.1)
