"""Encrypted columns and keyed look-up hashes.

A sealed value is ``key id (1 byte) · nonce (12) · ciphertext and tag``. The place it belongs to
(organisation, table, column, row) is authenticated with it, so a value copied into another row or
another clinic does not open. ``settings.FIELD_KEYS`` maps key ids to keys, the first one seals; the
others only open what was sealed before a rotation.
"""

import hashlib
import hmac
import os
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist, ImproperlyConfigured
from django.db.models import Model

_NONCE = 12
_TAG = 16
_KEY = 32
_PLATFORM = "platform"  # stands for the organisation in tables that have none


class Undecryptable(Exception):
    """Altered, moved from another place, or sealed with a key we do not have."""


def encrypt(text: str, *, aad: str) -> bytes:
    key_id, key = next(iter(_field_keys().items()))
    prefix = bytes([key_id])
    nonce = os.urandom(_NONCE)
    return prefix + nonce + _cipher(key).encrypt(nonce, text.encode(), prefix + aad.encode())


def decrypt(sealed: bytes | memoryview, *, aad: str) -> str:
    sealed = bytes(sealed)  # a BinaryField answers with a memoryview
    if len(sealed) < 1 + _NONCE + _TAG:
        raise Undecryptable("too short")
    prefix, nonce, body = sealed[:1], sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
    key = _field_keys().get(prefix[0])
    if key is None:
        raise Undecryptable("unknown key")
    try:
        return _cipher(key).decrypt(nonce, body, prefix + aad.encode()).decode()
    except InvalidTag:
        raise Undecryptable("altered, or belongs elsewhere") from None


def needs_rotation(sealed: bytes | memoryview) -> bool:
    """Whether another key than the current one sealed this value."""
    return bytes(sealed[:1]) != bytes([next(iter(_field_keys()))])


def place(*, organization_id: UUID | str | None, table: str, column: str, pk: UUID | str) -> str:
    """The additional data of a sealed value. None of the parts can hold a slash."""
    return f"{organization_id or _PLATFORM}/{table}/{column}/{pk}"


def seal(instance: Model, column: str, text: str | None) -> None:
    """Put ``text`` into the binary column of an instance, sealed to this very row."""
    setattr(instance, column, None if text is None else encrypt(text, aad=_place(instance, column)))


def unseal(instance: Model, column: str) -> str | None:
    """What ``seal`` put there, or nothing."""
    sealed = getattr(instance, column)
    return None if sealed is None else decrypt(sealed, aad=_place(instance, column))


def lookup_hash(value: str, *, organization_id: UUID | str | None, purpose: str) -> bytes:
    """Finds an encrypted value by equality. The caller normalises the value first.

    Keyed, because every plausible IIN can be tried in minutes; the key is not in the database. The
    purpose and the organisation take part, so equal values in two places do not show as equal.
    """
    parts = (purpose, str(organization_id or _PLATFORM), value)
    message = b"".join(len(p.encode()).to_bytes(4) + p.encode() for p in parts)
    return hmac.digest(_lookup_key(), message, hashlib.sha256)


def _place(instance: Model, column: str) -> str:
    if instance.pk is None:
        raise ValueError("a row needs its id before a value can be sealed to it")
    organization_id = getattr(instance, "organization_id", None)
    if organization_id is None and _belongs_to_organization(instance):
        raise ValueError("a tenant row needs its organization before a value can be sealed to it")
    table = instance._meta.db_table
    return place(organization_id=organization_id, table=table, column=column, pk=instance.pk)


def _belongs_to_organization(instance: Model) -> bool:
    try:
        instance._meta.get_field("organization")
    except FieldDoesNotExist:
        return False
    return True


def _field_keys() -> Mapping[int, bytes]:
    keys: Any = getattr(settings, "FIELD_KEYS", None)
    if not keys:
        raise ImproperlyConfigured("FIELD_KEYS is not set")
    for key_id, key in keys.items():
        if not (isinstance(key_id, int) and 0 <= key_id <= 255):
            raise ImproperlyConfigured("an id in FIELD_KEYS is one byte")
        _require_key("FIELD_KEYS", key)
    return keys  # type: ignore[no-any-return]


def _lookup_key() -> bytes:
    return _require_key("LOOKUP_KEY", getattr(settings, "LOOKUP_KEY", None))


def _require_key(name: str, key: Any) -> bytes:
    if not isinstance(key, bytes) or len(key) != _KEY:
        raise ImproperlyConfigured(f"{name} must hold {_KEY} bytes")
    return key


@lru_cache(maxsize=8)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)
