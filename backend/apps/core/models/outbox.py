"""Whatever leaves the process is a row first, written in the transaction that caused it (see ``apps.core.outbox``)."""

from typing import ClassVar

from django.db import models

from apps.core.tenancy import Row, TenantModel


class OutboxMessage(TenantModel):
    class State(models.TextChoices):
        WAITING = "waiting"
        SENDING = "sending"
        DONE = "done"
        FAILED = "failed"
        UNKNOWN = "unknown"  # the lease ran out: ask the provider, never call again blindly
        CANCELED = "canceled"

    kind = models.CharField(max_length=24)
    unique_key = models.CharField(max_length=160)
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    called_at = models.DateTimeField(
        null=True, help_text="The last call; limits per minute count these."
    )
    reference = models.CharField(max_length=120, blank=True)
    error = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "kind", "unique_key"], name="outbox_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["organization", "state", "due_at"],
                name="outbox_due",
                condition=models.Q(state__in=["waiting", "sending", "unknown"]),
            ),
            models.Index(fields=["organization", "kind", "called_at"], name="outbox_called"),
        ]


class Doorbell(Row):
    """Tells the worker that an organisation has something due. Without content: a platform row.

    One per message and moment, not one per organisation: a shared bell would make bookings wait for one another, and
    a worker that took it would leave behind the message that is not committed yet.
    """

    organization = models.ForeignKey("org.Organization", models.CASCADE, related_name="+")
    kind = models.CharField(max_length=24)
    due_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["due_at"], name="doorbell_due")]
