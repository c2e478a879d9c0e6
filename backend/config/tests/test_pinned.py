"""Invariant 114: what is installed is what was looked at, and nothing secret lies in the tree."""

import json
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SECRETS = {
    "a private key": re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY"),
    "a cloud key": re.compile(rb"\bAKIA[0-9A-Z]{16}\b"),
    "a personal token": re.compile(rb"\b(?:ghp|gho|glpat|xox[bp])[-_][A-Za-z0-9_-]{20,}"),
    "a signed token": re.compile(rb"\beyJ[A-Za-z0-9_-]{20,}\.eyJ[A-Za-z0-9_-]{20,}\."),
    "an address with a password": re.compile(
        rb"\b(?:postgres|postgresql|redis|amqp)://[^\s:/{}$]*:(?!x@|password@|\{|\$|\*)[^\s@{}$]{8,}@"
    ),
}


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True
    ).stdout.decode()
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_is_one_version_with_its_hashes(name: str) -> None:
    text = (ROOT / "backend" / name).read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    assert len(lines) > 20
    for line in lines:
        assert re.match(r"[a-z0-9._\[\],-]+==\S+", line, re.IGNORECASE), line
        assert "--hash=sha256:" in line, line


def test_every_package_of_the_interface_has_its_hash() -> None:
    packages = json.loads((ROOT / "frontend" / "package-lock.json").read_text())["packages"]
    assert len(packages) > 100
    bare = [
        name
        for name, one in packages.items()
        if name and not one.get("link") and "integrity" not in one
    ]
    assert bare == []


def test_nothing_secret_lies_in_the_tree() -> None:
    found = [
        (path.relative_to(ROOT), what)
        for path in tracked()
        for what, pattern in SECRETS.items()
        if pattern.search(path.read_bytes())
    ]
    assert found == []


def test_control_a_secret_is_found() -> None:
    lying = (
        b"-----BEGIN " + b"RSA PRIVATE KEY-----",
        b"redis://:" + b"correct-horse@127.0.0.1/0",
    )
    assert all(any(pattern.search(one) for pattern in SECRETS.values()) for one in lying)
