"""The parts of the running product, in the order in which they start."""

import os
import signal
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from embedded import child, ports
from embedded.postgres import APPLICATION, DATABASE, OWNER, Postgres
from embedded.valkey import Valkey

BACKEND = Path(__file__).resolve().parent.parent


@dataclass
class Service:
    name: str
    argv: Callable[[], list[str]]
    ready: Callable[[], bool]
    env: dict[str, str] = field(default_factory=dict)
    stop_signal: signal.Signals = signal.SIGTERM
    popen_options: dict[str, Any] = field(default_factory=dict)
    carries: bool = False  # others lean on it: it stops after them


@dataclass
class Installation:
    """A data folder, its keys and ports, and the environment that the product's processes get."""

    folder: Path
    keys: dict[str, str]
    web_port: int
    ws_port: int
    postgres_port: int
    valkey_port: int
    sms_port: int

    def __post_init__(self) -> None:
        self.postgres = Postgres(self.folder, self.postgres_port, self.keys["PG_SUPERUSER"])
        self.valkey = Valkey(self.folder, self.valkey_port, self.keys["VALKEY"])

    @property
    def host(self) -> str:
        return "0.0.0.0" if os.environ.get("HOST_IP") else "127.0.0.1"

    def environment(self) -> dict[str, str]:
        return {
            "CLINIC_MODE": os.environ.get("CLINIC_MODE", "local"),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": self.postgres.url(APPLICATION, self.keys["PG_APPLICATION"], DATABASE),
            "REDIS_URL": self.valkey.url,
            "SECRET_KEY": self.keys["SECRET_KEY"],
            "FIELD_KEY": self.keys["FIELD_KEY"],
            "LOOKUP_KEY": self.keys["LOOKUP_KEY"],
            "DATA_DIR": str(self.folder),
            "PORT": str(self.web_port),
            "WS_PORT": str(self.ws_port),
            "SMS_MOCK_PORT": str(self.sms_port),
            "SMS_MOCK_URL": f"http://127.0.0.1:{self.sms_port}",
        }

    def whole_environment(self) -> dict[str, str]:
        """Ours over the inherited one, from which the NAME_FILE of what we name is taken out: a file is stronger."""
        own = self.environment()
        inherited = {k: v for k, v in os.environ.items() if k.removesuffix("_FILE") not in own}
        return {**inherited, **own}

    def owner_url(self) -> str:
        return self.postgres.url(OWNER, self.keys["PG_OWNER"], DATABASE)

    def stores(self) -> list[Service]:
        return [
            Service(
                "postgres",
                self.postgres.argv,
                self.postgres.answers,
                stop_signal=signal.SIGINT,
                popen_options=dict(self.postgres.popen_options()),
                carries=True,
            ),
            Service("valkey", self.valkey.argv, self.valkey.answers, carries=True),
        ]

    def product(self) -> list[Service]:
        web = ["--interface", "wsgi", "config.wsgi:application", "--port", str(self.web_port),
               "--workers", os.environ.get("WEB_WORKERS", str(min(os.cpu_count() or 1, 4))),
               "--blocking-threads", os.environ.get("WEB_THREADS", "4"), "--backlog", "1024"]  # fmt: skip
        ws = ["--interface", "asginl", "config.asgi:application", "--port", str(self.ws_port),
              "--workers", "1", "--loop", "uvloop"]  # fmt: skip
        celery = ["-m", "celery", "-A", "config.celery:app"]
        worker = [*celery, "worker", "--pool", "threads", "--concurrency", "2", "--loglevel", "WARNING",
                  "--without-gossip", "--without-mingle"]  # fmt: skip
        beat = [*celery, "beat", "--loglevel", "WARNING",
                "--schedule", str(self.folder / "beat-schedule"), "--pidfile="]  # fmt: skip
        common = ["--host", self.host, "--no-ws", "--log-level", "warning"]
        return [
            self._python("web", ["-m", "granian", *web, *common], self.web_answers),
            self._python(
                "ws",
                ["-m", "granian", *ws, "--host", self.host, "--log-level", "warning"],
                lambda: ports.answers(self.ws_port),
            ),
            self._python(
                "sms",
                ["-m", "apps.comms.simulator"],
                lambda: ports.answers(self.sms_port),
                carries=True,
            ),
            self._python("worker", worker, lambda: True),
            self._python("beat", beat, lambda: True),
        ]

    def _python(
        self, name: str, arguments: list[str], ready: Callable[[], bool], *, carries: bool = False
    ) -> Service:
        return Service(
            name,
            lambda: child.argv([sys.executable, *arguments], signal.SIGTERM),
            ready,
            env=self.whole_environment(),
            carries=carries,
        )

    def web_answers(self) -> bool:
        try:
            address = f"http://127.0.0.1:{self.web_port}/health/ready"
            with urllib.request.urlopen(address, timeout=3) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False
