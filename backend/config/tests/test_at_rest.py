"""Invariants 46 and 47: no IIN lies anywhere in clear, in a usual encoding or as a hash that can be guessed."""

import base64
import hashlib
import logging
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis
from django.conf import settings

from apps.core import crypto
from apps.core.kz import iin as iins
from apps.core.tenancy import tenant
from apps.patients.models import Patient
from embedded.pytest_plugin import owner_address
from testing.clinics import Clinic, build_clinic
from testing.races import size

PATIENTS = "/api/v1/patients"


@pytest.fixture
def clinic(committed_db: str, caplog: pytest.LogCaptureFixture) -> Clinic:
    caplog.set_level(logging.DEBUG)
    return build_clinic()


def register(clinic: Clinic, **more: str) -> list[str]:
    """People come to the front desk, are looked for and looked at."""
    desk, known = clinic.client("registrar", clinic.branch), []
    for serial in range(2, 2 + 2 * size(5, 200)):
        iin = iins.make_iin(date(1980, 2, 1), "F", serial)
        if iin is None:
            continue
        body = {
            "last_name": "Ли",
            "first_name": f"А{serial}",
            "iin": iin,
            "confirm_duplicate": True,
        }
        answer = desk.post(PATIENTS, body | more)
        assert answer.status_code == 201, answer.content
        assert desk.get(PATIENTS, {"q": iin}).json()["total"] == 1
        assert desk.get(f"{PATIENTS}/{answer.json()['id']}/iin").json()["iin"] == iin
        known.append(iin)
    return known


def traces(iin: str) -> Iterator[bytes]:
    yield from _encodings(iin.encode())
    for salt in ("", "patient.iin", "iin", "clinic"):
        for text in {f"{salt}{iin}", f"{iin}{salt}", f"{salt}:{iin}"}:
            for name in ("md5", "sha1", "sha256", "sha512"):
                yield from _encodings(hashlib.new(name, text.encode()).digest())


def _encodings(value: bytes) -> Iterator[bytes]:
    yield from (value, value[::-1], value.hex().encode(), base64.b64encode(value))


def rows(database: str) -> Iterator[bytes]:
    """What a dump holds: every row of every table as text."""
    with psycopg.connect(owner_address(database)) as owner:
        tables = owner.execute(
            "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall()
        for (table,) in tables:
            for (row,) in owner.execute(f"SELECT t::text FROM {table} t").fetchall():
                yield row.encode()


def files(database: str) -> Iterator[bytes]:
    """The pages of this database and the write-ahead log, as a stolen disk would show them."""
    with psycopg.connect(owner_address(database), autocommit=True) as owner:
        found = owner.execute(
            "SELECT oid::text, pg_relation_filepath('patients_patient')"
            " FROM pg_database WHERE datname = current_database()"
        ).fetchone()
    assert found and f"base/{found[0]}/" in found[1]
    folder = cluster()
    for path in [*(folder / "base" / found[0]).iterdir(), *(folder / "pg_wal").glob("0*")]:
        yield path.read_bytes()


def cluster() -> Path:
    with psycopg.connect(admin_address(), autocommit=True) as admin:
        admin.execute("CHECKPOINT")
        found = admin.execute("SHOW data_directory").fetchone()
    assert found
    return Path(found[0])


def admin_address() -> str:
    return owner_address("postgres").replace("clinic_owner:", "postgres:")


def cached() -> Iterator[bytes]:
    store: Any = redis.Redis.from_url(settings.REDIS_URL)
    for key in store.scan_iter():
        yield key + (store.dump(key) or b"")


def found_in(pieces: Iterator[bytes], known: list[str], whole: bool = True) -> list[str]:
    wanted = {trace: iin for iin in known for trace in (traces(iin) if whole else [iin.encode()])}
    heap = b"\n".join(pieces)
    return [iin for trace, iin in wanted.items() if trace in heap]


def test_no_iin_lies_anywhere(
    clinic: Clinic, committed_db: str, caplog: pytest.LogCaptureFixture
) -> None:
    known = register(clinic)

    assert found_in(rows(committed_db), known) == []
    assert found_in(files(committed_db), known[:20], whole=False) == []
    assert found_in(cached(), known) == []
    assert found_in(iter([caplog.text.encode()]), known) == []


def test_control_an_iin_in_a_note_is_found_everywhere(clinic: Clinic, committed_db: str) -> None:
    known = [iins.make_iin(date(1980, 2, 1), "F", 900) or ""]
    register(clinic, note=known[0])

    assert found_in(rows(committed_db), known) == known
    assert found_in(files(committed_db), known, whole=False) == known


def test_who_is_looked_for_is_found_by_a_keyed_hash_alone(clinic: Clinic) -> None:
    for iin in register(clinic):
        wanted = crypto.lookup_hash(iin, organization_id=clinic.pk, purpose="patient.iin")
        with tenant(clinic.pk):
            assert Patient.objects.filter(iin_lookup=wanted).count() == 1
