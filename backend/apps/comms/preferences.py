"""What an organisation or branch may set for its messages, each read at the moment it matters."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from apps.core.kz.money import tenge
from apps.org.models import Branch
from apps.org.preferences import KEYS, get

HOME_ZONE = ZoneInfo("Asia/Almaty")


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
    start, end = (get(f"quiet_hours_{edge}", branch=branch) for edge in ("start", "end"))
    return QuietHours(int(start), int(end), zone_of(branch))


def cost(segments: int, branch: Branch | None) -> Decimal:
    return tenge(segments * get("sms_price_per_sms", branch=branch))


def cost_at(segments: int, stored: Any) -> Decimal:
    """The same, of a stored price that was read together with other things; None: the clinic has none of its own."""
    price = KEYS["sms_price_per_sms"]
    return tenge(segments * price.read(price.default() if stored is None else stored))


def language_of(stored: Any) -> str:
    """The language in which a branch writes by itself; None: the clinic has chosen none."""
    key = KEYS["message_language"]
    return str(key.read(key.default() if stored is None else stored))
