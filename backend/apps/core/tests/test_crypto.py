from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import FieldDoesNotExist, ImproperlyConfigured

from apps.core import crypto
from apps.core.crypto import Undecryptable, decrypt, encrypt, lookup_hash, seal, unseal

OLD, NEW, LOOKUP = b"o" * 32, b"n" * 32, b"l" * 32
AAD = "a-clinic/patients_patient/iin/1"
IIN = "010101300000"


@pytest.fixture(autouse=True)
def keys(settings):
    settings.FIELD_KEYS = {2: NEW, 1: OLD}
    settings.LOOKUP_KEY = LOOKUP


class Row:
    """As much of a model as sealing looks at."""

    def __init__(self, pk: UUID | None, organization_id: UUID | None = None, tenant: bool = True):
        def get_field(name: str) -> object:
            if name == "organization" and tenant:
                return object()
            raise FieldDoesNotExist

        self._meta = SimpleNamespace(db_table="patients_patient", get_field=get_field)
        self.pk = pk
        self.organization_id = organization_id
        self.iin_sealed: Any = None
        self.note_sealed: Any = None


def test_opens_what_it_sealed():
    for text in ("", IIN, "Ғалым Ұлы ₸", "x" * 10_000):
        assert decrypt(encrypt(text, aad=AAD), aad=AAD) == text


def test_opens_what_the_driver_returns():
    assert decrypt(memoryview(encrypt(IIN, aad=AAD)), aad=AAD) == IIN


def test_never_writes_the_same_bytes_twice_nor_the_clear_text():
    once, again = encrypt(IIN, aad=AAD), encrypt(IIN, aad=AAD)

    assert once != again
    assert IIN.encode() not in once


def test_does_not_open_elsewhere():
    with pytest.raises(Undecryptable):
        decrypt(encrypt(IIN, aad=AAD), aad="a-clinic/patients_patient/iin/2")


def test_does_not_open_when_any_byte_changed():
    sealed = encrypt(IIN, aad=AAD)
    for i in range(len(sealed)):
        altered = bytearray(sealed)
        altered[i] ^= 1
        with pytest.raises(Undecryptable):
            decrypt(bytes(altered), aad=AAD)


def test_does_not_open_a_torn_value():
    sealed = encrypt(IIN, aad=AAD)
    for length in range(len(sealed)):
        with pytest.raises(Undecryptable):
            decrypt(sealed[:length], aad=AAD)


def test_an_old_key_opens_and_the_first_seals(settings):
    settings.FIELD_KEYS = {1: OLD}
    before = encrypt(IIN, aad=AAD)

    settings.FIELD_KEYS = {2: NEW, 1: OLD}
    after = encrypt(IIN, aad=AAD)

    assert decrypt(before, aad=AAD) == decrypt(after, aad=AAD) == IIN
    assert crypto.needs_rotation(before)
    assert not crypto.needs_rotation(after)


def test_a_withdrawn_key_opens_nothing(settings):
    sealed = encrypt(IIN, aad=AAD)
    settings.FIELD_KEYS = {1: OLD}

    with pytest.raises(Undecryptable):
        decrypt(sealed, aad=AAD)


def test_another_key_under_the_same_id_opens_nothing(settings):
    sealed = encrypt(IIN, aad=AAD)
    settings.FIELD_KEYS = {2: OLD}

    with pytest.raises(Undecryptable):
        decrypt(sealed, aad=AAD)


@pytest.mark.parametrize("bad", [None, {}, {1: b"short"}, {1: "s" * 32}, {256: NEW}, {"1": NEW}])
def test_refuses_to_work_without_proper_field_keys(settings, bad):
    settings.FIELD_KEYS = bad

    with pytest.raises(ImproperlyConfigured):
        encrypt(IIN, aad=AAD)


@pytest.mark.parametrize("bad", [None, b"", b"short", "l" * 32])
def test_refuses_to_work_without_a_proper_lookup_key(settings, bad):
    settings.LOOKUP_KEY = bad

    with pytest.raises(ImproperlyConfigured):
        lookup_hash(IIN, organization_id=uuid4(), purpose="iin")


def test_a_row_unseals_its_own_value():
    row = Row(uuid4(), uuid4())
    seal(row, "iin_sealed", IIN)

    assert unseal(row, "iin_sealed") == IIN


def test_a_value_does_not_open_in_another_row_clinic_or_column():
    mine = Row(uuid4(), uuid4())
    seal(mine, "iin_sealed", IIN)
    neighbour, stranger = Row(uuid4(), mine.organization_id), Row(mine.pk, uuid4())

    for row, column in ((neighbour, "iin_sealed"), (stranger, "iin_sealed"), (mine, "note_sealed")):
        setattr(row, column, mine.iin_sealed)
        with pytest.raises(Undecryptable):
            unseal(row, column)


def test_nothing_stays_nothing():
    row = Row(uuid4(), uuid4())
    seal(row, "iin_sealed", None)

    assert row.iin_sealed is None
    assert unseal(row, "iin_sealed") is None


def test_a_row_without_id_or_clinic_cannot_seal():
    for row in (Row(None, uuid4()), Row(uuid4(), None)):
        with pytest.raises(ValueError):
            seal(row, "iin_sealed", IIN)


def test_a_platform_row_seals_without_a_clinic():
    row = Row(uuid4(), tenant=False)
    seal(row, "iin_sealed", "second factor")

    assert unseal(row, "iin_sealed") == "second factor"


def test_a_lookup_hash_finds_the_same_value_only():
    clinic, other = uuid4(), uuid4()
    found = lookup_hash(IIN, organization_id=clinic, purpose="iin")

    assert len(found) == 32
    assert found == lookup_hash(IIN, organization_id=str(clinic), purpose="iin")
    assert found != lookup_hash(IIN, organization_id=other, purpose="iin")
    assert found != lookup_hash(IIN, organization_id=clinic, purpose="document")
    assert found != lookup_hash("030715400009", organization_id=clinic, purpose="iin")


def test_a_lookup_hash_depends_on_the_key(settings):
    clinic = uuid4()
    found = lookup_hash(IIN, organization_id=clinic, purpose="iin")
    settings.LOOKUP_KEY = b"m" * 32

    assert found != lookup_hash(IIN, organization_id=clinic, purpose="iin")
