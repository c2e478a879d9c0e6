"""`…In` and `…Out` of patients, and what each caller may see of them."""

from datetime import date
from decimal import Decimal
from typing import Any

from rest_framework import serializers

from apps.core import crypto
from apps.core.api import In, ListIn, Money, Out, PatchIn, Phone, TenantKey
from apps.core.caller import Caller
from apps.core.kz.iin import IinError, mask_iin, parse_iin
from apps.core.kz.phone import mask_phone
from apps.org.models import Branch
from apps.patients import queries
from apps.patients.models import Patient


class PatientListIn(ListIn):
    q = serializers.CharField(
        max_length=100, required=False,
        help_text="Any part of any name in either alphabet, a phone in any form, an IIN or a card number. With it the"
        " answer holds the best matches (some 200 are ranked), surnames that begin so first.",
    )  # fmt: skip
    archived = serializers.BooleanField(
        default=False, help_text="The archive instead of the register."
    )
    ordering = serializers.ChoiceField(
        choices=list(queries.ORDERINGS), default="name", help_text="Without `q` only."
    )


class PatientIn(In):
    last_name = serializers.CharField(max_length=80)
    first_name = serializers.CharField(max_length=80)
    middle_name = serializers.CharField(max_length=80, required=False, allow_blank=True)
    birth_date = serializers.DateField(required=False, allow_null=True)
    sex = serializers.ChoiceField(choices=Patient.Sex.choices, required=False)
    phone = Phone(required=False, allow_blank=True, help_text="In any form.")
    email = serializers.EmailField(max_length=254, required=False, allow_blank=True)
    iin = serializers.CharField(
        max_length=40, required=False, allow_blank=True,
        help_text="Checked; fills birth date and sex when they are not given.",
    )  # fmt: skip
    without_iin = serializers.ChoiceField(
        choices=Patient.WithoutIin.choices,
        required=False,
        allow_blank=True,
        help_text="Why there is no IIN.",
    )
    branch = TenantKey(
        Branch.objects,
        required=False,
        allow_null=True,
        help_text="Needed when the caller has several.",
    )
    allergies = serializers.CharField(max_length=250, required=False, allow_blank=True)
    note = serializers.CharField(max_length=500, required=False, allow_blank=True)
    is_marketing_opt_in = serializers.BooleanField(required=False)


class PatientCreateIn(PatientIn):
    confirm_duplicate = serializers.BooleanField(
        required=False, help_text="Register although `possible_duplicates` warned."
    )


class PatientPatch(PatchIn, PatientIn):
    is_archived = serializers.BooleanField()


class PatientRowOut(Out):
    id = serializers.UUIDField()
    card_number = serializers.IntegerField()
    last_name = serializers.CharField()
    first_name = serializers.CharField()
    middle_name = serializers.CharField()
    birth_date = serializers.DateField(allow_null=True)
    sex = serializers.ChoiceField(choices=Patient.Sex.choices)
    phone = serializers.CharField(help_text="E.164; masked for who may not see contacts.")
    branch = serializers.UUIDField(allow_null=True)
    is_archived = serializers.BooleanField()
    balance = Money(allow_null=True, help_text="Negative: owes. Null for who may not see it.")


class PatientOut(PatientRowOut):
    age = serializers.IntegerField(allow_null=True, help_text="Full years today.")
    email = serializers.CharField(help_text="Empty for who may not see contacts.")
    iin = serializers.CharField(
        allow_null=True,
        help_text="Masked, `••••••••1234`; null without an IIN or for who may not see it.",
    )
    without_iin = serializers.ChoiceField(choices=Patient.WithoutIin.choices, allow_blank=True)
    allergies = serializers.CharField(help_text="Empty for who may not see contacts.")
    note = serializers.CharField(help_text="Empty for who may not see contacts.")
    is_marketing_opt_in = serializers.BooleanField()
    may_see_iin = serializers.BooleanField(help_text="Whether `/iin` would answer the caller.")
    warnings = serializers.ListField(
        child=serializers.ChoiceField(choices=["birth_date_differs", "sex_differs"]),
        help_text="Where the card differs from what the IIN says.",
    )
    version = serializers.IntegerField()


class IinOut(Out):
    iin = serializers.CharField(help_text="Twelve digits.")


def show_rows(rows: list[dict[str, Any]], caller: Caller) -> list[dict[str, Any]]:
    """Rows of the list or search as this caller may see them."""
    ids = [row["id"] for row in rows]
    contacts = queries.covered(ids, "patients:contacts", caller)
    money = queries.covered(ids, "invoices:read", caller)
    for row in rows:
        if row["id"] not in contacts:
            row["phone"] = mask_phone(row["phone"]) if row["phone"] else ""
        if row["id"] not in money:
            row["balance"] = None
    return rows


def show_card(patient: Patient, balance: Decimal, caller: Caller, today: date) -> dict[str, Any]:
    """The head of the card as this caller may see it."""
    contacts = queries.covers(patient, "patients:contacts", caller)
    reads_iin = queries.covers(patient, "iin:read", caller)
    iin = crypto.unseal(patient, "iin_sealed")
    phone = patient.phone if contacts or not patient.phone else mask_phone(patient.phone)
    sees_money = queries.covers(patient, "invoices:read", caller)
    return {
        "id": patient.pk,
        "card_number": patient.card_number,
        "last_name": patient.last_name,
        "first_name": patient.first_name,
        "middle_name": patient.middle_name,
        "birth_date": patient.birth_date,
        "sex": patient.sex,
        "branch": patient.branch_id,
        "is_archived": patient.is_archived,
        "phone": phone,
        "balance": balance if sees_money else None,
        "age": patient.age(today),
        "email": patient.email if contacts else "",
        "iin": mask_iin(iin) if iin and (reads_iin or caller.may("iin:masked")) else None,
        "without_iin": patient.without_iin,
        "allergies": patient.allergies if contacts else "",
        "note": patient.note if contacts else "",
        "is_marketing_opt_in": patient.is_marketing_opt_in,
        "may_see_iin": reads_iin and iin is not None,
        "warnings": _differences(patient, iin) if reads_iin else [],
        "version": patient.version,
    }


def _differences(patient: Patient, iin: str | None) -> list[str]:
    try:
        known = parse_iin(iin) if iin else None
    except IinError:
        return []
    if known is None:
        return []
    found = []
    if patient.birth_date and known.birth_date and patient.birth_date != known.birth_date:
        found.append("birth_date_differs")
    sexes = {"M": Patient.Sex.MALE, "F": Patient.Sex.FEMALE}
    if known.sex and patient.sex not in (Patient.Sex.UNKNOWN, sexes[known.sex]):
        found.append("sex_differs")
    return found
