"""Invoices, cash shifts, payments, and the journal of transfers that they all are sums of."""

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.tenancy import TenantForeignKey, TenantModel, VersionedModel
from apps.org.models import Branch
from apps.patients.models import Patient
from apps.services.models import Service
from apps.staff.models import Employee
from apps.visits.models import Visit

NOTHING = Decimal("0.00")  # shown with its places, before the row has been read again


def label(year: int, number: int) -> str:
    return f"{year}-{number:05d}"


class Invoice(VersionedModel):
    """What a patient is asked to pay. Its state follows from the journal; nobody writes it."""

    class State(models.TextChoices):
        ISSUED = "issued", _("Issued")
        PARTIAL = "partial", _("Partly paid")
        PAID = "paid", _("Paid")
        REFUNDED = "refunded", _("Refunded")

    branch = TenantForeignKey(Branch, models.PROTECT, related_name="+", db_index=False)
    patient = TenantForeignKey(Patient, models.PROTECT, related_name="invoices")
    visit = TenantForeignKey(Visit, models.PROTECT, null=True, related_name="+")
    employee = TenantForeignKey(Employee, models.PROTECT, null=True, related_name="+")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField(help_text="Without gaps per organisation and year.")
    issued_at = models.DateTimeField()
    total = models.DecimalField(max_digits=14, decimal_places=2)
    paid = models.DecimalField(
        max_digits=14,
        decimal_places=2,
        default=NOTHING,
        help_text="Received less refunded: a sum of the journal.",
    )
    refunded = models.DecimalField(max_digits=14, decimal_places=2, default=NOTHING)
    state = models.CharField(max_length=8, choices=State, default=State.ISSUED)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "year", "number"], name="invoice_number_once"
            ),
            models.UniqueConstraint(fields=["organization", "visit"], name="invoice_visit_once"),
            models.CheckConstraint(
                condition=Q(total__gte=0) & Q(paid__gte=0) & Q(paid__lte=models.F("total")),
                name="invoice_sums",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "branch", "-issued_at"], name="invoice_branch"),
            models.Index(fields=["organization", "-issued_at", "id"], name="invoice_newest"),
            models.Index(
                fields=["organization", "branch", "patient"],
                name="invoice_due",
                condition=Q(paid__lt=models.F("total")),
            ),
        ]

    @property
    def label(self) -> str:
        """The number as people read it: ``2026-00042``."""
        return label(self.year, self.number)


class InvoiceLine(TenantModel):
    invoice = TenantForeignKey(Invoice, models.CASCADE, related_name="lines")
    service = TenantForeignKey(Service, models.PROTECT, related_name="+", db_index=False)
    employee = TenantForeignKey(
        Employee, models.PROTECT, null=True, related_name="+", db_index=False
    )
    name = models.CharField(max_length=200)
    tooth = models.PositiveSmallIntegerField(null=True)
    quantity = models.PositiveSmallIntegerField()
    price = models.DecimalField(max_digits=12, decimal_places=2)
    discount_percent = models.DecimalField(max_digits=5, decimal_places=2, default=0)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    position = models.PositiveSmallIntegerField(default=0)


class Register(VersionedModel):
    """A cash desk of a branch."""

    branch = TenantForeignKey(Branch, models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "branch", "name"], name="register_name_once"
            )
        ]


class CashShift(VersionedModel):
    """From opening to the count. One open shift per register: the index decides the race."""

    register = TenantForeignKey(Register, models.PROTECT, related_name="+")
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    opened_at = models.DateTimeField()
    opening_cash = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    closed_at = models.DateTimeField(null=True)
    expected = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    counted = models.DecimalField(max_digits=14, decimal_places=2, null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "register"],
                condition=Q(closed_at=None),
                name="cash_shift_one_open",
            )
        ]


class Payment(TenantModel):
    """Money that came (payment) or went back (refund). Never changed; a mistake is refunded."""

    class Kind(models.TextChoices):
        PAYMENT = "payment", _("Payment")
        REFUND = "refund", _("Refund")

    class Method(models.TextChoices):
        CASH = "cash", _("Cash")
        CARD = "card", _("Card")

    invoice = TenantForeignKey(Invoice, models.PROTECT, related_name="payments")
    shift = TenantForeignKey(CashShift, models.PROTECT, related_name="payments")
    branch = TenantForeignKey(Branch, models.PROTECT, related_name="+", db_index=False)
    patient = TenantForeignKey(Patient, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)
    method = models.CharField(max_length=8, choices=Method)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    refund_of = TenantForeignKey("self", models.PROTECT, null=True, related_name="refunds")
    reason = models.CharField(max_length=250, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )

    append_only = True

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_positive")
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "branch", "at"], name="payment_branch"),
            models.Index(fields=["organization", "-at", "-id"], name="payment_newest"),
        ]


class Account(TenantModel):
    """A side of the books. ``subject_id`` is the patient, branch or register that the account is of."""

    class Kind(models.TextChoices):
        RECEIVABLE = "receivable", _("Owed by the patient")
        REVENUE = "revenue", _("Services sold by the branch")
        CASH = "cash", _("Cash in the register")
        CARD = "card", _("Card terminal of the branch")

    kind = models.CharField(max_length=12, choices=Kind)
    subject_id = models.UUIDField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "kind", "subject_id"], name="account_once"
            )
        ]


class Transfer(TenantModel):
    """One row moves a positive amount from one account to another, so the books are never out of balance."""

    operation_id = models.UUIDField(help_text="The invoice or payment that these rows make up.")
    at = models.DateTimeField()
    source = TenantForeignKey(Account, models.PROTECT, related_name="+")
    target = TenantForeignKey(Account, models.PROTECT, related_name="+")
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    invoice = TenantForeignKey(Invoice, models.PROTECT, null=True, related_name="transfers")
    shift = TenantForeignKey(CashShift, models.PROTECT, null=True, related_name="+")

    append_only = True

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="transfer_positive"),
            models.CheckConstraint(
                condition=~Q(source=models.F("target")), name="transfer_between_two"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "operation_id"], name="transfer_operation")
        ]
