"""Writes the demonstration: two organisations that look like clinics. Checked before it is kept."""

import os
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction

from apps.billing import audit
from apps.core import numbering
from apps.core.tenancy import tenant
from apps.demo import messages, money, people, schedule, structure, working_time
from apps.demo.world import World, random_for
from apps.org.models import Organization
from apps.reports import rollups


@dataclass(frozen=True)
class Plan:
    name: str
    branches: int
    doctors: int
    patients: int
    prefix: str


PLANS = [
    Plan("Ақ Тіс", branches=3, doctors=9, patients=2000, prefix=""),
    Plan("Дента Плюс", branches=1, doctors=2, patients=150, prefix="plus."),
]
Account = tuple[str, str, str, str]  # organisation, login, password, who


class BooksDiffer(RuntimeError):
    pass


def write(now: datetime, seed: int, plans: list[Plan] = PLANS) -> list[Account]:
    """All or nothing. Returns the accounts with their passwords, which are stored nowhere in clear but in the file."""
    accounts: list[Account] = []
    with transaction.atomic():
        for number, plan in enumerate(plans):
            accounts += [(plan.name, *row) for row in _organization(plan, now, seed + number)]
    return accounts


def _organization(plan: Plan, now: datetime, seed: int) -> list[tuple[str, str, str]]:
    rng = random_for(seed, now, plan.name)
    organization = Organization(name=plan.name, legal_name=f"ТОО «{plan.name}»")
    world = World(organization, now, rng)
    organization.id = world.id()
    organization.director = organization.chief_accountant = ""
    for name, value in structure.requisites(world).items():
        setattr(organization, name, value)
    organization.save(force_insert=True)
    with tenant(organization.pk):
        structure.build(world, plan.branches)
        accounts = people.staff(world, plan.doctors, plan.prefix)
        people.patients(world, plan.patients, seed)
        numbering.take("card", count=plan.patients)
        working_time.build(world)
        written = schedule.build(world)
        working_time.waiting(world)
        money.build(world, written)
        messages.build(world, written.appointments)
        rollups.rebuild(organization.pk)
        _check()
    return accounts


def _check() -> None:
    """The books add up, and nothing exclusive overlaps (the constraint says so too; this asks independently)."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*)
            FROM (SELECT starts_at,
                         max(ends_at) OVER (
                             PARTITION BY organization_id, resource_id ORDER BY starts_at
                             ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS taken_until
                  FROM calendar_occupancy WHERE exclusive) AS spans
            WHERE starts_at < taken_until
            """
        )
        overlaps = cursor.fetchone()[0]
    differences = [*audit.check(), *rollups.check()]
    if overlaps or differences:
        raise BooksDiffer(f"{overlaps} overlaps, {len(differences)} differences")


def keep_accounts(accounts: list[Account]) -> str:
    """The file with the demo accounts, mode 600, in the data folder."""
    path = settings.DATA_DIR / "demo-accounts.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    width = max(len(login) for _, login, _, _ in accounts)
    lines, organization = [], ""
    for name, login, password, who in accounts:
        if name != organization:
            lines.append(f"{name}")
            organization = name
        lines.append(f"  {login:<{width}}  {password}  {who}")
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write("\n".join(lines) + "\n")
    return str(path)
