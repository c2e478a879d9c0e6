"""Staff with their accounts and shifts, and patients. All invented."""

import secrets
from datetime import time, timedelta

from apps.core import crypto
from apps.core.kz import names
from apps.core.models import Membership, User
from apps.demo.world import World
from apps.org.models import Branch
from apps.patients import search
from apps.patients.models import CareLink, Patient
from apps.staff.models import (
    Employee,
    EmployeeBranch,
    EmployeeSpeciality,
    Position,
    Shift,
    Speciality,
)

# position, treats, roles, how many in all (0: one per branch), login
CREW = [
    ("Владелец", False, ("owner",), 1, "owner"),
    ("Администратор системы", False, ("admin",), 1, "admin"),
    ("Управляющий филиалом", False, ("branch_admin",), 1, "manager"),
    ("Регистратор", False, ("registrar",), 1, "registrar"),
    ("Регистратор-кассир", False, ("registrar", "cashier"), 1, "desk"),
    ("Кассир", False, ("cashier",), 1, "cashier"),
    ("Врач-стоматолог", True, ("doctor",), 9, "doctor"),
    ("Ассистент", False, ("assistant",), 2, "assistant"),
    ("Медсестра", False, ("nurse",), 1, "nurse"),
    ("Бухгалтер", False, ("accountant",), 1, "accountant"),
    ("Кладовщик", False, ("warehouse",), 1, "warehouse"),
    ("Маркетолог", False, ("marketer",), 1, "marketer"),
    ("Оператор колл-центра", False, ("call_center",), 1, "callcenter"),
    ("Аудитор", False, ("readonly",), 1, "auditor"),
    ("Старший регистратор", False, ("registrar",), 1, "registrar2"),
]
BRANCHLESS = {"owner", "admin", "accountant", "marketer", "call_center", "readonly", "warehouse"}
SPECIALITIES = ["Терапевт", "Хирург", "Ортопед", "Ортодонт", "Пародонтолог", "Детский стоматолог"]
COLORS = [
    "#0f766e",
    "#2563eb",
    "#9333ea",
    "#db2777",
    "#ea580c",
    "#65a30d",
    "#0891b2",
    "#b45309",
    "#4f46e5",
]


def staff(world: World, doctors: int, prefix: str = "") -> list[tuple[str, str, str]]:
    """Returns (login, password, who): passwords are random each time and kept only for the person who runs this."""
    accounts: list[tuple[str, str, str]] = []
    specialities = [Speciality.objects.create(id=world.id(), name=name) for name in SPECIALITIES]
    for title, treats, roles, count, login in CREW:
        position = Position.objects.create(id=world.id(), name=title, treats=treats)
        for number in range(doctors if treats else count):
            name = prefix + login + (str(number + 1) if (doctors if treats else count) > 1 else "")
            branch = world.branches[number % len(world.branches)]
            employee, password = _person(world, position, name, treats, number)
            _roles(employee, roles, branch)
            EmployeeBranch.objects.create(id=world.id(), employee=employee, branch=branch)
            if treats:
                EmployeeSpeciality.objects.create(
                    id=world.id(),
                    employee=employee,
                    speciality=specialities[number % len(specialities)],
                )
                _shifts(world, employee, branch, len(world.doctors.setdefault(branch.pk, [])))
                world.doctors[branch.pk].append(employee)
            accounts.append((name, password, f"{title}, {employee.short_name}"))
    return accounts


def _person(
    world: World, position: Position, login: str, treats: bool, number: int
) -> tuple[Employee, str]:
    who = names.person(world.rng, names.ADULTS)
    password = "-".join(secrets.token_urlsafe(4) for _ in range(3))
    user = User(
        id=world.id(), login=login, last_name=who["last_name"], first_name=who["first_name"],
        middle_name=who["middle_name"],
    )  # fmt: skip
    user.set_password(password)
    user.save(force_insert=True)
    world.users[login] = user
    employee = Employee.objects.create(
        id=world.id(), user=user, position=position, last_name=who["last_name"],
        first_name=who["first_name"], middle_name=who["middle_name"], phone=who["phone"],
        color=COLORS[number % len(COLORS)] if treats else "#64748b",
    )  # fmt: skip
    world.employees.append(employee)
    return employee, password


def _roles(employee: Employee, roles: tuple[str, ...], branch: Branch) -> None:
    for role in roles:
        Membership.objects.create(
            user=employee.user, role=role, branch=None if role in BRANCHLESS else branch
        )


def _shifts(world: World, employee: Employee, branch: Branch, place: int) -> None:
    rooms, chairs = world.rooms[branch.pk], world.chairs[branch.pk]
    begins = branch.today(world.now) - timedelta(days=90)
    Shift.objects.bulk_create(
        Shift(
            id=world.id(), employee=employee, branch=branch, room=rooms[place % len(rooms)],
            chair=chairs[place % len(chairs)], weekday=weekday, starts=time(9), ends=time(18),
            valid_from=begins,
        )
        for weekday in range(1, 7)
    )  # fmt: skip


def patients(world: World, count: int, seed: int) -> None:
    rows, links = [], []
    sexes = {"M": Patient.Sex.MALE, "F": Patient.Sex.FEMALE}
    for number, who in enumerate(names.people(count, seed=seed), start=1):
        branch = world.branches[number % len(world.branches)]
        patient = Patient(
            id=world.id(), organization_id=world.organization.pk, card_number=number,
            last_name=who["last_name"], first_name=who["first_name"], middle_name=who["middle_name"],
            birth_date=who["birth_date"], sex=sexes[who["sex"]], phone=who["phone"], branch=branch,
            is_marketing_opt_in=world.rng.random() < 0.6,
            allergies=world.rng.choice(["Пенициллин", "Лидокаин", "Латекс", "Йод"])
            if world.rng.random() < 0.08 else "",
        )  # fmt: skip
        crypto.seal(patient, "iin_sealed", who["iin"])
        patient.iin_lookup = crypto.lookup_hash(
            who["iin"], organization_id=world.organization.pk, purpose="patient.iin"
        )
        patient.search = search.kept(
            patient.last_name, patient.first_name, patient.middle_name, patient.phone, number
        )
        rows.append(patient)
        links.append(CareLink(id=world.id(), patient=patient, branch=branch))
    Patient.objects.bulk_create(rows, batch_size=500)
    CareLink.objects.bulk_create(links, batch_size=1000)
    world.patients = rows
