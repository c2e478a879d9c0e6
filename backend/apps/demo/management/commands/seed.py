import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from apps.demo import seed
from apps.org.models import Organization


class Command(BaseCommand):
    help = "Writes the demonstration into an empty database; on any other it says so and changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        if Organization.objects.exists():
            self.stdout.write("В базе уже есть организации: демонстрационные данные не изменены.")
            return
        began = time.monotonic()
        accounts = seed.write(timezone.now(), options["seed"])
        path = seed.keep_accounts(accounts)
        self.stdout.write(
            f"Демонстрационные данные записаны за {time.monotonic() - began:.0f} с; пароли: {path}"
        )
