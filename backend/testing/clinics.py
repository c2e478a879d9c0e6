"""Two clinics of the same shape for tests: ours and a rival, every text of which carries a canary.

``build_clinic`` works in whatever database is there: in the transaction of a test, or committed for races.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from rest_framework.test import APIClient

from apps.billing.models import Register
from apps.core import crypto, tokens
from apps.core.kz import iin as iins
from apps.core.kz.text import kz_fold
from apps.core.models import Membership, Session, User
from apps.core.tenancy import tenant
from apps.org.models import Branch, Chair, Organization, Room
from apps.patients.models import CareLink, Patient, PatientAccount
from apps.services.models import Category, Icd10, Price, PriceList, Service
from apps.staff.models import Employee, EmployeeBranch, Position, Shift, Speciality

CANARY = "CANARY"  # in every text of the rival; an answer to one of us that holds it has leaked
PASSWORD = "correct-horse-battery"
_numbers = count(1)
_NAMES = {
    "organization": "Тіс Әлемі", "branch": "Достык", "other_branch": "Самал", "room": "Кабинет 1",
    "chair": "Кресло 1", "chair2": "Кресло 2", "position": "Стоматолог", "speciality": "Терапевт",
    "doctor": "Ахметов", "doctor2": "Ким", "patient": "Оспанова", "patient2": "Жұмабаев",
    "first": "Әсел", "middle": "Болатқызы", "service": "Лечение кариеса", "service2": "Осмотр",
    "category": "Терапия", "price_list": "Базовый", "register": "Касса 1", "allergies": "Лидокаин",
    "note": "Звонить после обеда", "address": "Алматы, пр. Достык, 89",
}  # fmt: skip


@dataclass
class Clinic:
    organization: Organization
    branch: Branch
    other_branch: Branch
    room: Room
    chair: Chair
    chair2: Chair
    position: Position
    speciality: Speciality
    doctor: Employee  # works in `branch` every day from 8 to 20, room and chair
    doctor2: Employee  # the same with chair2
    patient: Patient  # registered in `branch`, treated by `doctor`
    patient2: Patient  # registered in `branch`
    category: Category
    price_list: PriceList
    service: Service  # tooth-bound, 15 000
    service2: Service  # 5 000
    register: Register  # of `branch`
    iin: str  # of `patient`
    users: dict[Any, User] = field(default_factory=dict)

    @property
    def pk(self) -> Any:
        return self.organization.pk

    def user(self, role: str, branch: Branch | None = None) -> User:
        """Somebody of that role, the same person each time; of all branches unless one is given. The plain doctor is
        ``doctor``."""
        if role == "doctor" and branch is None:
            assert self.doctor.user
            return self.doctor.user
        key = (role, branch and branch.pk)
        if key not in self.users:
            with tenant(self.pk):
                user = make_user(role, canary=self.organization.name.startswith(CANARY))
                Membership.objects.create(user=user, role=role, branch=branch)
            self.users[key] = user
        return self.users[key]

    def client(self, role: str, branch: Branch | None = None) -> APIClient:
        return self.client_of(self.user(role, branch))

    def client_of(self, user: User) -> APIClient:
        """Logged in, as the API sees it: a living session and an access token. JSON is the default format."""
        now = datetime.now(UTC)
        session = Session.objects.create(
            user=user,
            organization=self.organization,
            last_used_at=now,
            expires_at=now + timedelta(hours=12),
        )
        claims = tokens.Claims(user.pk, session.pk, self.pk)
        token = tokens.issue("access", claims, now=now, lasts=timedelta(hours=1))
        client = APIClient(HTTP_AUTHORIZATION=f"Bearer {token}")
        client.default_format = "json"
        client.user, client.session_row, client.token = user, session, token
        return client


def make_user(
    name: str = "", password: str | None = None, canary: bool = False, **extra: Any
) -> User:
    """A person who may log in; with a password only when one is given (hashing takes time)."""
    number = next(_numbers)
    fields = {
        "login": f"user{number}{'-canary' if canary else ''}",
        "email": f"user{number}{'.canary' if canary else ''}@example.kz",
        "last_name": f"{CANARY}-user-{name}-{number}" if canary else f"Сотрудник {name}",
        "first_name": CANARY if canary else "Алия",
    } | extra
    if password is not None:
        return User.objects.create_user(password=password, **fields)
    user = User(**fields)
    user.password = "!"
    user.save()
    return user


def build_clinic(canary: bool = False) -> Clinic:
    def text(word: str, most: int = 80) -> str:
        return f"{CANARY}-{word}-{next(_numbers)}"[:most] if canary else _NAMES[word]

    organization = Organization.objects.create(
        name=text("organization"), legal_name=text("organization"), legal_address=text("address")
    )
    with tenant(organization.pk):
        branch = Branch.objects.create(name=text("branch"), address=text("address"), position=1)
        other = Branch.objects.create(
            name=text("other_branch"), address=text("address"), position=2
        )
        room = Room.objects.create(branch=branch, name=text("room"))
        chair = Chair.objects.create(room=room, name=text("chair"), position=1)
        chair2 = Chair.objects.create(room=room, name=text("chair2"), position=2)
        position = Position.objects.create(name=text("position"), treats=True)
        speciality = Speciality.objects.create(name=text("speciality"))
        doctors = [
            _doctor(text(word), position, branch, room, place, canary)
            for word, place in (("doctor", chair), ("doctor2", chair2))
        ]
        iin = _iin(3 if canary else 1)
        phone = "+77770999" if canary else "+77011234"
        patients = []
        for number, word in enumerate(("patient", "patient2"), start=1):
            patient = Patient(
                card_number=900_000 + number,
                last_name=text(word),
                first_name=text("first"),
                middle_name=text("middle"),
                birth_date=date(1990, 5, number),
                sex=Patient.Sex.FEMALE,
                phone=f"{phone}{number:03d}",
                email=f"{word}{'.canary' if canary else ''}@example.kz",
                branch=branch,
                allergies=text("allergies"),
                note=text("note"),
            )
            if number == 1:
                crypto.seal(patient, "iin_sealed", iin)
                patient.iin_lookup = crypto.lookup_hash(
                    iin, organization_id=organization.pk, purpose="patient.iin"
                )
            digits = patient.phone.removeprefix("+")
            patient.search = f"{kz_fold(patient.full_name)} {digits} {patient.card_number}"
            patient.save()
            CareLink.objects.create(patient=patient, branch=branch)
            PatientAccount.objects.create(patient=patient)
            patients.append(patient)
        CareLink.objects.create(patient=patients[0], branch=branch, employee=doctors[0])
        category = Category.objects.create(name=text("category"))
        price_list = PriceList.objects.create(name=text("price_list"), is_base=True)
        services = []
        for word, code, amount, tooth in (
            ("service", "F1", "15000", True),
            ("service2", "E1", "5000", False),
        ):
            service = Service.objects.create(
                category=category,
                code=text(word, 24) if canary else code,
                name=text(word),
                is_tooth_bound=tooth,
            )
            Price.objects.create(price_list=price_list, service=service, amount=Decimal(amount))
            services.append(service)
        register = Register.objects.create(branch=branch, name=text("register"))
        Icd10.objects.get_or_create(code="K02.1", defaults={"name_ru": "Кариес дентина"})
        return Clinic(
            organization=organization, branch=branch, other_branch=other, room=room, chair=chair,
            chair2=chair2, position=position, speciality=speciality, doctor=doctors[0],
            doctor2=doctors[1], patient=patients[0], patient2=patients[1], category=category,
            price_list=price_list, service=services[0], service2=services[1], register=register,
            iin=iin,
        )  # fmt: skip


def _doctor(
    last_name: str, position: Position, branch: Branch, room: Room, chair: Chair, canary: bool
) -> Employee:
    user = make_user("doctor", canary=canary)
    Membership.objects.create(user=user, role="doctor")
    doctor = Employee.objects.create(
        user=user,
        position=position,
        last_name=last_name,
        first_name=f"{CANARY}-employee" if canary else "Бек",
        phone="+77770888001" if canary else "+77017654321",
    )
    EmployeeBranch.objects.create(employee=doctor, branch=branch)
    Shift.objects.bulk_create(
        Shift(
            employee=doctor, branch=branch, room=room, chair=chair, weekday=weekday,
            starts=time(8), ends=time(20), valid_from=date(2020, 1, 1),
        )
        for weekday in range(1, 8)
    )  # fmt: skip
    return doctor


def _iin(serial: int) -> str:
    while (iin := iins.make_iin(date(1990, 5, 1), "F", serial)) is None:
        serial += 2
    return iin
