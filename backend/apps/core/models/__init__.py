from apps.core.models.access import Membership, OneTimeLink, RefreshToken, Session, Throttle
from apps.core.models.journal import BranchCounter, IdempotencyKey, JournalEntry, NumberSequence
from apps.core.models.outbox import Doorbell, OutboxMessage
from apps.core.models.user import User

__all__ = [
    "BranchCounter",
    "Doorbell",
    "IdempotencyKey",
    "JournalEntry",
    "Membership",
    "NumberSequence",
    "OneTimeLink",
    "OutboxMessage",
    "RefreshToken",
    "Session",
    "Throttle",
    "User",
]
