"""`…In` is what we are told, `…Out` is what we show."""

import re
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers


class In(serializers.Serializer):
    """Refuses what it does not know: a field that nobody reads is a mistake or an attack (invariant 24)."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            unknown = [
                name
                for name in data
                if name not in self.fields or self.fields[name].read_only  # type: ignore[index]
            ]
            if unknown:
                raise serializers.ValidationError({str(n)[:64]: [_("Unknown field.")] for n in unknown})
        return super().to_internal_value(data)


class Out(serializers.Serializer):
    """Shows a model or a plain row; never reads."""


class TenantKey(serializers.PrimaryKeyRelatedField):
    """The id of a row of the caller's organisation: ``TenantKey(Patient.objects)``. A stranger's id does not exist."""

    def __init__(self, queryset: Any = None, **kwargs: Any) -> None:
        kwargs.setdefault("pk_field", serializers.UUIDField())
        super().__init__(queryset=queryset, **kwargs)


class Money(serializers.DecimalField):
    """Tenge as text with two places, e.g. ``"12500.00"``. Plain digits only: no exponent, no other alphabet's digits."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 14)
        kwargs.setdefault("decimal_places", 2)
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, bool) or not re.fullmatch(r"-?[0-9]{1,20}(\.[0-9]{1,20})?", str(data).strip()):
            self.fail("invalid")
        return super().to_internal_value(data)
