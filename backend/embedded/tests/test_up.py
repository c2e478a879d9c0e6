"""`python -m embedded up` as a person meets it: starts, refuses a second start, survives kills, stops.

One installation for the whole module; each test leaves it running, the last one stops it.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from embedded import keys, ports
from embedded.postgres import DATABASE, OWNER, Postgres
from embedded.services import BACKEND

KILLS = 20 if os.environ.get("CLINIC_PROOF") else 3
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
            self.command("up"),
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
        return {part_of(int(pid)): int(pid) for pid in listed.split()}

    def kill_everything(self) -> None:
        assert self.process is not None
        for pid in (self.process.pid, *self.pids().values()):
            os.kill(pid, signal.SIGKILL)
        self.process.wait()


def part_of(pid: int) -> str:
    words = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
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
    return "valkey" if "valkey" in words[0] else "postgres"


def until(true: Callable[[], bool], seconds: float = 30) -> None:
    ends = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < ends, "waited in vain"
        time.sleep(0.1)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    installation = Installation(tmp_path_factory.mktemp("up") / "data")
    installation.start()
    yield installation
    if installation.process is not None and installation.process.poll() is None:
        installation.process.terminate()
        installation.process.wait(40)


def test_starts_every_part_and_says_where(running: Installation) -> None:
    assert set(running.pids()) == set(PARTS)
    assert f"http://localhost:{running.port}" in running.said()
    assert str(running.folder / "keys.json") in running.said()
    assert ports.answers(running.ws_port)


def test_nothing_of_the_folder_is_for_other_people(running: Installation) -> None:
    for name in ("keys.json", "pgdata", "logs", "valkey"):
        assert (running.folder / name).stat().st_mode & 0o077 == 0, name


def test_a_second_start_says_so_and_leaves_the_first_alone(running: Installation) -> None:
    before = running.pids()

    second = running.run("up", PORT=str(ports.free()), WS_PORT=str(ports.free()))

    assert second.returncode == 1
    assert "уже запущена" in second.stdout
    assert f"http://localhost:{running.port}" in second.stdout
    assert running.pids() == before
    assert running.is_ready()


def test_a_taken_port_is_named(running: Installation, tmp_path: Path) -> None:
    other = Installation(tmp_path / "data")

    refused = other.run("up", PORT=str(running.port))

    assert refused.returncode == 1
    assert f"Порт {running.port} занят" in refused.stdout


def test_can_be_stopped_while_it_starts(tmp_path: Path) -> None:
    early = Installation(tmp_path / "data")
    process = early.spawn()
    until(lambda: "postgres" in early.said())

    process.terminate()

    assert process.wait(20) == 0, early.said()
    assert "Остановлено" in early.said()
    assert not (early.folder / "pgdata" / "postmaster.pid").exists()


def test_production_without_keys_does_not_start(tmp_path: Path) -> None:
    refused = Installation(tmp_path / "data").run("up", CLINIC_MODE="production")

    assert refused.returncode == 1
    assert "SECRET_KEY, FIELD_KEY, LOOKUP_KEY" in refused.stdout


def test_a_command_acts_on_the_running_folder(running: Installation) -> None:
    checked = running.run("manage", "migrate", "--check")

    assert checked.returncode == 0, checked.stderr
    assert f"запущенную систему, папка {running.folder}" in checked.stdout


def test_a_terminal_gets_the_environment_of_the_running_folder(running: Installation) -> None:
    given = running.run("shell-env")

    checked = subprocess.run(
        ["sh", "-c", f"{given.stdout}\n{sys.executable} manage.py check --database default"],
        cwd=BACKEND,
        env=running.environment(),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert checked.returncode == 0, checked.stderr


def test_killed_parts_come_back_and_what_was_committed_is_there(running: Installation) -> None:
    choose = random.Random(7)
    for n in range(KILLS):
        name = ("postgres", "valkey", "web")[n] if n < 3 else choose.choice(PARTS)
        commit_one_more(running)
        there = committed(running)
        before = running.pids()

        os.kill(before[name], signal.SIGKILL)

        until(
            lambda name=name, before=before: running.pids().get(name, before[name]) != before[name]
        )
        until(running.is_ready)
        until(lambda: answers(running))
        assert committed(running) == there


def test_after_everything_was_killed_the_next_start_recovers(running: Installation) -> None:
    commit_one_more(running)
    before = committed(running)
    running.kill_everything()

    running.start()

    assert set(running.pids()) == set(PARTS)
    assert committed(running) == before


def test_after_the_supervisor_alone_was_killed_the_next_start_recovers(
    running: Installation,
) -> None:
    assert running.process is not None
    running.process.kill()
    running.process.wait()

    running.start()

    assert set(running.pids()) == set(PARTS)


def test_stops_gently_and_leaves_no_process(running: Installation) -> None:
    assert running.process is not None
    pids = running.pids()

    running.process.send_signal(signal.SIGINT)

    assert running.process.wait(40) == 0
    assert not [pid for pid in pids.values() if Path(f"/proc/{pid}").exists()]
    assert not (running.folder / "pgdata" / "postmaster.pid").exists()


def answers(running: Installation) -> bool:
    try:
        return bool(running.cache().ping())
    except redis.RedisError:
        return False


def commit_one_more(running: Installation) -> None:
    with running.database() as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kill_test (n serial)")
        connection.execute("INSERT INTO kill_test DEFAULT VALUES")


def committed(running: Installation) -> list[object]:
    with running.database() as connection:
        return [n for (n,) in connection.execute("SELECT n FROM kill_test ORDER BY n")]
