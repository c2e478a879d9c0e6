"""Who is asking: the person, the session and what the memberships allow, read anew for each request."""

import hashlib
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from uuid import UUID

from rest_framework.exceptions import NotAuthenticated

from apps.core import permissions
from apps.core.models.user import User
from apps.core.permissions import Grant, Scope


@dataclass(frozen=True)
class Caller:
    user: User
    session_id: UUID
    organization_id: UUID | None
    grants: tuple[Grant, ...] = ()
    address: str | None = None
    last_used_at: datetime | None = None
    _scopes: dict[str, Scope] = field(default_factory=dict, compare=False, repr=False)

    def scope(self, permission: str) -> Scope:
        if permission not in self._scopes:
            self._scopes[permission] = permissions.scope(permission, self.grants)
        return self._scopes[permission]

    def may(self, permission: str, branch_id: UUID | None = None) -> bool:
        """May he at all, or (with a branch) in this branch? Ownership is for the domain to check."""
        reach = self.scope(permission)
        return bool(reach) if branch_id is None else reach.covers(branch_id)

    @cached_property
    def branch_ids(self) -> frozenset[UUID] | None:
        """The branches that his memberships name; None: all of them."""
        if any(grant.branch_id is None for grant in self.grants):
            return None
        return frozenset(grant.branch_id for grant in self.grants if grant.branch_id)

    def sees_branch(self, branch_id: UUID) -> bool:
        return self.branch_ids is None or branch_id in self.branch_ids

    @cached_property
    def version(self) -> str:
        """Changes whenever what he may do changes; part of every ETag."""
        text = repr(sorted((g.role, str(g.branch_id)) for g in self.grants)) + str(self.user.pk)
        return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


current: ContextVar[Caller | None] = ContextVar("caller", default=None)


def asking() -> Caller:
    """Who asks, for what is checked far from the request."""
    caller = current.get()
    if caller is None:
        raise NotAuthenticated
    return caller


def current_address() -> str | None:
    caller = current.get()
    return caller.address if caller else None
