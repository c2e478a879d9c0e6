"""What need not be kept: answers of idempotency keys after 72 hours, old sessions, links and brakes.

The spent tokens of a session stay as long as it lives, because their reuse must be noticed."""

from datetime import datetime, timedelta

from django.apps import apps

from apps.core import tenancy
from apps.core.models import IdempotencyKey, OneTimeLink, RefreshToken, Session, Throttle

KEYS = timedelta(hours=72)
TOKENS = timedelta(days=1)
SESSIONS = timedelta(days=60)  # as long as an address counts as familiar
BRAKES = timedelta(days=1)


def forget(now: datetime) -> dict[str, int]:
    """Returns how many rows of each kind went."""
    counts = {"keys": 0}
    for organization in apps.get_model("org", "Organization").objects.all():
        with tenancy.tenant(organization.pk):
            old = IdempotencyKey.objects.filter(created_at__lt=now - KEYS)
            counts["keys"] += old.delete()[0]
    over = RefreshToken.objects.filter(session__expires_at__lt=now - TOKENS)
    ended = RefreshToken.objects.filter(session__ended_at__lt=now - TOKENS)
    counts["tokens"] = over.delete()[0] + ended.delete()[0]
    counts["sessions"] = Session.objects.filter(expires_at__lt=now - SESSIONS).delete()[0]
    counts["links"] = OneTimeLink.objects.filter(expires_at__lt=now - SESSIONS).delete()[0]
    counts["brakes"] = Throttle.objects.filter(last_failure_at__lt=now - BRAKES).delete()[0]
    return counts
