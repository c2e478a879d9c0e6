"""Starts parts in order, keeps them alive, stops them in reverse. One log per part; no part outlives us.

Each part is the leader of a process group, so that what it started goes with it, and asks the kernel for a signal
should we die (``child``). What still survives a `kill -9` of everything is found by its environment at the next start.
"""

import contextlib
import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from embedded.services import BACKEND, Service

READY_SECONDS = 60
CALM_SECONDS = 30  # alive so long: the next fault starts again with the shortest pause


@dataclass
class Running:
    service: Service
    process: "subprocess.Popen[bytes]"
    started_at: float
    faults: int = 0
    again_at: float = 0.0


class Supervisor:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.parts: list[Running] = []
        (folder / "logs").mkdir(mode=0o700, exist_ok=True)

    def start(self, service: Service) -> None:
        """Start and wait until it answers; RuntimeError with the tail of its log when it does not."""
        part = Running(service, self._spawn(service), time.monotonic())
        self.parts.append(part)
        ends = time.monotonic() + READY_SECONDS
        while not service.ready():
            if part.process.poll() is not None:
                if time.monotonic() > ends - READY_SECONDS + 10:
                    raise RuntimeError(f"{service.name} does not start:\n{self._tail(service)}")
                time.sleep(0.5)  # e.g. an earlier postmaster is still letting go of its memory
                part.process = self._spawn(service)
            if time.monotonic() > ends:
                raise RuntimeError(f"{service.name} does not answer:\n{self._tail(service)}")
            time.sleep(0.05)

    def watch_once(self) -> None:
        """Start again what has died, after 0.2, 0.4 … 10 s."""
        now = time.monotonic()
        for part in self.parts:
            if part.process.poll() is None:
                if part.faults and now - part.started_at > CALM_SECONDS:
                    part.faults = 0
                continue
            if not part.again_at:
                _kill_group(part.process.pid)
                part.again_at = now + min(10.0, 0.2 * 2**part.faults)
                part.faults += 1
                print(f"  ! {part.service.name} остановился и будет запущен снова", flush=True)
            elif now >= part.again_at:
                part.process = self._spawn(part.service)
                part.started_at, part.again_at = now, 0.0

    def stop(self, seconds: float = 10) -> None:
        """Those that lean on others go together, those that carry them after it, one by one; the deaf are killed."""
        leaning = [part for part in self.parts if not part.service.carries]
        carriers = [part for part in self.parts if part.service.carries]
        for group in (leaning, *([carrier] for carrier in reversed(carriers))):
            for part in reversed(group):
                if part.process.poll() is None:
                    _signal(part.process.pid, part.service.stop_signal)
            ends = time.monotonic() + seconds
            for part in reversed(group):
                try:
                    part.process.wait(max(0.0, ends - time.monotonic()))
                except subprocess.TimeoutExpired:
                    print(f"  ! {part.service.name} не останавливается и снят", flush=True)
                _kill_group(part.process.pid)
                part.process.wait()

    def _spawn(self, service: Service) -> "subprocess.Popen[bytes]":
        options: dict[str, Any] = dict(service.popen_options)
        with self._log(service).open("ab") as log:
            return subprocess.Popen(
                service.argv(),
                cwd=BACKEND,
                env={**(service.env or os.environ), "CLINIC_SUPERVISED": str(self.folder)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **options,
            )

    def _log(self, service: Service) -> Path:
        return self.folder / "logs" / f"{service.name}.log"

    def _tail(self, service: Service) -> str:
        return "\n".join(self._log(service).read_text(errors="replace").splitlines()[-15:])


def end_leftovers(folder: Path) -> int:
    """End processes that an earlier supervisor of this folder left behind. Only with the folder's lock held."""
    mark = f"CLINIC_SUPERVISED={folder}".encode()
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            if mark in (entry / "environ").read_bytes().split(b"\0"):
                found.append(int(entry.name))
        except OSError:
            continue
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        alive = [pid for pid in found if _alive(pid)]
        for pid in alive:
            _signal(pid, number)
        ends = time.monotonic() + 5
        while time.monotonic() < ends and any(_alive(pid) for pid in alive):
            time.sleep(0.05)
    return len(found)


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def _signal(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def _kill_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
