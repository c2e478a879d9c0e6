"""Log in, renew, log out, set a password. These name their own transactions: while a password is hashed no connection
is held, and what a refusal keeps is committed before the answer."""

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password, verify_password
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.core import passwords
from apps.core.auth import refresh, sessions, throttle
from apps.core.auth.connections import entered, let_go
from apps.core.auth.events import PasswordChanged, ProfileChanged, SessionEnded
from apps.core.auth.people import describe
from apps.core.authentication import living_caller
from apps.core.caller import Caller
from apps.core.errors import DomainError, InvalidInput, NotFound
from apps.core.events import journal, record
from apps.core.models import OneTimeLink, RefreshToken, Session, User
from apps.core.models.journal import JournalEntry

log = logging.getLogger("clinic.security")

FAMILIAR_FOR = timedelta(days=60)
MOST_CANDIDATES = 3  # people of different clinics may share an e-mail address
_NOBODY = UUID(int=0)


class BadCredentials(DomainError):
    """Unknown, wrong, disabled, without an organisation: all look the same."""

    code = "bad_credentials"
    status = 401
    message = _("The login or the password is wrong.")


class SessionOver(DomainError):
    code = "session_ended"
    status = 401
    message = _("Log in again.")


class LinkInvalid(DomainError):
    code = "link_invalid"
    status = 400
    message = _("The link is no longer valid. Ask for a new one.")


@dataclass(frozen=True)
class Origin:
    """Where a request comes from."""

    address: str | None
    user_agent: str = ""


@dataclass(frozen=True)
class Entry:
    access: str
    refresh: str
    session: Session
    user: dict[str, Any]


def log_in(
    *, login: str, password: str, origin: Origin, now: datetime, organization_id: UUID | None = None
) -> Entry:
    candidates = candidates_of(login)
    attempt = attempt_of(login, candidates, origin, now)
    throttle.require_patience(attempt, now)
    let_go()
    user = matching(candidates, password)
    home = _home(user, organization_id) if user else None
    if user is None or home is None:
        _refuse(user or (candidates[0] if candidates else None), attempt, origin, now)
        raise BadCredentials
    return _enter(user, home[0], attempt, origin, now)


def candidates_of(login: str) -> list[User]:
    name = login.strip().lower()
    by_login = list(User.objects.filter(login=name))
    if by_login or "@" not in name:
        return by_login
    return list(User.objects.filter(email=name).order_by("created_at")[:MOST_CANDIDATES])


def attempt_of(
    login: str, candidates: list[User], origin: Origin, now: datetime
) -> throttle.Attempt:
    account = str(candidates[0].pk) if len(candidates) == 1 else login.strip().lower()
    familiar = Session.objects.filter(
        user_id__in=[user.pk for user in candidates] or [_NOBODY],
        address=origin.address,
        created_at__gt=now - FAMILIAR_FOR,
    ).exists()
    return throttle.Attempt(account, origin.address or "", familiar)


def matching(candidates: list[User], password: str) -> User | None:
    """One hash is computed even when nobody has that name, so the time says nothing."""
    if not candidates:
        verify_password(password, "!")
    for user in candidates:
        correct, weak = verify_password(password, user.password)
        if correct and user.is_active:
            if weak:
                user.password = make_password(password)
            return user
    return None


def _home(user: User, wanted: UUID | None) -> tuple[UUID | None] | None:
    """The organisation to enter, in a tuple: platform staff may enter none at all."""
    known = sessions.organizations_of(user)
    if wanted is not None:
        return (wanted,) if wanted in known else None
    if known:
        return (known[0],)
    return (None,) if user.is_staff else None


def _enter(
    user: User,
    organization_id: UUID | None,
    attempt: throttle.Attempt,
    origin: Origin,
    now: datetime,
) -> Entry:
    with entered(organization_id):
        throttle.forget(attempt)
        session, token = sessions.begin(
            user, organization_id, address=origin.address, user_agent=origin.user_agent, now=now
        )
        User.objects.filter(pk=user.pk).update(last_login=now, password=user.password)
        if organization_id is not None:
            _note("logged_in", session, user, origin)
        caller = living_caller(sessions.claims_of(session))
        if caller is None:  # disabled at this very moment
            raise BadCredentials
        return Entry(sessions.access_token(session, now), token, session, describe(caller))


def _refuse(user: User | None, attempt: throttle.Attempt, origin: Origin, now: datetime) -> None:
    throttle.count_failure(attempt, now)
    homes = sessions.organizations_of(user) if user else []
    if user and homes:
        with entered(homes[0]):
            journal("login_refused", outcome=JournalEntry.Outcome.REFUSED, resource="sessions",
                    object_id=user.pk, by=user, address=origin.address)  # fmt: skip


def _note(event: str, session: Session, user: User, origin: Origin, **more: Any) -> None:
    journal(
        event, resource="sessions", object_id=session.pk, by=user, address=origin.address, **more
    )


def renew(token: str, *, origin: Origin, now: datetime) -> Entry:
    rotation = refresh.rotate(token, now)
    session = rotation.session
    if rotation.outcome is refresh.Outcome.REUSED and session is not None:
        _end_family(session, origin, now)
    if rotation.outcome is not refresh.Outcome.RENEWED or session is None:
        raise SessionOver
    with entered(session.organization_id):
        caller = living_caller(sessions.claims_of(session))
        if caller is None or not _may_stay(caller):
            raise SessionOver
        return Entry(sessions.access_token(session, now), rotation.token, session, describe(caller))


def _may_stay(caller: Caller) -> bool:
    known = sessions.organizations_of(caller.user)
    return caller.organization_id in known or (
        caller.organization_id is None and caller.user.is_staff
    )


def _end_family(session: Session, origin: Origin, now: datetime) -> None:
    """A spent token came back: somebody has a copy. Nobody keeps the session, and the owner can see it."""
    log.warning(
        "refresh token reused", extra={"session": str(session.pk), "user": str(session.user_id)}
    )
    with entered(session.organization_id):
        sessions.end(Session.objects.filter(pk=session.pk), "token_reused", now)
        if session.organization_id is not None:
            _note("refresh_token_reused", session, session.user, origin,
                  outcome=JournalEntry.Outcome.REFUSED)  # fmt: skip


def log_out(session_id: UUID, *, origin: Origin, now: datetime) -> None:
    session = Session.objects.select_related("user").filter(pk=session_id, ended_at=None).first()
    if session is None:
        return
    with entered(session.organization_id):
        sessions.end(Session.objects.filter(pk=session.pk), "logged_out", now)
        if session.organization_id is not None:
            _note("logged_out", session, session.user, origin)


def session_of_token(token: str) -> UUID | None:
    rows = RefreshToken.objects.filter(digest=refresh.digest(token))
    return rows.values_list("session_id", flat=True).first()


@transaction.atomic
def end_session(caller: Caller, session_id: UUID, *, now: datetime) -> None:
    mine = Session.objects.filter(pk=session_id, user=caller.user)
    if not sessions.end(mine, "ended_by_user", now):
        raise NotFound
    if caller.organization_id is not None:
        record(SessionEnded(id=session_id, by=caller.user))


@transaction.atomic
def change_profile(caller: Caller, changes: dict[str, str]) -> User:
    """Language and theme; nothing that anybody else sees."""
    user = caller.user
    changed = [name for name, value in changes.items() if getattr(user, name) != value]
    for name in changed:
        setattr(user, name, changes[name])
    if changed:
        user.save(update_fields=changed)
        if caller.organization_id is not None:
            record(ProfileChanged(id=user.pk, by=user, data={"changed": changed}))
    return user


def change_password(
    caller: Caller, *, old_password: str, new_password: str, origin: Origin, now: datetime
) -> None:
    """The other sessions end; this one stays."""
    attempt = throttle.Attempt(f"password {caller.user.pk}", origin.address or "")
    throttle.require_patience(attempt, now)
    stored = User.objects.values_list("password", flat=True).get(pk=caller.user.pk)
    passwords.require_good(new_password, caller.user, "new_password")
    let_go()
    if not verify_password(old_password, stored)[0]:
        throttle.count_failure(attempt, now)
        raise InvalidInput(fields={"old_password": [_("The password is wrong.")]})
    encoded = make_password(new_password)
    with entered(caller.organization_id):
        # Whoever changed it a moment ago wins; the second is told that his old password is not right any more.
        if not User.objects.filter(pk=caller.user.pk, password=stored).update(password=encoded):
            raise InvalidInput(fields={"old_password": [_("The password is wrong.")]})
        throttle.forget(attempt)
        sessions.end_of_user(caller.user.pk, "password_changed", now, spare=caller.session_id)
        if caller.organization_id is not None:
            record(PasswordChanged(id=caller.session_id, by=caller.user))


def activate(*, token: str, password: str, origin: Origin, now: datetime) -> User:
    """Set the password by a one-time link. All sessions end."""
    throttle.refuse_if_blocked([throttle.address_digest(origin.address or "")], now)
    digest = hashlib.sha256(token.encode()).digest()
    valid = OneTimeLink.objects.filter(
        digest=digest, used_at=None, expires_at__gt=now, user__is_active=True
    )
    link = valid.select_related("user").first()
    if link is None:
        throttle.count_address(origin.address or "", now)
        raise LinkInvalid
    passwords.require_good(password, link.user, "password")
    let_go()
    encoded = make_password(password)
    with transaction.atomic():
        if not OneTimeLink.objects.filter(pk=link.pk, used_at=None).update(used_at=now):
            raise LinkInvalid
        User.objects.filter(pk=link.user_id).update(password=encoded)
        sessions.end_of_user(link.user_id, "password_set", now)
        for home in sessions.organizations_of(link.user)[:1]:
            with entered(home):
                journal("password_set", resource="sessions", object_id=link.user_id, by=link.user,
                        address=origin.address)  # fmt: skip
    return link.user
