"""What runs by itself. Tasks are entrances: each opens its tenants where the work is."""

from celery import shared_task
from django.utils import timezone

from apps.core import forgetting, outbox


@shared_task
def process_outbox() -> int:
    """Every five seconds; runs may overlap and workers may be many."""
    return outbox.process_due(timezone.now())


@shared_task
def forget_old_keys() -> dict[str, int]:
    """Every night."""
    return forgetting.forget(timezone.now())
