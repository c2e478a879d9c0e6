"""Argon2id with at most two hashes at once: a storm of log-ins may not take the processors from everybody else."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.core.errors import InvalidInput

_turn = count(os.getpid())
_OURS = ("medicine", "clinic", "dental", "стомат", "клиник", "emhana", "емхана")


@contextmanager
def _two_at_once() -> Iterator[None]:
    """One of two locks on files, so that it counts over all processes of the machine and a killed one leaves its place."""
    place = settings.DATA_DIR / f"password-{next(_turn) % 2}.lock"
    place.parent.mkdir(parents=True, exist_ok=True)
    file = os.open(place, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
    finally:
        os.close(file)


class Argon2id(Argon2PasswordHasher):
    time_cost = 2
    memory_cost = (
        19_456  # KiB: 19 MiB and 2 passes, the minimum of the OWASP password storage sheet
    )
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        with _two_at_once():
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with _two_at_once():
            return super().verify(password, encoded)

    def harden_runtime(self, password: str, encoded: str) -> None:
        """Nothing to level: parameters are part of the hash."""


class NotOurWords:
    def validate(self, password: str, user: Any = None) -> None:
        if any(word in password.lower() for word in _OURS):
            raise ValidationError(self.get_help_text(), code="password_our_words")

    def get_help_text(self) -> str:
        return str(_("The password must not contain the name of the product or of the trade."))


def require_good(password: str, user: Any, field: str) -> None:
    """The one rule for every way a password is set: length, common list, words of the person and of ours."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise InvalidInput(fields={field: list(error.messages)}) from None
