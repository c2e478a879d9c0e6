"""`python -m embedded up`: the whole product from one command, until Ctrl-C."""

import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

import psycopg

from embedded import keys, ports
from embedded.services import BACKEND, Installation
from embedded.supervisor import Supervisor, end_leftovers


def read_env_file(path: Path = BACKEND.parent / ".env") -> None:
    """What `.env` says holds for this way of running too; the environment itself is stronger."""
    if not path.exists():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        name, mark, value = line.strip().partition("=")
        if mark and value and "${" not in value and not name.startswith("#"):
            os.environ.setdefault(name.strip(), value.strip().strip("\"'"))


def data_folder() -> Path:
    return Path(os.environ.get("DATA_DIR") or BACKEND.parent / ".data").resolve()


class Taken(Exception):
    """Another process holds the folder or a port."""


def say(text: str) -> None:
    print(text, flush=True)


def hold(folder: Path) -> IO[str]:
    """The folder is ours as long as the returned file is open; the lock dies with the process."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
    lock = (folder / "lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        state = running(folder)
        address = f" http://localhost:{state['web_port']}" if state else ""
        raise Taken(
            f"Система уже запущена в папке {folder}:{address}. Ничего не изменено."
        ) from None
    return lock


def running(folder: Path) -> dict[str, int]:
    """The ports of the installation that runs in the folder (or ran last)."""
    path = folder / "run.json"
    return dict(json.loads(path.read_text())) if path.exists() else {}


def installation(folder: Path, *, fresh: bool) -> Installation:
    known = {} if fresh else running(folder)
    numbers = {
        "web_port": int(os.environ.get("PORT") or known.get("web_port") or 8000),
        "ws_port": int(os.environ.get("WS_PORT") or known.get("ws_port") or 8001),
        "postgres_port": known.get("postgres_port") or ports.free(),
        "valkey_port": known.get("valkey_port") or ports.free(),
        "sms_port": known.get("sms_port") or ports.free(),
    }
    return Installation(folder, keys.load(folder), **numbers)


def up() -> int:
    read_env_file()
    folder = data_folder()
    try:
        lock = hold(folder)
    except Taken as taken:
        say(str(taken))
        return 1
    with lock:
        if end_leftovers(folder):
            say("  ✓ остатки прежнего запуска остановлены")
        try:
            parts = installation(folder, fresh=True)
        except keys.KeyFault as fault:
            say(f"Не удалось запустить: {fault}")
            return 1
        for port in (parts.web_port, parts.ws_port):
            if not ports.is_free(port, parts.host):
                say(
                    f"Порт {port} занят другой программой. Освободите его или задайте PORT / WS_PORT."
                )
                return 1
        return _run(folder, parts)


class _Interrupted(Exception):
    """Asked to stop while still starting."""


class _Stopping:
    """Ctrl-C, a polite kill and a closed terminal all ask to stop; while starting they interrupt."""

    def __init__(self) -> None:
        self.asked, self.interrupts = False, True
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:  # nohup
                signal.signal(number, self._ask)

    def _ask(self, _number: int, _frame: object) -> None:
        self.asked = True
        if self.interrupts:
            self.interrupts = False
            raise _Interrupted


def _run(folder: Path, parts: Installation) -> int:
    stopping = _Stopping()
    supervisor = Supervisor(folder)
    try:
        _start(folder, parts, supervisor)
        stopping.interrupts = False
        while not stopping.asked:
            supervisor.watch_once()
            time.sleep(0.2)
        say("\nОстанавливаю…")
        return 0
    except _Interrupted:
        say("\nОстанавливаю…")
        return 0
    except (RuntimeError, subprocess.CalledProcessError) as error:
        say(f"Не удалось запустить: {error}")
        return 1
    finally:
        stopping.interrupts = False
        supervisor.stop()
        say("Остановлено.")


def _start(folder: Path, parts: Installation, supervisor: Supervisor) -> None:
    began = time.monotonic()
    say(f"Medicine ERP · папка данных {folder}")
    parts.postgres.wait_until_gone()
    if parts.postgres.make():
        say("  ✓ база данных создана")
    _remember(folder, parts)
    for service in parts.stores():
        supervisor.start(service)
        say(f"  ✓ {service.name}")
    parts.postgres.prepare(parts.keys["PG_OWNER"], parts.keys["PG_APPLICATION"])
    migrate(parts)
    say("  ✓ схема базы данных")
    if os.environ.get("DEMO", "1") != "0" and is_empty(parts):
        say("  … демонстрационные данные (до 40 с)")
        manage(parts, "seed")
    for service in parts.product():
        supervisor.start(service)
        say(f"  ✓ {service.name}")
    say(f"Готово за {time.monotonic() - began:.1f} с")
    say(
        f"\n  Откройте http://localhost:{parts.web_port}   (API: /api/docs/, сокет: {parts.ws_port})"
    )
    say(f"  Ключи: {folder / 'keys.json'}   Журналы: {folder / 'logs'}   Остановить: Ctrl-C")
    accounts = folder / "demo-accounts.txt"
    if accounts.exists():
        say(f"\n{accounts.read_text()}")


def _remember(folder: Path, parts: Installation) -> None:
    names = ("web_port", "ws_port", "postgres_port", "valkey_port", "sms_port")
    temporary = folder / "run.json.new"
    temporary.write_text(json.dumps({name: getattr(parts, name) for name in names}))
    temporary.replace(folder / "run.json")


def migrate(parts: Installation) -> None:
    manage(parts, "migrate", "--verbosity=0", DATABASE_OWNER_URL=parts.owner_url())


def is_empty(parts: Installation) -> bool:
    with psycopg.connect(parts.owner_url()) as connection:
        row = connection.execute("SELECT NOT EXISTS (SELECT FROM org_organization)").fetchone()
    return bool(row and row[0])


def manage(parts: Installation, *arguments: str, **environment: str) -> None:
    env = {**parts.whole_environment(), **environment}
    env.pop("CLINIC_SUPERVISED", None)  # a command of a person is not ours to end
    subprocess.run(
        [sys.executable, "-W", "ignore", "manage.py", *arguments], cwd=BACKEND, check=True, env=env
    )
