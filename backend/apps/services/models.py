"""What the clinic does and what it costs, and the dental chapter of ICD-10."""

from typing import ClassVar

from django.db import models

from apps.core.tenancy import Row, TenantForeignKey, VersionedModel


class Category(VersionedModel):
    parent = TenantForeignKey("self", models.PROTECT, null=True, related_name="children")
    name = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "parent", "name"],
                name="category_name_once",
                nulls_distinct=False,
            )
        ]


class Service(VersionedModel):
    category = TenantForeignKey(Category, models.PROTECT, related_name="services")
    code = models.CharField(max_length=24)
    name = models.CharField(max_length=200)
    unit = models.CharField(max_length=24, default="услуга")
    duration_minutes = models.PositiveSmallIntegerField(default=30)
    buffer_before = models.PositiveSmallIntegerField(
        default=0, help_text="Minutes to get ready; the patient is not there yet."
    )
    buffer_after = models.PositiveSmallIntegerField(
        default=0, help_text="Minutes to clean up; the patient has gone."
    )
    color = models.CharField(max_length=7, default="#0f766e")
    is_tooth_bound = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "code"], name="service_code_once"),
            models.CheckConstraint(
                condition=models.Q(duration_minutes__gte=5, duration_minutes__lte=720),
                name="service_duration",
            ),
            models.CheckConstraint(
                condition=models.Q(buffer_before__lte=120, buffer_after__lte=120),
                name="service_buffers",
            ),
        ]


class PriceList(VersionedModel):
    name = models.CharField(max_length=80)
    is_base = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "name"], name="price_list_name_once"),
            models.UniqueConstraint(
                fields=["organization"],
                condition=models.Q(is_base=True),
                name="price_list_one_base",
            ),
        ]


class Price(VersionedModel):
    price_list = TenantForeignKey(PriceList, models.CASCADE, related_name="prices")
    service = TenantForeignKey(Service, models.CASCADE, related_name="prices")
    amount = models.DecimalField(max_digits=12, decimal_places=2)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "price_list", "service"], name="price_once"
            ),
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="price_not_negative"),
        ]


class Icd10(Row):
    """A diagnosis of ICD-10, for everybody (platform). Loaded by a migration from core/kz/data."""

    code = models.CharField(max_length=8, unique=True)
    parent = models.CharField(max_length=8, blank=True)
    name_ru = models.CharField(max_length=250)
    is_dental = models.BooleanField(
        default=True, help_text="K00-K14; else a neighbour that dentists use."
    )
