import re
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.core.management import call_command
from django.test import Client

from apps.core.models import Membership, Session, Throttle, User
from apps.core.tenancy import TenantModel, tenant
from apps.org.models import Branch, Organization
from testing.clinics import PASSWORD, make_user

FOUNDING = {
    "name": "Жаңа клиника", "legal_name": "", "bin": "", "phone": "", "branch_name": "Главный",
    "owner_login": "zhana", "owner_email": "zhana@example.kz", "owner_last_name": "Әбілова",
    "owner_first_name": "Жанар",
}  # fmt: skip


@pytest.fixture
def root(db: None) -> Client:
    User.objects.create_superuser("root", PASSWORD, email="root@example.kz")
    client = Client()
    assert client.login(username="root", password=PASSWORD)
    return client


def test_no_tenant_model_is_registered() -> None:
    assert not [model for model in admin.site._registry if issubclass(model, TenantModel)]
    assert apps.get_model("org", "Organization") in admin.site._registry


def test_founds_an_organization_whose_owner_enters_by_the_link(
    root: Client, anonymous: Any
) -> None:
    page = root.post("/admin/org/organization/add/", FOUNDING)

    assert page.status_code == 200
    found = re.search(r"/activate#token=([\w-]+)", page.content.decode())
    assert found, page.content.decode()
    assert "no-store" in page["Cache-Control"]
    body = {"token": found[1], "password": PASSWORD}
    assert anonymous.post("/api/v1/auth/activate", body).status_code == 200
    user = anonymous.post("/api/v1/auth/login", {"login": "zhana", "password": PASSWORD}).json()[
        "user"
    ]
    assert user["organization"]["name"] == "Жаңа клиника"
    assert user["roles"] == [{"role": "owner", "branch": None}]
    assert [branch["name"] for branch in user["branches"]] == ["Главный"]


def test_a_login_that_is_taken_founds_nothing(root: Client) -> None:
    make_user(login="zhana")

    page = root.post("/admin/org/organization/add/", FOUNDING)

    assert "owner_login" in page.context["adminform"].form.errors
    assert not Organization.objects.exists()


def test_a_locked_organization_is_out_at_once(root: Client, as_role: Any, clinic: Any) -> None:
    registrar = as_role("registrar")
    url = f"/admin/org/organization/{clinic.pk}/change/"
    fields = {"name": clinic.organization.name, "legal_name": "", "bin": "", "phone": ""}

    assert root.post(url, fields).status_code == 302  # is_active left unticked

    assert registrar.get("/api/v1/auth/me").status_code == 401
    assert Session.objects.get(user=registrar.user).end_reason == "organization_locked"


def test_every_page_of_the_admin_opens(root: Client, clinic: Any, as_role: Any) -> None:
    as_role("owner")
    for model in admin.site._registry:
        name = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        assert root.get(name).status_code == 200, name
    user = clinic.user("owner")
    assert root.get(f"/admin/core/user/{user.pk}/change/").status_code == 200


def test_disabling_a_person_ends_his_sessions(root: Client, as_role: Any) -> None:
    registrar = as_role("registrar")
    url = f"/admin/core/user/{registrar.user.pk}/change/"

    assert (
        root.post(url, {"last_name": "А", "first_name": "Б", "language": "ru"}).status_code == 302
    )

    assert registrar.get("/api/v1/auth/me").status_code == 401


def test_guessing_at_the_admins_door_is_slowed_too(db: None) -> None:
    User.objects.create_superuser("root", PASSWORD, email="root@example.kz")
    client = Client()
    for _ in range(7):
        client.post("/admin/login/", {"username": "root", "password": "guess-guess"})

    assert Throttle.objects.exclude(blocked_until=None).exists()
    client.post("/admin/login/", {"username": "root", "password": PASSWORD})
    assert "_auth_user_id" not in client.session


def test_staff_of_a_clinic_do_not_enter(clinic: Any, db: None) -> None:
    user = make_user("owner", password=PASSWORD)
    with tenant(clinic.pk):
        Membership.objects.create(user=user, role="owner")
    client = Client()
    client.post("/admin/login/", {"username": user.login, "password": PASSWORD})
    assert client.get("/admin/").status_code == 302


def test_a_fresh_installation_begins_with_createsuperuser(db: None, monkeypatch: Any) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", "--noinput", login="first", email="first@example.kz")

    assert Client().login(username="first", password=PASSWORD)
    assert not Branch.objects.none().exists()
