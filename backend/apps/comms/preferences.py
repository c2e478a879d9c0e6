"""What an organisation or branch may set for its messages, each read at the moment it matters."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from apps.core.kz.money import tenge
from apps.org import preferences
from apps.org.models import Branch

HOME_ZONE = ZoneInfo("Asia/Almaty")


def get(key: str, branch: Branch | None = None) -> Any:
    if key not in preferences.KEYS:
        return getattr(settings, key.upper())
    return preferences.get(key, branch=branch)


def zone_of(branch: Branch | None) -> ZoneInfo:
    """The recipient's zone is that of the branch that writes to him; without one, of the first branch."""
    branch = branch or Branch.objects.filter(is_active=True).order_by("position", "id").first()
    return branch.zone if branch else HOME_ZONE


@dataclass(frozen=True)
class QuietHours:
    start: int
    end: int
    zone: ZoneInfo


def quiet_hours(branch: Branch | None) -> QuietHours:
    start, end = get("quiet_hours_start", branch), get("quiet_hours_end", branch)
    return QuietHours(int(start), int(end), zone_of(branch))


def cost(segments: int, branch: Branch | None) -> Decimal:
    return tenge(segments * Decimal(str(get("sms_price_per_sms", branch))))
