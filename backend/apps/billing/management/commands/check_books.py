from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.billing import audit
from apps.core.tenancy import tenant
from apps.org.models import Organization


class Command(BaseCommand):
    help = "Recompute every balance of every organisation from the journal of transfers."

    def handle(self, *args: Any, **options: Any) -> None:
        faults = 0
        for organization in Organization.objects.order_by("name"):
            with tenant(organization.pk):
                differences = audit.check()
            faults += len(differences)
            self.stdout.write(f"{organization.name}: {len(differences)} differences")
            for one in differences[:50]:
                self.stdout.write(f"  {one.what} {one.id}: {one.shown} instead of {one.journal}")
        if faults:
            raise CommandError(f"{faults} differences")
