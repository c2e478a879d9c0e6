"""The supervisor with small stand-in parts: what dies comes back, what is stopped stays away."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from embedded import child
from embedded.services import BACKEND, Service
from embedded.supervisor import Supervisor, end_leftovers

PART = """
import signal, sys, time
from pathlib import Path
name, log = sys.argv[1], Path(sys.argv[2])
def bye(*_):
    with log.open("a") as file: file.write(name + " ")
    sys.exit(0)
signal.signal(signal.SIGTERM, bye)
Path(f"{log}.{name}").touch()
while True: time.sleep(0.05)
"""


def part(folder: Path, name: str, *, carries: bool = False) -> Service:
    order = folder / "order"
    program = [sys.executable, "-c", PART, name, str(order)]
    return Service(
        name,
        lambda: child.argv(program, signal.SIGTERM),
        Path(f"{order}.{name}").exists,
        carries=carries,
    )


def until(true: Callable[[], bool], seconds: float = 10) -> None:
    ends = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < ends, "waited in vain"
        time.sleep(0.02)


def is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    supervisor = Supervisor(tmp_path)
    yield supervisor
    supervisor.stop(5)


def test_starts_again_what_was_killed(supervisor: Supervisor, tmp_path: Path) -> None:
    supervisor.start(part(tmp_path, "one"))
    running = supervisor.parts[0]
    before = running.process.pid

    os.kill(before, signal.SIGKILL)
    running.process.wait()

    def is_back() -> bool:
        supervisor.watch_once()
        return running.process.pid != before and running.process.poll() is None

    until(is_back)


def test_waits_longer_before_each_new_attempt(supervisor: Supervisor, tmp_path: Path) -> None:
    broken = Service("broken", lambda: [sys.executable, "-c", ""], lambda: True)
    supervisor.start(broken)
    running = supervisor.parts[0]
    pauses = []
    for _ in range(3):
        running.process.wait()
        supervisor.watch_once()
        pauses.append(running.again_at - time.monotonic())
        running.again_at = time.monotonic()  # the pause has passed
        supervisor.watch_once()

    assert pauses == sorted(pauses)
    assert pauses[2] > 2 * pauses[0]


def test_what_carries_others_stops_after_them_in_reverse_order(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    for name in ("store", "queue", "web", "worker"):
        supervisor.start(part(tmp_path, name, carries=name in ("store", "queue")))

    supervisor.stop(5)

    order = (tmp_path / "order").read_text().split()
    assert sorted(order[:2]) == ["web", "worker"]
    assert order[2:] == ["queue", "store"]


def test_one_that_does_not_listen_is_killed(supervisor: Supervisor, tmp_path: Path) -> None:
    listens_no_more = tmp_path / "deaf"
    deaf = (
        "import signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "open(sys.argv[1], 'w').close(); time.sleep(60)"
    )
    program = [sys.executable, "-c", deaf, str(listens_no_more)]
    supervisor.start(Service("deaf", lambda: program, listens_no_more.exists))
    pid = supervisor.parts[0].process.pid

    supervisor.stop(0.2)

    assert is_gone(pid)


def test_tells_the_end_of_the_log_of_a_part_that_does_not_start(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("embedded.supervisor.READY_SECONDS", 0.2)
    program = [sys.executable, "-c", "import time; print('no room', flush=True); time.sleep(9)"]

    with pytest.raises(RuntimeError, match="no room"):
        supervisor.start(Service("full", lambda: program, lambda: False))


def test_parts_die_with_a_killed_supervisor(tmp_path: Path) -> None:
    boss = subprocess.Popen(
        [sys.executable, "-c", BOSS, str(tmp_path)], cwd=BACKEND, stdout=subprocess.PIPE, text=True
    )
    assert boss.stdout is not None
    pid = int(boss.stdout.readline())
    assert not is_gone(pid)

    boss.kill()
    boss.wait()

    until(lambda: is_gone(pid))


def test_ends_what_an_earlier_supervisor_left_behind(tmp_path: Path) -> None:
    environment = {**os.environ, "CLINIC_SUPERVISED": str(tmp_path)}
    sleep = [sys.executable, "-c", "import time; time.sleep(60)"]
    left = subprocess.Popen(sleep, env=environment)
    stranger = subprocess.Popen(sleep, env={**environment, "CLINIC_SUPERVISED": f"{tmp_path}-2"})
    try:
        until(lambda: b"CLINIC_SUPERVISED" in Path(f"/proc/{left.pid}/environ").read_bytes())

        assert end_leftovers(tmp_path) == 1
        assert left.poll() is not None or is_gone(left.pid)
        assert stranger.poll() is None
    finally:
        for process in (left, stranger):
            process.kill()
            process.wait()


BOSS = """
import sys, time
from pathlib import Path
from embedded.supervisor import Supervisor
from embedded.tests.test_supervisor import part
folder = Path(sys.argv[1])
supervisor = Supervisor(folder)
supervisor.start(part(folder, "one"))
print(supervisor.parts[0].process.pid, flush=True)
time.sleep(60)
"""
