"""`…In` is what we are told, `…Out` is what we show."""

import re
from threading import local
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.core.kz.phone import PhoneError, normalize_phone

_kept = local()


class _Shape(serializers.Serializer):
    """Its fields are made once in a thread and not for each request, which cost a booking more than checking what was
    sent. They know nothing of a request: who asks tells ``caller.asking``."""

    @property
    def fields(self) -> Any:
        known: dict[Any, Any] = vars(_kept)
        shape = type(self)
        if shape not in known:
            known[shape] = super(_Shape, shape()).fields
        return known[shape]


class In(_Shape):
    """Refuses what it does not know: a field that nobody reads is a mistake or an attack (invariant 24)."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            unknown = [
                name
                for name in data
                if name not in self.fields or self.fields[name].read_only  # type: ignore[index]
            ]
            if unknown:
                raise serializers.ValidationError(
                    {str(n)[:64]: [_("Unknown field.")] for n in unknown}
                )
        return super().to_internal_value(data)


class PatchIn(In):
    """A partial change: every field may be left out except the version that the editor saw. Put it before the `…In` of
    the creation: ``class BranchPatch(PatchIn, BranchIn)``."""

    version = serializers.IntegerField(
        min_value=1, help_text="The version that was shown; a stale one is refused."
    )

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        for name, field in fields.items():
            if name != "version":
                field.required, field.default = False, serializers.empty
        return fields


class Out(_Shape):
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
        if isinstance(data, bool) or not re.fullmatch(
            r"-?[0-9]{1,20}(\.[0-9]{1,20})?", str(data).strip()
        ):
            self.fail("invalid")
        return super().to_internal_value(data)


class TenantKeys(serializers.ListField):
    """Ids of rows of the caller's organisation, looked up together: ``TenantKeys(Branch.objects)``. Answers ids."""

    child = serializers.UUIDField()

    def __init__(self, manager: Any = None, **kwargs: Any) -> None:
        self.manager = manager
        kwargs.setdefault("max_length", 1000)
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> list[Any]:
        ids = list(dict.fromkeys(super().to_internal_value(data)))
        found = set(self.manager.filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()
        if not found.issuperset(ids):
            raise serializers.ValidationError([_("There is no such record.")])
        return ids


class Color(serializers.RegexField):
    """A colour as ``#0f766e``."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 7)
        super().__init__(r"^#[0-9a-fA-F]{6}\Z", **kwargs)

    def to_internal_value(self, data: Any) -> str:
        return str(super().to_internal_value(data)).lower()


class Phone(serializers.CharField):
    """A phone as people type it; answers E.164, e.g. ``+77011234567``."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 40)
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        if not text:
            return ""
        try:
            return normalize_phone(text)
        except PhoneError:
            raise serializers.ValidationError([_("This is not a phone number.")]) from None


@extend_schema_field({"type": "string", "example": "09:00"})
class Clock(serializers.TimeField):
    """A time as the clock of the branch shows it: no seconds, no zone, which the format `time` of a description has."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%H:%M", **kwargs)
