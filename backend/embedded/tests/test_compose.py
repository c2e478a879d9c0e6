"""docker-compose.yml follows the Compose specification and keeps the names of the contract."""

import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from embedded.services import BACKEND

ROOT = BACKEND.parent


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / "docker-compose.yml").read_text()))


def test_follows_the_specification(compose: dict[str, Any]) -> None:
    schema = files("check_jsonschema") / "builtin_schemas" / "vendor" / "compose-spec.json"
    faults = Draft7Validator(json.loads(schema.read_text())).iter_errors(compose)

    assert [f"{fault.json_path}: {fault.message}" for fault in faults] == []


def test_has_the_services_and_ports_of_the_contract(compose: dict[str, Any]) -> None:
    services = compose["services"]

    assert set(services) >= {"backend", "ws", "worker", "beat", "frontend", "db", "redis", "init"}
    published = {
        name: [port.rsplit(":", 2)[-2] for port in service["ports"]]
        for name, service in services.items()
        if "ports" in service
    }
    assert published == {"backend": ["8000"], "ws": ["8001"], "frontend": ["5173"]}


def test_listens_on_this_machine_only_until_host_ip_is_set(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        for port in service.get("ports", []):
            assert port.startswith("${BIND_IP:-${HOST_IP:-127.0.0.1}}:")


def test_waits_for_what_exists_and_mounts_what_is_declared(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        assert set(service.get("depends_on", [])) <= set(compose["services"]), name
        volumes = {volume.split(":")[0] for volume in service.get("volumes", [])}
        assert volumes <= set(compose["volumes"]), name
        if "build" in service:
            assert (ROOT / service["build"]["dockerfile"]).exists() or not (
                ROOT / "deploy"
            ).exists()


def test_no_secret_stands_in_the_files() -> None:
    for name in ("docker-compose.yml", "env.example"):
        for line in (ROOT / name).read_text().splitlines():
            assert not re.search(r"(KEY|PASSWORD|SECRET)[A-Z_]*[:=]\s*[^\s/$]", line), line


def test_the_example_environment_knows_every_name_of_the_contract() -> None:
    lines = (ROOT / "env.example").read_text().splitlines()
    values = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))

    assert {
        "SMS_PROVIDER": "mock",
        "SMS_RATE_LIMIT_PER_MIN": "30",
        "SMS_PRICE_PER_SMS": "15.0",
        "ONLINE_BOOKING_URL": "",
        "QUIET_HOURS_START": "22",
        "QUIET_HOURS_END": "8",
        "ANTISPAM_WINDOW_HOURS": "24",
        "CONVERSION_WINDOW_DAYS": "14",
        "HOST_IP": "",
    }.items() <= values.items()
    assert list(values).index("HOST_IP") < list(values).index("BIND_IP")


def test_keys_are_made_once_and_never_replaced(tmp_path: Path) -> None:
    make_keys = ROOT / "deploy" / "make-keys"
    if not make_keys.exists():
        make_keys = BACKEND / "deploy" / "make-keys"  # inside the image
    values = []
    for _ in range(2):
        make(make_keys, tmp_path)
        values.append({path.name: path.read_text() for path in tmp_path.iterdir()})

    assert values[0] == values[1]
    assert set(values[0]) >= {"secret_key", "field_key", "lookup_key", "database_url"}
    assert all(path.stat().st_mode & 0o007 == 0 for path in tmp_path.iterdir())


def make(program: Path, folder: Path) -> None:
    """Runs the script in this process: giving files to another user needs root, which a test may lack."""
    import os
    import runpy
    import sys
    from unittest import mock

    with (
        mock.patch.object(os, "chown"),
        mock.patch.object(sys, "argv", [str(program), str(folder)]),
    ):
        runpy.run_path(str(program), run_name="__main__")
