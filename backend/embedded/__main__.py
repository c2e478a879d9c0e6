"""`python -m embedded up` runs the product; `… manage COMMAND …` acts on its data folder, running or not;
`eval "$(python -m embedded shell-env)"` gives a terminal the environment of the running product (it holds the keys)."""

import shlex
import sys

from embedded import up


def main() -> int:
    command, *rest = sys.argv[1:] or ["up"]
    if command == "up":
        return up.up()
    if command == "manage" and rest:
        return _manage(rest)
    if command == "shell-env":
        return _shell_env()
    print(__doc__)
    return 2


def _shell_env() -> int:
    up.read_env_file()
    folder = up.data_folder()
    if not (folder / "run.json").exists():
        print(f"В папке {folder} ничего не запущено", file=sys.stderr)
        return 1
    parts = up.installation(folder, fresh=False)
    for name, value in {**parts.environment(), "DATABASE_OWNER_URL": parts.owner_url()}.items():
        print(f"export {name}={shlex.quote(value)}")
    return 0


def _manage(arguments: list[str]) -> int:
    """The stores are started for the length of the command when nothing runs."""
    up.read_env_file()
    folder = up.data_folder()
    try:
        lock = up.hold(folder)
    except up.Taken:
        print(f"Действует на запущенную систему, папка {folder}", flush=True)
        return _command(up.installation(folder, fresh=False), arguments)
    with lock:
        print(f"Действует на остановленную систему, папка {folder}", flush=True)
        up.end_leftovers(folder)
        parts = up.installation(folder, fresh=True)
        supervisor = up.Supervisor(folder)
        try:
            parts.postgres.wait_until_gone()
            parts.postgres.make()
            for service in parts.stores():
                supervisor.start(service)
            parts.postgres.prepare(parts.keys["PG_OWNER"], parts.keys["PG_APPLICATION"])
            if arguments[0] != "migrate":
                up.migrate(parts)
            return _command(parts, arguments)
        finally:
            supervisor.stop()


def _command(parts: up.Installation, arguments: list[str]) -> int:
    owner = {"DATABASE_OWNER_URL": parts.owner_url()} if arguments[0] == "migrate" else {}
    try:
        up.manage(parts, *arguments, **owner)
    except up.subprocess.CalledProcessError as error:
        return int(error.returncode)
    return 0


if __name__ == "__main__":
    sys.exit(main())
