from django.apps import AppConfig


class CommsConfig(AppConfig):
    name = "apps.comms"

    def ready(self) -> None:
        from apps.comms import delivery, subscribers  # noqa: F401 - register themselves
