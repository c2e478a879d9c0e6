"""Who may give which role to whom. Pure: memberships in, an answer out.

owner > admin > branch_admin > all others. Nobody gives a role above his own, touches a person above him, or raises
himself; a branch manager acts only within his branches. Only an owner may add roles to himself: he is at the top.
"""

from collections.abc import Iterable

from apps.core.permissions import Grant

RANKS = {"owner": 3, "admin": 2, "branch_admin": 1}
WHOLE = frozenset({"owner", "admin"})  # these are never of one branch


def rank(role: str) -> int:
    return RANKS.get(role, 0)


def highest(grants: Iterable[Grant]) -> int:
    return max((rank(grant.role) for grant in grants), default=0)


def may_grant(actor: Iterable[Grant], wanted: Grant) -> bool:
    """Has the actor a managing role of at least that rank whose reach holds the wanted branch?"""
    return any(
        rank(grant.role) > 0
        and rank(grant.role) >= rank(wanted.role)
        and (grant.role in WHOLE or grant.branch_id in (None, wanted.branch_id))
        for grant in actor
    )


def may_touch(actor: Iterable[Grant], person: Iterable[Grant]) -> bool:
    """May he change this person: every role the person has is one he could give."""
    actor = tuple(actor)
    return all(may_grant(actor, grant) for grant in person)
