#!/usr/bin/env python
"""Django's command line. `migrate` connects as the owner of the schema, everything else as the application."""

import os
import sys


def connect_as_owner() -> None:
    """DATABASE_OWNER_URL is read here and nowhere else in the product."""
    for end in ("", "_FILE"):
        address = os.environ.pop(f"DATABASE_OWNER_URL{end}", "")
        if address:
            os.environ.pop("DATABASE_URL_FILE", None)
            os.environ[f"DATABASE_URL{end}"] = address
            os.environ["CLINIC_MIGRATES"] = "1"
            return


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if sys.argv[1:2] == ["migrate"]:
        connect_as_owner()
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
