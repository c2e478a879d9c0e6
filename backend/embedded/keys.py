"""Keys and passwords: made once, kept in the data folder with mode 600, never printed."""

import base64
import json
import os
import secrets
from pathlib import Path

_NAMES = (
    "SECRET_KEY",
    "FIELD_KEY",
    "LOOKUP_KEY",
    "PG_SUPERUSER",
    "PG_OWNER",
    "PG_APPLICATION",
    "VALKEY",
)


def _new(name: str) -> str:
    if name in ("FIELD_KEY", "LOOKUP_KEY"):
        return base64.b64encode(secrets.token_bytes(32)).decode()
    return secrets.token_urlsafe(48 if name == "SECRET_KEY" else 24)


def load(folder: Path) -> dict[str, str]:
    """Reads the keys, adding what is missing. A key that exists is never replaced: data is sealed with it."""
    path = folder / "keys.json"
    known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    missing = [name for name in _NAMES if name not in known]
    if missing:
        if (folder / "pgdata").exists() and not known:
            raise RuntimeError(
                f"{path} is gone, but the database exists: restore the file from a backup"
            )
        known |= {name: _new(name) for name in missing}
        temporary = path.with_suffix(".new")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(known, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    return known
