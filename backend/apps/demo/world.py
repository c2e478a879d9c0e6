"""What every part of the demonstration shares: chance that repeats itself, ids made of it, and the moment it is made."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from apps.org.models import Branch, Chair, Organization, Room
from apps.patients.models import Patient
from apps.services.models import Icd10, Service
from apps.staff.models import Employee

DAYS_BACK, DAYS_AHEAD = 60, 30


@dataclass
class World:
    """One organisation of the demonstration while it is being written."""

    organization: Organization
    now: datetime
    rng: Random
    branches: list[Branch] = field(default_factory=list)
    rooms: dict[UUID, list[Room]] = field(default_factory=dict)
    chairs: dict[UUID, list[Chair]] = field(default_factory=dict)
    employees: list[Employee] = field(default_factory=list)
    doctors: dict[UUID, list[Employee]] = field(default_factory=dict)  # branch → its doctors
    services: dict[str, Service] = field(default_factory=dict)
    prices: dict[UUID, Any] = field(default_factory=dict)
    patients: list[Patient] = field(default_factory=list)
    icd10: dict[str, Icd10] = field(default_factory=dict)
    closed: set[date] = field(default_factory=set)  # holidays
    away: dict[UUID, tuple[date, date]] = field(default_factory=dict)  # doctor → his leave
    reserved: dict[UUID, date] = field(default_factory=dict)  # doctor → since when his last hour is
    users: dict[str, Any] = field(default_factory=dict)  # login → user

    def id(self) -> UUID:
        """A version 7 UUID of this moment whose random part comes from the seed."""
        value = int(self.now.timestamp() * 1000) << 80 | self.rng.getrandbits(80)
        value = value & ~(0xF << 76) | 0x7 << 76
        return UUID(int=value & ~(0x3 << 62) | 0x2 << 62)

    def working_days(self, branch: Branch) -> list[date]:
        today = branch.today(self.now)
        days = [today + timedelta(days=n) for n in range(-DAYS_BACK, DAYS_AHEAD + 1)]
        return [
            day for day in days if str(day.isoweekday()) in branch.hours and day not in self.closed
        ]

    def works(self, doctor: Employee, day: date) -> bool:
        first, last = self.away.get(doctor.pk, (date.max, date.min))
        return not first <= day <= last


def instant(branch: Branch, day: date, at: time) -> datetime:
    return datetime.combine(day, at, branch.zone).astimezone(UTC)


def random_for(seed: int, now: datetime, name: str) -> Random:
    return Random(f"{seed}/{now.astimezone(UTC).date()}/{name}")
