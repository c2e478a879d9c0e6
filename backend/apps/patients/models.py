"""The patient: who he is, how to reach him, who treats him where, and what he owes."""

from datetime import date
from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.kz.order import in_kazakh_order
from apps.core.tenancy import TenantForeignKey, TenantModel, VersionedModel
from apps.org.models import Branch


class Patient(VersionedModel):
    class Sex(models.TextChoices):
        MALE = "male", _("Male")
        FEMALE = "female", _("Female")
        UNKNOWN = "unknown", _("Unknown")

    class WithoutIin(models.TextChoices):
        FOREIGNER = "foreigner", _("Foreigner")
        NEWBORN = "newborn", _("Newborn")

    card_number = models.PositiveIntegerField(editable=False)
    last_name = models.CharField(max_length=80)
    first_name = models.CharField(max_length=80)
    middle_name = models.CharField(max_length=80, blank=True)
    birth_date = models.DateField(null=True)
    sex = models.CharField(max_length=8, choices=Sex, default=Sex.UNKNOWN)
    phone = models.CharField(max_length=20, blank=True, help_text="E.164, e.g. +77011234567")
    email = models.EmailField(blank=True)
    iin_sealed = models.BinaryField(null=True)  # AES-GCM, see core.crypto
    iin_lookup = models.BinaryField(null=True, max_length=32)  # keyed hash, for equality only
    without_iin = models.CharField(max_length=12, choices=WithoutIin, blank=True)
    branch = TenantForeignKey(Branch, models.PROTECT, null=True, related_name="+")
    allergies = models.CharField(max_length=250, blank=True)
    note = models.CharField(max_length=500, blank=True)
    is_marketing_opt_in = models.BooleanField(default=False)
    is_archived = models.BooleanField(default=False)
    search = models.CharField(
        max_length=420, editable=False, help_text="Folded names, digits of the phone, card number."
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "card_number"], name="patient_card_once"
            ),
            models.UniqueConstraint(fields=["organization", "iin_lookup"], name="patient_iin_once"),
        ]
        indexes: ClassVar = [
            # Fragments of names and phones; the organisation stands in the same index (btree_gin).
            GinIndex(
                OpClass("organization", name="uuid_ops"),
                OpClass("search", name="gin_trgm_ops"),
                name="patient_search",
                fastupdate=False,
            ),
            # Beginnings of surnames, in their order.
            models.Index(
                OpClass("organization", name="uuid_ops"),
                OpClass("search", name="text_pattern_ops"),
                name="patient_search_prefix",
            ),
            models.Index(
                "organization",
                *in_kazakh_order("last_name", "first_name"),
                "id",
                name="patient_name",
            ),
            models.Index(fields=["organization", "phone"], name="patient_phone"),
            models.Index(fields=["organization", "birth_date"], name="patient_birth_date"),
        ]

    @property
    def full_name(self) -> str:
        return " ".join(filter(None, [self.last_name, self.first_name, self.middle_name]))

    @property
    def short_name(self) -> str:
        initials = "".join(f" {name[0]}." for name in (self.first_name, self.middle_name) if name)
        return f"{self.last_name}{initials}"

    def age(self, today: date) -> int | None:
        """Full years on that day."""
        if self.birth_date is None:
            return None
        before = (today.month, today.day) < (self.birth_date.month, self.birth_date.day)
        return today.year - self.birth_date.year - before


class CareLink(TenantModel):
    """This branch, or this employee of it, has to do with this patient. Opens the card to those roles that see only
    patients of their branch, or only those they treat. Written when he is registered and when he is booked."""

    patient = TenantForeignKey(Patient, models.CASCADE, related_name="care_links")
    branch = TenantForeignKey(Branch, models.CASCADE, related_name="+")
    employee = TenantForeignKey("staff.Employee", models.CASCADE, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "patient", "branch", "employee"],
                name="care_link_once",
                nulls_distinct=False,
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "employee", "patient"], name="care_link_employee")
        ]


class PatientAccount(TenantModel):
    """What the patient owes (negative) or has paid ahead (positive), in tenge. Kept by billing, equal to its journal."""

    patient = TenantForeignKey(Patient, models.CASCADE, related_name="accounts")
    balance = models.DecimalField(max_digits=14, decimal_places=2, default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "patient"], name="patient_account_once")
        ]
