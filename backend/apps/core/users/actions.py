"""Create a person with roles, change him, suspend him, give him a new link. The rules of rank are in ``ranks``."""

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from apps.core import tenancy
from apps.core.auth import sessions
from apps.core.caller import Caller
from apps.core.errors import DomainError, Forbidden, InvalidInput
from apps.core.events import record
from apps.core.models import Membership, OneTimeLink, User
from apps.core.permissions import Grant
from apps.core.users import ranks
from apps.core.users.events import UserChanged, UserCreated, UserLinkMade
from apps.core.versions import locked

LINK_LASTS = timedelta(hours=72)


class LastOwner(DomainError):
    code = "last_owner"
    message = _("The organisation needs at least one owner.")


@dataclass(frozen=True)
class Made:
    user: User
    link: str
    expires_at: datetime


@transaction.atomic
def create_user(
    *, login: str, roles: Sequence[Grant], by: Caller, now: datetime, **personal: Any
) -> Made:
    _require_grantable(by, roles)
    if User.objects.filter(login=login, pk__in=_people()).exists():
        raise InvalidInput(fields={"login": [_("There is already one like this.")]})
    user = add_person(login, personal)
    _put_roles(user, (), roles, is_active=True)
    record(UserCreated(id=user.pk, by=by.user, data=_roles_data(roles) | {"version": 1}))
    return Made(user, *new_link(user, now))


def add_person(login: str, personal: dict[str, Any]) -> User:
    """Logins are one space for the whole installation. A name that only people of other organisations have is given a
    number, so that a refusal does not tell of them."""
    personal["email"] = personal.get("email") or None
    names = [login, *(f"{login[:58]}-{secrets.randbelow(9000) + 1000}" for _number in range(20))]
    for name in names:
        try:
            with transaction.atomic():
                user = User(login=name, **personal)
                user.set_unusable_password()
                user.save(force_insert=True)
                return user
        except IntegrityError:
            continue
    raise InvalidInput(fields={"login": [_("There is already one like this.")]})


@transaction.atomic
def change_user(
    user: User,
    *,
    version: int,
    by: Caller,
    now: datetime,
    roles: Sequence[Grant] | None = None,
    is_active: bool | None = None,
    **personal: Any,
) -> User:
    had = grants_of(locked(User.objects, user.pk))
    if user.pk != by.user.pk:
        _require_touchable(by, user, had, had)
    row: User = locked(User.objects, user.pk, version)
    was_owner = any(grant.role == "owner" for grant in had)
    if was_owner:
        _living_owners()  # locked before anything changes, so two owners cannot remove one another
    changed = _change_person(row, personal)
    if roles is not None and set(roles) != set(had):
        _require_touchable(by, row, had, roles)
        _require_grantable(by, set(roles) - set(had))
        _put_roles(row, had, roles, is_active=_is_active(row))
        sessions.reopen_sockets(row.pk)  # with the branches that he sees now
        changed.append("roles")
    if is_active is not None and is_active != _is_active(row):
        if row.pk == by.user.pk:
            raise Forbidden
        _suspend(row, not is_active, now)
        changed.append("is_active")
    if changed:
        if was_owner and not _living_owners():
            raise LastOwner
        row.bump().save(update_fields=["version", "updated_at"])
        data = {"version": row.version, "changed": changed} | _roles_data(grants_of(row))
        record(UserChanged(id=row.pk, by=by.user, data=data))
    return row


@transaction.atomic
def make_link(user: User, *, by: Caller, now: datetime) -> Made:
    """A new one-time link; earlier ones stop working. It would open the person's account, so only for one's own people
    and never for somebody above."""
    row: User = locked(User.objects, user.pk)
    _require_touchable(by, row, grants_of(row), grants_of(row))
    _require_ours(row)
    link, expires_at = new_link(row, now)
    record(UserLinkMade(id=row.pk, by=by.user))
    return Made(row, link, expires_at)


def new_link(user: User, now: datetime) -> tuple[str, datetime]:
    token, expires_at = secrets.token_urlsafe(32), now + LINK_LASTS
    OneTimeLink.objects.filter(user=user, used_at=None).update(used_at=now)
    OneTimeLink.objects.create(
        user=user, digest=hashlib.sha256(token.encode()).digest(), expires_at=expires_at
    )
    return f"/activate#token={token}", expires_at


def grants_of(user: User) -> list[Grant]:
    rows = Membership.objects.filter(user=user).order_by("pk")
    return [Grant(role, branch) for role, branch in rows.values_list("role", "branch_id")]


def _people() -> Any:
    return Membership.objects.values("user_id")


def _is_active(user: User) -> bool:
    return bool(Membership.objects.filter(user=user, is_active=True).exists())


def _change_person(row: User, personal: dict[str, Any]) -> list[str]:
    if "email" in personal:
        personal["email"] = personal["email"] or None
    changed = [name for name, value in personal.items() if getattr(row, name) != value]
    if changed:
        _require_ours(row)
        for name in changed:
            setattr(row, name, personal[name])
        row.save(update_fields=changed)
    return changed


def _require_ours(row: User) -> None:
    """A person whom another organisation or the platform also knows is not ours to rename or to let in."""
    if row.is_staff or sessions.belongs_elsewhere(row.pk, tenancy.current_organization_id()):
        raise Forbidden


def _require_grantable(by: Caller, roles: Iterable[Grant]) -> None:
    if not all(ranks.may_grant(by.grants, grant) for grant in roles):
        raise Forbidden


def _require_touchable(
    by: Caller, row: User, had: Sequence[Grant], wanted: Sequence[Grant]
) -> None:
    if not ranks.may_touch(by.grants, had):
        raise Forbidden
    raises_himself = row.pk == by.user.pk and set(wanted) - set(had)
    if raises_himself and ranks.highest(by.grants) < ranks.rank("owner"):
        raise Forbidden


def _put_roles(
    user: User, had: Sequence[Grant], wanted: Sequence[Grant], *, is_active: bool
) -> None:
    for grant in set(had) - set(wanted):
        given: Any = {"role": grant.role, "branch_id": grant.branch_id}
        Membership.objects.filter(user=user, **given).delete()
    for grant in dict.fromkeys(wanted):
        if grant not in had:
            Membership.objects.create(
                user=user, role=grant.role, branch_id=grant.branch_id, is_active=is_active
            )


def _suspend(user: User, suspended: bool, now: datetime) -> None:
    for membership in Membership.objects.filter(user=user).select_for_update().order_by("pk"):
        membership.is_active = not suspended
        membership.bump().save(update_fields=["is_active", "version", "updated_at"])
    if suspended:
        home = tenancy.current_organization_id()
        sessions.end_of_user(user.pk, "suspended", now, organization_id=home)


def _living_owners() -> list[Membership]:
    rows = Membership.objects.filter(role="owner").select_for_update(of=("self",)).order_by("pk")
    return [one for one in rows.select_related("user") if one.is_active and one.user.is_active]


def _roles_data(roles: Iterable[Grant]) -> dict[str, Any]:
    return {"roles": [f"{g.role} {g.branch_id or ''}".strip() for g in roles]}


def visible_to(branches: frozenset[UUID] | None) -> Any:
    """The people whom he sees: all of the organisation, or those with a role in his branches."""
    rows = Membership.objects.all()
    if branches is not None:
        rows = rows.filter(branch_id__in=branches)
    return User.objects.filter(pk__in=rows.values("user_id"))
