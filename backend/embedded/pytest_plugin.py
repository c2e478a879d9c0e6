"""Real PostgreSQL and Valkey for the tests: started before Django reads its settings, gone afterwards.

A migrated database cluster is kept in `.data/test`, one per state of the migrations. A run copies that folder, starts
its own servers on it and gives each worker a clone, so several runs may go on side by side. The suite runs as the
application's role; `committed_db` gives a test that commits a clone of its own.
"""

import base64
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from embedded.ports import free
from embedded.postgres import APPLICATION, DATABASE, OWNER, Postgres
from embedded.valkey import Valkey

BACKEND = Path(__file__).resolve().parent.parent
CACHE = Path(os.environ.get("CLINIC_TEST_CACHE", BACKEND.parent / ".data" / "test"))
PASSWORD = "only-for-throw-away-test-servers"
TEMPLATE = "template_clinic"
FAST = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "shared_buffers": "128MB",
    "max_connections": "300",
    "autovacuum": "off",
}
_servers: list[subprocess.Popen[bytes]] = []
_folder: Path | None = None


@pytest.hookimpl(
    wrapper=True
)  # a wrapper begins before the plugin of Django, which reads the settings
def pytest_load_initial_conftests(early_config: Any) -> Iterator[None]:
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    _set_environment()
    if "CLINIC_TEST_PG_PORT" not in os.environ:  # the controller, or a run without workers
        _start_servers()
    _clone_for_worker()
    return (yield)


def pytest_configure(config: Any) -> None:
    config.pluginmanager.register(Databases(), "clinic-databases")
    config.addinivalue_line("markers", "proof: full-size proofs, run by `make proof`")


def pytest_unconfigure(config: Any) -> None:
    if not _servers:
        return
    for server in reversed(_servers):
        server.kill()
        server.wait()
    if _folder is not None:
        shutil.rmtree(_folder, ignore_errors=True)


class Databases:
    @pytest.fixture(scope="session")
    def django_db_setup(self) -> None:
        """Nothing to make: the clone exists since before Django began."""

    @pytest.fixture
    def committed_db(self, django_db_blocker: Any) -> Iterator[str]:
        """A fresh database of this test's own, where commits are real and threads see each other."""
        from django.conf import settings
        from django.db import connections

        before = str(settings.DATABASES["default"]["NAME"])
        name = clone()
        with django_db_blocker.unblock():
            _switch(connections, name)
            yield name
            _switch(connections, before)
        drop(name)


def _switch(connections: Any, name: str) -> None:
    connections.close_all()
    connections["default"].close_pool()
    connections.settings["default"]["NAME"] = name
    connections["default"].settings_dict["NAME"] = name


def clone(template: str = TEMPLATE) -> str:
    name = f"t_{uuid4().hex[:12]}"
    with _admin() as connection:
        connection.execute(
            f"CREATE DATABASE {name} TEMPLATE {template} OWNER {OWNER} STRATEGY file_copy"
        )
    return name


def drop(name: str) -> None:
    with _admin() as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _admin() -> psycopg.Connection[Any]:
    return psycopg.connect(_address("postgres", "postgres"), autocommit=True)


def _address(user: str, name: str) -> str:
    return f"postgresql://{user}:{PASSWORD}@127.0.0.1:{os.environ['CLINIC_TEST_PG_PORT']}/{name}"


def application_address(name: str) -> str:
    """For a process of the product that a test starts on a clone."""
    return _address(APPLICATION, name)


def owner_address(name: str) -> str:
    """For the few tests that need the schema's owner (controls, migrations)."""
    return _address(OWNER, name)


def _set_environment() -> None:
    fixed = {"FIELD_KEY": bytes(range(32)), "LOOKUP_KEY": bytes(range(32, 64))}
    os.environ.update({name: base64.b64encode(key).decode() for name, key in fixed.items()})
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "SECRET_KEY", *fixed):
        os.environ.pop(f"{name}_FILE", None)  # a file is stronger, and names the real thing
    os.environ["SECRET_KEY"] = "tests-only-" + "k" * 40
    os.environ["CLINIC_MODE"] = "local"
    for name in ("HOST_IP", "ALLOWED_HOSTS", "ALLOWED_ORIGINS", "DB_POOLED"):
        os.environ.pop(name, None)


def _start_servers() -> None:
    global _folder
    _sweep()
    _folder = Path(tempfile.mkdtemp(prefix=f"clinic-test-{os.getpid()}-"))
    _copy_template(_folder)
    postgres = Postgres(_folder, free(), PASSWORD, FAST)
    valkey = Valkey(_folder, free(), PASSWORD)
    for part in (postgres, valkey):
        _servers.append(
            subprocess.Popen(part.argv(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        )
    _wait(postgres.answers)
    _wait(valkey.answers)
    os.environ["CLINIC_TEST_PG_PORT"] = str(postgres.port)
    os.environ["REDIS_URL"] = valkey.url


def _clone_for_worker() -> None:
    os.environ["DATABASE_URL"] = application_address(clone())


def _wait(answers: Any, seconds: float = 30) -> None:
    ends = time.monotonic() + seconds
    while not answers():
        if time.monotonic() > ends:
            raise RuntimeError("A test server did not start")
        time.sleep(0.05)


def _sweep() -> None:
    """Folders of runs that were killed. Their servers ended with them (``embedded.child``)."""
    for folder in Path(tempfile.gettempdir()).glob("clinic-test-*"):
        owner = folder.name.split("-")[2]
        if owner.isdigit() and not Path(f"/proc/{owner}").exists():
            shutil.rmtree(folder, ignore_errors=True)


def _copy_template(folder: Path) -> None:
    """A stopped cluster whose template database is migrated; made when the migrations have changed."""
    CACHE.mkdir(parents=True, exist_ok=True)
    ready = CACHE / f"cluster-{_state_of_migrations()}"
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not ready.exists():
            _make_template(ready)
        os.utime(ready)
        for old in sorted(CACHE.glob("cluster-*"), key=lambda path: path.stat().st_mtime)[:-3]:
            shutil.rmtree(old, ignore_errors=True)
        subprocess.run(["cp", "-a", "--reflink=auto", f"{ready}/.", str(folder)], check=True)


def _make_template(ready: Path) -> None:
    for broken in CACHE.glob("making-*"):  # the lock is ours: nobody is making these
        shutil.rmtree(broken, ignore_errors=True)
    making = Path(tempfile.mkdtemp(prefix="making-", dir=CACHE))
    postgres = Postgres(making, free(), PASSWORD, FAST)
    postgres.make()
    server = subprocess.Popen(postgres.argv(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(postgres.answers)
        postgres.prepare(PASSWORD, PASSWORD)
        address = postgres.url(OWNER, PASSWORD, DATABASE)
        subprocess.run(
            [sys.executable, "-W", "ignore", "manage.py", "migrate", "--verbosity=0"],
            cwd=BACKEND,
            check=True,
            env={**os.environ, "DATABASE_URL": address, "REDIS_URL": "redis://127.0.0.1:1/0"},
        )
        with psycopg.connect(postgres.url(), autocommit=True) as connection:
            connection.execute(f"ALTER DATABASE {DATABASE} RENAME TO {TEMPLATE}")
    finally:
        server.send_signal(2)
        server.wait()
    making.rename(ready)


def _state_of_migrations() -> str:
    digest = hashlib.blake2b(digest_size=6)
    sources = [*BACKEND.glob("apps/*/migrations/*.py"), *BACKEND.glob("apps/core/postgres/*.py")]
    sources += [*BACKEND.glob("apps/core/kz/*.py"), *BACKEND.glob("apps/*/sql/*"), Path(__file__)]
    sources += [BACKEND / "embedded" / "postgres.py"]
    sources += [*BACKEND.glob("apps/*/models.py"), *BACKEND.glob("apps/*/models/*.py")]
    for source in sorted(sources):
        digest.update(source.name.encode() + source.read_bytes())
    return digest.hexdigest()
