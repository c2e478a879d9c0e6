"""A worker to be killed: the product's loop with short leases. Started by ``test_kill`` as a process of its own."""

import time
from datetime import timedelta

import django

if __name__ == "__main__":
    django.setup()
    from django.utils import timezone

    from apps.core import outbox

    outbox.LEASE = timedelta(seconds=1)
    outbox.ASK_AFTER = outbox.PAUSE = timedelta(seconds=0.2)
    while True:
        outbox.process_due(timezone.now())
        time.sleep(0.02)
