from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    name = "apps.core"

    def ready(self) -> None:
        from apps.core import checks  # noqa: F401 - registers itself
        from apps.core.postgres import privileges

        def grant(sender: Any, using: str, **kwargs: Any) -> None:
            privileges.apply(using)

        post_migrate.connect(grant, sender=self, weak=False, dispatch_uid="privileges")
