"""What happened and who did it (append-only), and the small tables that requests keep beside their work."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from apps.core.tenancy import TenantModel


class JournalEntry(TenantModel):
    """One fact: a change, a look at a patient, or a refusal. Never changed, never deleted (the role may not)."""

    class Outcome(models.TextChoices):
        DONE = "done"
        VIEWED = "viewed"
        REFUSED = "refused"

    at = models.DateTimeField(auto_now_add=True)
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.DONE)
    event = models.CharField(max_length=64)
    resource = models.CharField(max_length=32, blank=True)
    object_id = models.UUIDField(null=True)
    branch_id = models.UUIDField(null=True)
    patient_id = models.UUIDField(null=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    address = models.GenericIPAddressField(null=True)
    data = models.JSONField(default=dict)

    append_only = True

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organization", "object_id", "at"], name="journal_object"),
            models.Index(fields=["organization", "patient_id", "at"], name="journal_patient"),
            BrinIndex(fields=["at"], name="journal_at"),
        ]


class IdempotencyKey(TenantModel):
    """The answer that a key was given, committed together with its effect. Kept 72 hours."""

    key = models.CharField(max_length=80)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    operation = models.CharField(max_length=120)
    body_digest = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField()
    answer = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "actor", "operation", "key"], name="idempotency_once"
            )
        ]


class BranchCounter(TenantModel):
    """Raised by every change that a branch's day can show; the day's ETag is made of it."""

    branch_id = models.UUIDField()
    value = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "branch_id"], name="branch_counter_once"
            )
        ]


class NumberSequence(TenantModel):
    """The last number given out under a name and year; see ``numbering``."""

    name = models.CharField(max_length=24)
    year = models.PositiveSmallIntegerField(default=0)
    value = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "name", "year"], name="number_sequence_once"
            )
        ]
