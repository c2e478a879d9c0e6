"""A small clinic, made in whatever database the test has: inside its transaction, or committed for a race."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from rest_framework.test import APIClient

from apps.billing.models import Register
from apps.calendar.models import Appointment
from apps.core import tokens
from apps.core.models import Membership, Session, User
from apps.core.tenancy import tenant
from apps.org.models import Branch, Organization
from apps.patients.models import CareLink, Patient
from apps.services.models import Category, Icd10, Price, PriceList, Service
from apps.staff.models import Employee, EmployeeBranch, Position

_numbers = count(1)


@dataclass
class World:
    organization: Organization
    branch: Branch
    other_branch: Branch
    doctor: Employee
    colleague: Employee
    patient: Patient
    filling: Service  # on a tooth, 15 000
    exam: Service  # 5 000
    register: Register
    position: Position
    _clients: dict[Any, APIClient] = field(default_factory=dict)

    def client(self, role: str, branch: Branch | None = None, user: User | None = None) -> APIClient:
        """Somebody of that role, logged in; the same person each time."""
        key = (role, branch and branch.pk, user and user.pk)
        if key not in self._clients:
            self._clients[key] = log_in(self, role, branch, user)
        return self._clients[key]

    @property
    def as_doctor(self) -> APIClient:
        return self.client("doctor", user=self.doctor.user)

    def employee_for(self, client: APIClient) -> Employee:
        with tenant(self.organization.pk):
            employee = Employee.objects.create(
                user=client.user, position=self.position, last_name="Жұмабаев", first_name="Нұрлан"
            )
            EmployeeBranch.objects.create(employee=employee, branch=self.branch)
        return employee

    def new_patient(self) -> Patient:
        number = next(_numbers)
        with tenant(self.organization.pk):
            patient = Patient.objects.create(
                card_number=1000 + number, last_name=f"Серікова {number}", first_name="Айгүл",
                branch=self.branch, birth_date="1990-05-01",
            )  # fmt: skip
            CareLink.objects.create(patient=patient, branch=self.branch)
        return patient

    def appointment(self, **changes: Any) -> Appointment:
        starts_at = datetime.now(UTC) + timedelta(minutes=30)
        fields = {
            "branch": self.branch,
            "patient": self.patient,
            "employee": self.doctor,
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(minutes=30),
            "services_text": "Осмотр",
        }
        with tenant(self.organization.pk):
            return Appointment.objects.create(**fields | changes)

    def walk_in(self, client: APIClient | None = None) -> dict[str, Any]:
        body = {
            "patient": str(self.patient.pk),
            "branch": str(self.branch.pk),
            "employee": str(self.doctor.pk),
        }
        answer = (client or self.client("registrar", self.branch)).post("/api/v1/visits", body)
        assert answer.status_code == 201, answer.content
        return answer.json()

    def invoice(self, price: str = "", client: APIClient | None = None) -> dict[str, Any]:
        """An invoice by hand; with a price of one's own it needs the owner."""
        line = {"service": str(self.exam.pk)} | ({"price": price} if price else {})
        body = {"branch": str(self.branch.pk), "patient": str(self.patient.pk), "lines": [line]}
        answer = (client or self.client("owner")).post("/api/v1/billing/invoices", body)
        assert answer.status_code == 201, answer.content
        return answer.json()


def build(name: str = "Тіс") -> World:
    organization = Organization.objects.create(name=name)
    with tenant(organization.pk):
        branch = Branch.objects.create(name=f"{name} Центр", position=1)
        other_branch = Branch.objects.create(name=f"{name} Север", position=2)
        position = Position.objects.create(name="Стоматолог", treats=True)
        doctors = []
        for last_name in ("Ахметов", "Ким"):
            user = _user(last_name)
            Membership.objects.create(user=user, role="doctor", branch=None)
            doctor = Employee.objects.create(
                user=user, position=position, last_name=last_name, first_name="Бек"
            )
            EmployeeBranch.objects.create(employee=doctor, branch=branch)
            doctors.append(doctor)
        patient = Patient.objects.create(
            card_number=1, last_name="Оспанова", first_name="Әсел", branch=branch,
            birth_date="1990-05-01", allergies="Лидокаин",
        )  # fmt: skip
        CareLink.objects.create(patient=patient, branch=branch)
        category = Category.objects.create(name="Терапия")
        base = PriceList.objects.create(name="Базовый", is_base=True)
        services = []
        for code, tooth_bound, amount in (("F1", True, "15000"), ("E1", False, "5000")):
            service = Service.objects.create(
                category=category, code=code, name=f"Услуга {code}", is_tooth_bound=tooth_bound
            )
            Price.objects.create(price_list=base, service=service, amount=Decimal(amount))
            services.append(service)
        register = Register.objects.create(branch=branch, name="Касса 1")
        Icd10.objects.get_or_create(code="K02.1", defaults={"name_ru": "Кариес дентина"})
        return World(
            organization, branch, other_branch, *doctors, patient, *services, register, position
        )


def log_in(world: World, role: str, branch: Branch | None, user: User | None = None) -> APIClient:
    now = datetime.now(UTC)
    with tenant(world.organization.pk):
        if user is None:
            user = _user(role)
            Membership.objects.create(user=user, role=role, branch=branch)
        session = Session.objects.create(
            user=user, organization=world.organization, last_used_at=now,
            expires_at=now + timedelta(hours=1),
        )  # fmt: skip
    claims = tokens.Claims(user.pk, session.pk, world.organization.pk)
    token = tokens.issue("access", claims, now=now, lasts=timedelta(hours=1))
    client = APIClient(HTTP_AUTHORIZATION=f"Bearer {token}")
    client.default_format = "json"
    client.user = user
    return client


def _user(name: str) -> User:
    return User.objects.create(login=f"user{next(_numbers)}", last_name=name, first_name="А")
