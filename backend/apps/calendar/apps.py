from django.apps import AppConfig


class CalendarConfig(AppConfig):
    name = "apps.calendar"

    def ready(self) -> None:
        from apps.calendar import subscribers  # noqa: F401 - a restored appointment waits no more
