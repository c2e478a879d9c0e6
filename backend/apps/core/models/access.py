"""Who may enter: sessions and their tokens (platform), memberships (tenant), brakes against guessing (platform)."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from apps.core.permissions import Role
from apps.core.tenancy import Row, TenantForeignKey, VersionedModel


class Session(Row):
    """One log-in. Access tokens name it, and each request checks that it still lives."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="sessions")
    organization = models.ForeignKey(
        "org.Organization", models.CASCADE, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=24, blank=True)
    address = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=200, blank=True)


class RefreshToken(Row):
    """Only the hash is kept. Spent tokens stay, so that their reuse is noticed and ends the family (the session)."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="tokens")
    digest = models.BinaryField(unique=True, max_length=32)
    created_at = models.DateTimeField()
    spent_at = models.DateTimeField(null=True)


class OneTimeLink(Row):
    """A link by which a new person, or one who lost it, sets the password. Shown once, kept as a hash."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    digest = models.BinaryField(unique=True, max_length=32)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class Throttle(Row):
    """A counter of failed log-ins per account or address; in the database, so it survives restarts."""

    digest = models.BinaryField(unique=True, max_length=32)
    failures = models.PositiveIntegerField(default=0)
    last_failure_at = models.DateTimeField()
    blocked_until = models.DateTimeField(null=True)


class Membership(VersionedModel):
    """A role of a person in an organisation: in one branch, or in all of them when the branch is empty."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    role = models.CharField(max_length=16, choices=Role)
    branch = TenantForeignKey("org.Branch", models.CASCADE, null=True, blank=True, related_name="+")
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "user", "role", "branch"],
                name="membership_once",
                nulls_distinct=False,
            )
        ]
