"""What makes days differ: the state's holidays, a leave, recurring lunches, hours for emergencies, and who waits."""

from datetime import date, time, timedelta

from psycopg.types.range import TimestamptzRange

from apps.calendar.models import Break, BreakKind, BreakRule, Occupancy, Reserve, WaitingEntry
from apps.core.kz import holidays
from apps.demo.world import DAYS_BACK, World, instant
from apps.org.models import Device, SpecialDay
from apps.org.special_days import named
from apps.staff.models import Absence

LUNCH = (time(13), time(13, 45))
EMERGENCIES = (time(17), time(18))
YEAR = timedelta(days=365)
DEVICES = ["Микроскоп", "Лазер диодный"]
WAITS = [
    ("Хочет раньше, удобно после 17:00", False),
    ("Острая боль, придёт в любое время", True),
    ("Ждёт субботу", False),
    ("После отпуска, только к своему врачу", False),
]


def build(world: World) -> None:
    """Before the calendar is filled."""
    _holidays(world)
    for branch in world.branches:
        Device.objects.bulk_create(
            Device(id=world.id(), branch=branch, name=name, position=position)
            for position, name in enumerate(DEVICES)
        )
    doctors = [doctor for branch in world.branches for doctor in world.doctors[branch.pk]]
    leave = world.branches[0].today(world.now) + timedelta(days=17)
    Absence.objects.create(
        id=world.id(),
        employee=doctors[-1],
        kind=Absence.Kind.LEAVE,
        first_day=leave,
        last_day=leave + timedelta(days=9),
        note="Ежегодный отпуск",
    )
    world.away[doctors[-1].pk] = (leave, leave + timedelta(days=9))
    _lunches(world)
    _emergencies(world)


def waiting(world: World) -> None:
    """Some people wait for a better time; one of them for a doctor of his own."""
    branch = world.branches[0]
    people = [one for one in world.patients if one.branch_id == branch.pk]
    WaitingEntry.objects.bulk_create(
        WaitingEntry(
            id=world.id(),
            patient=world.rng.choice(people),
            branch=branch,
            employee=world.doctors[branch.pk][0] if "врачу" in comment else None,
            minutes=world.rng.choice([30, 60]),
            is_urgent=urgent,
            comment=comment,
            created_by=world.users.get("registrar"),
        )
        for comment, urgent in WAITS
    )


def _holidays(world: World) -> None:
    today = world.branches[0].today(world.now)
    begins, ends = date(today.year, 1, 1), date(today.year + 2, 1, 1)
    # The day of making has appointments in any case: a demonstration of nothing shows nothing.
    off = [one for one in holidays.between(begins - YEAR, ends) if one.is_off and one.date != today]
    SpecialDay.objects.bulk_create(
        SpecialDay(id=world.id(), date=day.date, name=named(day), holiday=day.key)
        for day in off
        if day.date >= begins
    )
    world.closed = {day.date for day in off}


def _lunches(world: World) -> None:
    """A rule for each doctor; its breaks stand from the first day of the demonstration for a year to come."""
    rules, pauses, taken = [], [], []
    for branch in world.branches:
        today = branch.today(world.now)
        first, last = today - timedelta(days=DAYS_BACK), today + YEAR
        for doctor in world.doctors[branch.pk]:
            rule = BreakRule(
                id=world.id(), employee=doctor, branch=branch, kind=BreakKind.LUNCH, reason="Обед",
                weekdays=[1, 2, 3, 4, 5, 6], starts=LUNCH[0], ends=LUNCH[1],
                valid_from=first, carried_to=last,
            )  # fmt: skip
            rules.append(rule)
            for day in (first + timedelta(days=n) for n in range((last - first).days + 1)):
                if day.isoweekday() == 7:
                    continue
                span = (instant(branch, day, LUNCH[0]), instant(branch, day, LUNCH[1]))
                pause = Break(
                    id=world.id(), employee=doctor, branch=branch, kind=BreakKind.LUNCH, rule=rule,
                    starts_at=span[0], ends_at=span[1], reason="Обед",
                )  # fmt: skip
                pauses.append(pause)
                taken.append(
                    Occupancy(
                        id=world.id(),
                        during=TimestamptzRange(*span, "[)"),
                        pause=pause,
                        employee=doctor,
                    )
                )
    BreakRule.objects.bulk_create(rules)
    Break.objects.bulk_create(pauses, batch_size=2000)
    Occupancy.objects.bulk_create(taken, batch_size=2000)


def _emergencies(world: World) -> None:
    """From tomorrow on the last hour of the first doctor of each branch belongs to those in pain."""
    for branch in world.branches:
        doctor = world.doctors[branch.pk][0]
        tomorrow = branch.today(world.now) + timedelta(days=1)
        Reserve.objects.create(
            id=world.id(), branch=branch, employee=doctor, kind=Reserve.Kind.URGENT,
            weekdays=[1, 2, 3, 4, 5], starts=EMERGENCIES[0], ends=EMERGENCIES[1],
            valid_from=tomorrow, reason="Острая боль",
        )  # fmt: skip
        world.reserved[doctor.pk] = tomorrow
