"""Register a patient and change what is known of him."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core import crypto, numbering
from apps.core.caller import Caller
from apps.core.errors import DomainError, InvalidInput
from apps.core.events import record, touch_day
from apps.core.kz.iin import Iin, IinError, clean, parse_iin
from apps.core.kz.phone import mask_phone
from apps.core.kz.text import kz_fold
from apps.core.versions import apply, locked
from apps.org.models import Branch
from apps.patients import care, queries, search
from apps.patients.events import PatientChanged, PatientCreated
from apps.patients.models import CareLink, Patient

_SEXES = {"M": Patient.Sex.MALE, "F": Patient.Sex.FEMALE}
_SEARCHED = {"last_name", "first_name", "middle_name", "phone"}
_SHOWN_ON_DAY = _SEARCHED | {"birth_date", "allergies", "is_archived"}


class PossibleDuplicates(DomainError):
    """details: ``candidates`` [{id, card_number, names, birth_date, phone (masked)}] whom the caller may see, and
    ``elsewhere``, the number of others. Sending ``confirm_duplicate`` registers him nevertheless."""

    code = "possible_duplicates"
    message = _("Such a patient may be registered already.")


class IinTaken(DomainError):
    """details: ``patient`` (id) and ``card_number``, or nulls when the caller may not see him."""

    code = "iin_taken"
    message = _("This IIN belongs to another patient.")


@transaction.atomic
def register(
    *, caller: Caller, today: date, branch: Branch | None, employee_id: UUID | None,
    iin: str = "", confirm_duplicate: bool = False, **fields: Any,
) -> Patient:  # fmt: skip
    patient = Patient(branch=branch, **fields)
    if iin:
        known = _read_iin(iin, patient.without_iin, today)
        patient.birth_date = patient.birth_date or known.birth_date
        if patient.sex == Patient.Sex.UNKNOWN and known.sex:
            patient.sex = _SEXES[known.sex]
        _set_iin(patient, known.value, caller)
    if not confirm_duplicate:
        _refuse_duplicates(patient, caller)
    patient.card_number = numbering.take("card")
    patient.search = _kept(patient)
    patient.save(force_insert=True)
    if branch is not None:
        care.link(patient.pk, branch.pk, employee_id)
    record(
        PatientCreated(
            id=patient.pk,
            branch_id=branch.pk if branch else None,
            patient_id=patient.pk,
            by=caller.user,
            data={"version": 1},
        )
    )
    return patient


@transaction.atomic
def change(
    patient: Patient, *, version: int, caller: Caller, today: date, **changes: Any
) -> Patient:
    """``iin`` may come as text; an empty one takes it away."""
    row: Patient = locked(Patient.objects, patient.pk, version)
    if "iin" in changes:
        changes |= _new_iin(row, changes.pop("iin"), changes, caller, today)
    elif changes.get("without_iin") and row.iin_sealed is not None:
        raise InvalidInput(fields={"without_iin": [_("The patient has an IIN.")]})
    if _SEARCHED & changes.keys():
        names = {name: changes.get(name, getattr(row, name)) for name in _SEARCHED}
        changes["search"] = search.kept(**names, card_number=row.card_number)
    if changed := apply(row, changes):
        shown = sorted(
            {"iin" if name.startswith("iin_") else name for name in changed} - {"search"}
        )
        if _SHOWN_ON_DAY & set(shown):
            touch_day(*_branches(row))
        record(
            PatientChanged(
                id=row.pk,
                branch_id=row.branch_id,
                patient_id=row.pk,
                by=caller.user,
                data={"version": row.version, "changed": shown},
            )
        )
    return row


def link(patient: Patient, branch: Branch, employee_id: UUID | None = None) -> None:
    """Whoever is booked or treated in a branch is known there; safe to repeat."""
    care.link(patient.pk, branch.pk, employee_id)


def _kept(patient: Patient) -> str:
    names = {name: getattr(patient, name) for name in _SEARCHED}
    return search.kept(**names, card_number=patient.card_number)


def _branches(patient: Patient) -> set[UUID]:
    return set(CareLink.objects.filter(patient=patient).values_list("branch_id", flat=True))


def _read_iin(text: str, without_iin: str, today: date) -> Iin:
    if without_iin:
        raise InvalidInput(fields={"iin": [_("Either an IIN or the reason why there is none.")]})
    try:
        return parse_iin(clean(text), today=today)
    except IinError:
        raise InvalidInput(
            fields={"iin": [_("This is not a valid IIN. Check the digits.")]}
        ) from None


def _set_iin(patient: Patient, value: str, caller: Caller) -> None:
    """Cipher text and look-up hash are always renewed together."""
    patient.iin_lookup = search.iin_hash(value)
    _refuse_taken(patient, caller)
    crypto.seal(patient, "iin_sealed", value)


def _new_iin(
    row: Patient, text: str | None, changes: dict[str, Any], caller: Caller, today: date
) -> dict[str, Any]:
    if not text:
        return {"iin_sealed": None, "iin_lookup": None}
    known = _read_iin(text, changes.get("without_iin", ""), today)
    if row.iin_lookup is not None and bytes(row.iin_lookup) == search.iin_hash(known.value):
        return {}
    twin = Patient(id=row.pk, organization_id=row.organization_id)
    _set_iin(twin, known.value, caller)
    found: dict[str, Any] = {
        "iin_sealed": twin.iin_sealed,
        "iin_lookup": twin.iin_lookup,
        "without_iin": "",
    }
    if row.birth_date is None and "birth_date" not in changes:
        found["birth_date"] = known.birth_date
    if row.sex == Patient.Sex.UNKNOWN and "sex" not in changes and known.sex:
        found["sex"] = _SEXES[known.sex]
    return found


def _refuse_taken(patient: Patient, caller: Caller) -> None:
    others = Patient.objects.filter(iin_lookup=patient.iin_lookup).exclude(pk=patient.pk)
    if not others.exists():
        return
    seen = queries.reached(others, caller.scope("patients:read"), caller).first()
    raise IinTaken(
        fields={"iin": [IinTaken.message]},
        details={"patient": seen and seen.pk, "card_number": seen and seen.card_number},
    )


def _refuse_duplicates(patient: Patient, caller: Caller) -> None:
    """The same phone, or the same name and birth date."""
    alike = Q(pk__in=[])
    if patient.phone:
        alike |= Q(phone=patient.phone)
    if patient.birth_date:
        alike |= Q(birth_date=patient.birth_date)
    found = [one for one in Patient.objects.filter(alike)[:500] if _is_alike(one, patient)]
    if not found:
        return
    rows = Patient.objects.filter(pk__in=[one.pk for one in found])
    seen = list(queries.reached(rows, caller.scope("patients:read"), caller)[:20])
    raise PossibleDuplicates(
        details={
            "candidates": [_candidate(one) for one in seen],
            "elsewhere": len(found) - len(seen),
        }
    )


def _is_alike(one: Patient, other: Patient) -> bool:
    if other.phone and one.phone == other.phone:
        return True
    names = [kz_fold(f"{p.last_name} {p.first_name}") for p in (one, other)]
    return one.birth_date == other.birth_date and names[0] == names[1]


def _candidate(patient: Patient) -> dict[str, Any]:
    return {
        "id": patient.pk,
        "card_number": patient.card_number,
        "last_name": patient.last_name,
        "first_name": patient.first_name,
        "middle_name": patient.middle_name,
        "birth_date": patient.birth_date,
        "phone": mask_phone(patient.phone) if patient.phone else "",
    }
