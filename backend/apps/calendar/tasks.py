"""What the calendar does by itself."""

from celery import shared_task
from django.utils import timezone

from apps.calendar import break_rules, overbooking


@shared_task
def carry_breaks() -> int:
    """Every night: recurring breaks exist for the next twelve months. May run twice, and at once."""
    return break_rules.carry_all(timezone.now())


@shared_task
def settle_overbooked() -> int:
    """Every night: overbooked appointments that lie over nothing any more are like any other. May run twice."""
    return overbooking.settle_all()
