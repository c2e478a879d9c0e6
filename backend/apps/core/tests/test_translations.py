"""Refusals speak the language of the person, and the catalogues in backend/locale hold every sentence of the code."""

import re
from datetime import UTC, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError
from django.utils import translation
from rest_framework import relations, serializers

from testing.clinics import Clinic

LANGUAGES = ["ru", "kk"]
CATALOGUES = sorted(Path(settings.BACKEND).glob("locale/**/django.po"))
HOLE = re.compile(r"%\(\w+\)[sd]|%%|\{\w+")


def catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, path.parent.parent.name)


def texts(message: Any) -> list[str]:
    return list(message.string) if isinstance(message.string, tuple | list) else [message.string]


def sentences_of_the_code() -> set[str]:
    found = extract_from_dir(
        Path(settings.BACKEND) / "apps",
        keywords=DEFAULT_KEYWORDS | {"gettext_lazy": None},
        directory_filter=lambda path: Path(path).name not in {"tests", "migrations"},
    )
    return {message for _, _, message, _, _ in found}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_of_the_code_is_translated(language: str) -> None:
    own = catalogue(Path(settings.BACKEND) / f"locale/{language}/LC_MESSAGES/django.po")
    translated = {m.id for m in own if m.id and all(texts(m)) and not m.fuzzy}
    assert translated == sentences_of_the_code()  # else: scripts/translations, and fill what is new


@pytest.mark.parametrize("path", CATALOGUES, ids=str)
def test_a_translation_invents_no_placeholder(path: Path) -> None:
    for message in catalogue(path):
        if message.id:
            source = message.id if isinstance(message.id, str) else message.id[-1]
            for text in texts(message):
                assert set(HOLE.findall(text)) <= set(HOLE.findall(source)), text


@pytest.mark.parametrize("path", CATALOGUES, ids=str)
def test_the_compiled_catalogue_is_the_written_one(path: Path) -> None:
    compiled = BytesIO()
    write_mo(compiled, catalogue(path))
    assert path.with_suffix(".mo").read_bytes() == compiled.getvalue()  # else: scripts/translations


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_frameworks_speak_it_too(language: str) -> None:
    kinds = (
        serializers.BooleanField, serializers.CharField, serializers.ChoiceField, serializers.DateField,
        serializers.DateTimeField, serializers.DecimalField, serializers.DictField, serializers.EmailField,
        serializers.IntegerField, serializers.JSONField, serializers.ListField, serializers.RegexField,
        serializers.Serializer, serializers.TimeField, serializers.UUIDField,
        relations.PrimaryKeyRelatedField,
    )  # fmt: skip
    with translation.override(language):
        for kind in kinds:
            for base in kind.__mro__:
                for text in getattr(base, "default_error_messages", {}).values():
                    assert re.search("[а-яё]", str(text)), text


@pytest.mark.parametrize(
    ("shortest", "rest"),
    [(1, "нужен хотя бы 1 знак"), (3, "нужно хотя бы 3 знака"), (10, "нужно хотя бы 10 знаков")],
)
def test_russian_counts(shortest: int, rest: str) -> None:
    with translation.override("ru"), pytest.raises(ValidationError) as refused:
        MinimumLengthValidator(shortest).validate("")
    assert refused.value.messages == [f"Пароль короткий: {rest}."]


@pytest.mark.parametrize(
    ("language", "message", "field"),
    [
        ("ru", "Проверьте выделенные поля.", "Заполните это поле."),
        ("kk", "Белгіленген өрістерді тексеріңіз.", "Бұл өрісті толтырыңыз."),
        ("en", "Check the highlighted fields.", "This field is required."),
        ("kk-KZ,ru;q=0.8", "Белгіленген өрістерді тексеріңіз.", "Бұл өрісті толтырыңыз."),
        ("de", "Проверьте выделенные поля.", "Заполните это поле."),
    ],
)
def test_a_missing_field_is_told(as_role: Any, language: str, message: str, field: str) -> None:
    r = as_role("warehouse").post("/api/v1/warehouse/items", {}, HTTP_ACCEPT_LANGUAGE=language)
    assert (r.status_code, r.json()["message"]) == (400, message)
    assert r.json()["fields"]["name"] == [field]


@pytest.mark.parametrize(
    ("language", "message"),
    [
        ("ru", "Неверный логин или пароль."),
        ("kk", "Логин немесе құпиясөз қате."),
        ("en", "The login or the password is wrong."),
    ],
)
def test_a_wrong_login_is_told(clinic: Clinic, anonymous: Any, language: str, message: str) -> None:
    body = {"login": "nobody", "password": "wrong"}
    r = anonymous.post("/api/v1/auth/login", body, HTTP_ACCEPT_LANGUAGE=language)
    assert (r.status_code, r.json()["message"]) == (401, message)


@pytest.mark.parametrize(
    ("language", "taken", "stale"),
    [
        ("ru", "Это время уже занято.", "Пока вы работали, это изменил другой сотрудник."),
        ("kk", "Бұл уақыт бос емес.", "Сіз жұмыс істеп жатқанда мұны басқа қызметкер өзгертті."),
        ("en", "This time is already taken.", "Somebody else has changed this meanwhile."),
    ],
)
def test_a_busy_doctor_and_a_stale_edit_are_told(
    clinic: Clinic, as_role: Any, language: str, taken: str, stale: str
) -> None:
    desk, tomorrow = as_role("registrar"), datetime.now(UTC).date() + timedelta(days=1)
    starts = datetime.combine(tomorrow, time(5), UTC)
    body = {"branch": clinic.branch.pk, "patient": clinic.patient.pk, "employee": clinic.doctor.pk,
            "starts_at": starts, "ends_at": starts + timedelta(minutes=30)}  # fmt: skip
    url = "/api/v1/calendar/appointments"
    booked = desk.post(url, body)
    assert booked.status_code == 201, booked.content

    other = body | {"patient": clinic.patient2.pk}
    r = desk.post(url, other, HTTP_ACCEPT_LANGUAGE=language)
    assert (r.status_code, r.json()["message"]) == (409, taken)

    one, note = f"{url}/{booked.json()['id']}", {"version": 1, "note": "x"}
    assert desk.patch(one, note).status_code == 200
    r = desk.patch(one, note | {"note": "y"}, HTTP_ACCEPT_LANGUAGE=language)
    assert r.status_code == 409
    assert r.json()["message"].startswith(stale)


def test_without_a_header_the_persons_own_language_counts(clinic: Clinic, as_role: Any) -> None:
    auditor = as_role("readonly")
    auditor.user.language = "kk"
    auditor.user.save()
    r = auditor.post("/api/v1/warehouse/items", {})
    assert (r.status_code, r.json()["message"]) == (403, "Бұл әрекетке құқығыңыз жоқ.")
