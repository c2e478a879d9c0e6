"""`python -m embedded up` as a person meets it: starts, refuses a second start, survives kills, stops.

One installation for the whole module; each test leaves it running, the last one stops it.
"""

import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from embedded import ports
from embedded.services import BACKEND
from embedded.tests.installation import PARTS, Installation, until
from testing.races import size


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    installation = Installation(tmp_path_factory.mktemp("up") / "data")
    installation.start()
    yield installation
    if installation.process is not None and installation.process.poll() is None:
        installation.process.terminate()
        installation.process.wait(40)


def test_starts_every_part_and_says_where(running: Installation) -> None:
    until(lambda: set(running.pids()) == set(PARTS))  # the kernel's list of children may miss one
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
    for n in range(size(3, 20)):
        name = ("postgres", "valkey", "web")[n] if n < 3 else choose.choice(PARTS)
        commit_one_more(running)
        there = committed(running)

        running.kill(name)

        assert committed(running) == there


def test_after_everything_was_killed_the_next_start_recovers(running: Installation) -> None:
    commit_one_more(running)
    before = committed(running)
    running.kill_everything()

    running.start()

    until(lambda: set(running.pids()) == set(PARTS))
    assert committed(running) == before


def test_after_the_supervisor_alone_was_killed_the_next_start_recovers(
    running: Installation,
) -> None:
    running.kill_supervisor()

    running.start()

    until(lambda: set(running.pids()) == set(PARTS))


def test_stops_gently_and_leaves_no_process(running: Installation) -> None:
    assert running.process is not None
    pids = running.pids()

    running.process.send_signal(signal.SIGINT)

    assert running.process.wait(40) == 0
    assert not [pid for pid in pids.values() if Path(f"/proc/{pid}").exists()]
    assert not (running.folder / "pgdata" / "postmaster.pid").exists()


def commit_one_more(running: Installation) -> None:
    with running.database() as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kill_test (n serial)")
        connection.execute("INSERT INTO kill_test DEFAULT VALUES")


def committed(running: Installation) -> list[object]:
    with running.database() as connection:
        return [n for (n,) in connection.execute("SELECT n FROM kill_test ORDER BY n")]
