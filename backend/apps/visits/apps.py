from django.apps import AppConfig


class VisitsConfig(AppConfig):
    name = "apps.visits"

    def ready(self) -> None:
        from apps.visits import subscribers  # noqa: F401 - hears of the calendar
