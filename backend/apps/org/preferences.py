"""One mechanism of settings: a declared key, a default of the code, and three levels of which the nearest wins.

``get("quiet_hours_start", branch=branch)`` is read where it matters, in one statement.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from apps.core.api import Money
from apps.core.errors import InvalidInput
from apps.core.models import User
from apps.org.models import Branch, Preference

DEFAULT, ORGANIZATION, BRANCH, USER = "default", "organization", "branch", "user"


@dataclass(frozen=True)
class Key:
    label: Any
    field: serializers.Field[Any, Any, Any, Any]  # checks what is given and says its type
    default: Callable[[], Any]  # as it is stored: JSON
    levels: frozenset[str]

    def read(self, stored: Any) -> Any:
        """As the program uses it: money as Decimal, the rest as it is."""
        return Decimal(stored) if isinstance(self.field, Money) else stored

    @property
    def type(self) -> str:
        if isinstance(self.field, serializers.ChoiceField):
            return "choice"
        return "money" if isinstance(self.field, Money) else "integer"

    @property
    def choices(self) -> list[Any]:
        return list(getattr(self.field, "choices", {}))


def _hour() -> serializers.IntegerField:
    return serializers.IntegerField(min_value=0, max_value=23)


_OFFICE = frozenset({ORGANIZATION, BRANCH})

KEYS: dict[str, Key] = {
    "sms_provider": Key(
        _("SMS provider"),
        serializers.ChoiceField(choices=["mock"]),
        lambda: settings.SMS_PROVIDER,
        frozenset({ORGANIZATION}),
    ),
    "sms_rate_limit_per_min": Key(
        _("SMS per minute, at most"),
        serializers.IntegerField(min_value=1, max_value=1000),
        lambda: settings.SMS_RATE_LIMIT_PER_MIN,
        frozenset({ORGANIZATION}),
    ),
    "sms_price_per_sms": Key(
        _("Price of one SMS segment, tenge"),
        Money(min_value=Decimal(0), max_digits=8),
        lambda: str(settings.SMS_PRICE_PER_SMS),
        frozenset({ORGANIZATION}),
    ),
    "quiet_hours_start": Key(
        _("No messages from, hour"), _hour(), lambda: settings.QUIET_HOURS_START, _OFFICE
    ),
    "quiet_hours_end": Key(
        _("No messages until, hour"), _hour(), lambda: settings.QUIET_HOURS_END, _OFFICE
    ),
    "message_language": Key(
        _("Language of automatic messages"),
        serializers.ChoiceField(choices=["ru", "kk"]),
        lambda: "ru",
        _OFFICE,
    ),
    "slip_paper": Key(
        _("Paper of the visit slip"),
        serializers.ChoiceField(choices=["a6", "80mm"]),
        lambda: "a6",
        _OFFICE,
    ),
    "come_early_minutes": Key(
        _("How much earlier a patient is asked to come, minutes"),
        serializers.IntegerField(min_value=0, max_value=60),
        lambda: 10,
        _OFFICE,
    ),
    "calendar_step_minutes": Key(
        _("Calendar step, minutes"),
        serializers.ChoiceField(choices=[5, 10, 15, 20, 30]),
        lambda: 15,
        frozenset({ORGANIZATION, BRANCH, USER}),
    ),
    "late_after_minutes": Key(
        _("A patient is late after, minutes"),
        serializers.IntegerField(min_value=5, max_value=120),
        lambda: 15,
        frozenset({ORGANIZATION}),  # branches stand side by side on one page
    ),
}


def get(key: str, branch: Branch | None = None, user: User | None = None) -> Any:
    """What counts here and for this person."""
    return KEYS[key].read(_nearest([key], branch, user)[key][0])


def shown(
    branch: Branch | None = None, user: User | None = None, keys: Iterable[str] | None = None
) -> dict[str, dict[str, Any]]:
    """Every key with its value, the level it comes from, and what the form needs."""
    found = _nearest(list(keys or KEYS), branch, user)
    return {
        name: {
            "value": value,
            "level": level,
            "label": str(KEYS[name].label),
            "type": KEYS[name].type,
            "choices": KEYS[name].choices,
            "levels": sorted(KEYS[name].levels),
        }
        for name, (value, level) in found.items()
    }


def keys_of(level: str) -> list[str]:
    return [name for name, key in KEYS.items() if level in key.levels]


def put(
    changes: dict[str, Any], *, branch: Branch | None = None, user: User | None = None
) -> list[str]:
    """Write at one level; ``None`` takes the level's own value away. Answers the names that were given."""
    level = USER if user else BRANCH if branch else ORGANIZATION
    checked = {name: _checked(name, value, level) for name, value in changes.items()}
    for name, value in checked.items():
        place = {"key": name, "branch": branch, "user": user}
        if value is None:
            Preference.objects.filter(**_exactly(branch, user), key=name).delete()
        else:
            Preference.objects.update_or_create(
                **_exactly(branch, user),
                key=name,
                defaults={"value": value},
                create_defaults={**place, "value": value},
            )
    return sorted(checked)


def _exactly(branch: Branch | None, user: User | None) -> dict[str, Any]:
    return {
        **({"branch": branch} if branch else {"branch__isnull": True}),
        **({"user": user} if user else {"user__isnull": True}),
    }


def _checked(name: str, value: Any, level: str) -> Any:
    key = KEYS.get(name)
    if key is None or level not in key.levels:
        raise InvalidInput(fields={f"preferences.{name[:48]}": [_("This cannot be set here.")]})
    if value is None:
        return None
    try:
        clean = key.field.run_validation(value)
    except serializers.ValidationError as error:
        raise InvalidInput(fields={f"preferences.{name}": [str(e) for e in error.detail]}) from None
    return str(clean) if isinstance(clean, Decimal) else clean


def _nearest(
    names: list[str], branch: Branch | None, user: User | None
) -> dict[str, tuple[Any, str]]:
    found = {name: (KEYS[name].default(), DEFAULT) for name in names}
    ranks = {DEFAULT: 0, ORGANIZATION: 1, BRANCH: 2, USER: 3}
    here = Q(branch__isnull=True) | Q(branch=branch) if branch else Q(branch__isnull=True)
    mine = Q(user__isnull=True) | Q(user=user) if user else Q(user__isnull=True)
    rows = Preference.objects.filter(here, mine, key__in=names)
    for name, value, branch_id, user_id in rows.values_list("key", "value", "branch_id", "user_id"):
        level = _level(branch_id, user_id)
        if ranks[level] > ranks[found[name][1]]:
            found[name] = (value, level)
    return found


def _level(branch_id: UUID | None, user_id: UUID | None) -> str:
    return USER if user_id else BRANCH if branch_id else ORGANIZATION
