from typing import ClassVar

from django.db import models

from apps.core.tenancy import VersionedModel


class Item(VersionedModel):
    """Something the storeroom keeps."""

    name = models.CharField(max_length=160)
    unit = models.CharField(max_length=24)
    minimum = models.DecimalField(max_digits=12, decimal_places=3, default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "name"], name="item_name_once"),
            models.CheckConstraint(condition=models.Q(minimum__gte=0), name="item_minimum"),
        ]
