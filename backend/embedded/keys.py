"""Keys and passwords: made once, kept in the data folder with mode 600, never printed.

A production invents nothing: its three keys come from outside, by NAME or NAME_FILE. The folder remembers a fingerprint
of the two data keys, so that a wrong one stops the start instead of turning every ИИН into an error.
"""

import base64
import hashlib
import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

KEYS = ("SECRET_KEY", "FIELD_KEY", "LOOKUP_KEY")
_PASSWORDS = ("PG_SUPERUSER", "PG_OWNER", "PG_APPLICATION", "VALKEY")


class KeyFault(RuntimeError):
    """A key is missing or not the one this folder was made with."""


def load(folder: Path, environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Reads the keys, adding what is missing. A key that exists is never replaced: data is sealed with it."""
    path = folder / "keys.json"
    stored: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    if not stored and (folder / "pgdata").exists():
        raise KeyFault(f"{path} нет, а база данных есть: верните файл из копии")
    given = {name: value for name in KEYS if (value := _given(name, environment))}
    keys = stored | given
    missing = [name for name in KEYS if name not in keys]
    if missing and environment.get("CLINIC_MODE") == "production":
        raise KeyFault(f"В режиме production ключи задаёте вы; не заданы: {', '.join(missing)}")
    made = {name: _new(name) for name in (*missing, *_PASSWORDS) if name not in keys}
    keys |= made
    _check(keys, stored)
    marks = {f"{name}_MARK": _mark(keys[name]) for name in ("FIELD_KEY", "LOOKUP_KEY")}
    if made or any(stored.get(name) != mark for name, mark in marks.items()):
        _write(path, stored | made | marks)
    return keys


def _given(name: str, environment: Mapping[str, str]) -> str:
    path = environment.get(f"{name}_FILE")
    return Path(path).read_text().strip() if path else environment.get(name, "")


def _new(name: str) -> str:
    if name in ("FIELD_KEY", "LOOKUP_KEY"):
        return base64.b64encode(secrets.token_bytes(32)).decode()
    return secrets.token_urlsafe(48 if name == "SECRET_KEY" else 24)


def _mark(key: str) -> str:
    """Tells two random keys apart and gives neither away."""
    return hashlib.blake2b(key.encode(), digest_size=16, person=b"clinic-key-mark").hexdigest()


def _check(keys: dict[str, str], stored: dict[str, str]) -> None:
    for name in ("FIELD_KEY", "LOOKUP_KEY"):
        before = stored.get(f"{name}_MARK") or (_mark(stored[name]) if name in stored else None)
        if before and before != _mark(keys[name]):
            raise KeyFault(f"{name} не тот, с которым создана эта папка данных")


def _write(path: Path, values: dict[str, str]) -> None:
    temporary = path.with_suffix(".new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(values, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
