import pytest

from apps.core.models import JournalEntry
from apps.core.tenancy import tenant
from apps.patients import actions, balance
from apps.patients.models import CareLink

URL = "/api/v1/patients"


def card(client, clinic):
    return client.get(f"{URL}/{clinic.patient.pk}")


def test_the_head_of_the_card(as_role, clinic):
    with tenant(clinic.pk):
        balance.move(clinic.patient.pk, -15000)

    shown = card(as_role("registrar", branch=clinic.branch), clinic).json()

    assert (shown["last_name"], shown["phone"], shown["balance"]) == (
        "Оспанова", clinic.patient.phone, "-15000.00",
    )  # fmt: skip
    assert shown["iin"] == "••••••••" + clinic.iin[-4:]
    assert (shown["allergies"], shown["may_see_iin"], shown["warnings"]) == ("Лидокаин", True, [])
    assert shown["age"] >= 35


@pytest.mark.parametrize(
    ("role", "iin", "contacts", "money"),
    [
        ("owner", True, True, True),
        ("admin", True, True, True),
        ("registrar", True, True, True),
        ("doctor", True, True, True),
        ("call_center", False, True, False),
        ("cashier", False, False, True),
        ("accountant", True, False, True),
        ("readonly", False, False, True),
        ("marketer", None, False, False),
    ],
)
def test_each_role_sees_its_columns(as_role, clinic, role, iin, contacts, money):
    client = as_role(role)

    shown = card(client, clinic).json()

    assert shown["phone"] == (clinic.patient.phone if contacts else "+7 701 ••• •• 01")
    assert shown["email"] == (clinic.patient.email if contacts else "")
    assert shown["allergies"] == ("Лидокаин" if contacts else "")
    assert (shown["balance"] is not None) is money
    assert (shown["iin"] is not None) is (iin is not None)
    assert shown["may_see_iin"] is bool(iin)
    full = client.get(f"{URL}/{clinic.patient.pk}/iin")
    assert full.status_code == (200 if iin else 403)
    assert clinic.iin not in card(client, clinic).content.decode()


def test_the_storekeeper_sees_nobody(as_role, clinic):
    assert card(as_role("warehouse"), clinic).status_code == 403


def test_a_doctor_sees_whom_he_treats(as_role, as_user, clinic):
    assert card(as_role("doctor"), clinic).status_code == 200
    other = as_user(clinic.doctor2.user)
    assert card(other, clinic).status_code == 404
    assert other.get(f"{URL}/{clinic.patient.pk}/iin").status_code == 404
    assert other.patch(f"{URL}/{clinic.patient.pk}", {"version": 1}).status_code == 404

    with tenant(clinic.pk):
        actions.link(clinic.patient, clinic.branch, clinic.doctor2.pk)
        actions.link(clinic.patient, clinic.branch, clinic.doctor2.pk)
        assert CareLink.objects.filter(employee=clinic.doctor2).count() == 1
    assert card(other, clinic).status_code == 200


def test_a_branch_sees_who_was_registered_or_booked_there(as_role, clinic):
    elsewhere = as_role("registrar", branch=clinic.other_branch)
    assert card(elsewhere, clinic).status_code == 404

    with tenant(clinic.pk):
        actions.link(clinic.patient, clinic.other_branch)

    assert card(elsewhere, clinic).status_code == 200
    assert card(as_role("registrar", branch=clinic.branch), clinic).status_code == 200


def test_a_strangers_patient_does_not_exist(as_role, rival):
    owner = as_role("owner")

    assert card(owner, rival).status_code == 404
    assert owner.get(f"{URL}/{rival.patient.pk}/iin").status_code == 404
    assert owner.patch(f"{URL}/{rival.patient.pk}", {"version": 1}).status_code == 404
    assert "CANARY" not in owner.get(URL).content.decode()


def test_opening_a_card_and_an_iin_is_journalled(as_role, clinic):
    desk = as_role("registrar")
    card(desk, clinic)
    assert desk.get(f"{URL}/{clinic.patient.pk}/iin").json() == {"iin": clinic.iin}

    with tenant(clinic.pk):
        looks = JournalEntry.objects.filter(event="patients_viewed", patient_id=clinic.patient.pk)
        assert [look.data for look in looks.order_by("id")] == [{}, {"what": "iin"}]
        assert {look.actor_id for look in looks} == {desk.user.pk}


def test_who_has_no_iin_has_none_to_show(as_role, clinic):
    assert as_role("owner").get(f"{URL}/{clinic.patient2.pk}/iin").status_code == 404


def test_masks_follow_the_branch_of_each_role(as_user, clinic):
    """Front desk in one branch, cashier in the other: clear here, masked there."""
    from apps.core.models import Membership
    from testing.clinics import make_user

    with tenant(clinic.pk):
        person = make_user("two")
        Membership.objects.create(user=person, role="registrar", branch=clinic.other_branch)
        Membership.objects.create(user=person, role="cashier", branch=clinic.branch)
        actions.link(clinic.patient2, clinic.other_branch)
    client = as_user(person)

    rows = {row["id"]: row["phone"] for row in client.get(URL).json()["items"]}

    assert rows[str(clinic.patient.pk)] == "+7 701 ••• •• 01"
    assert rows[str(clinic.patient2.pk)] == clinic.patient2.phone
    assert card(client, clinic).json()["phone"] == "+7 701 ••• •• 01"


def test_a_card_costs_few_queries(as_role, clinic, django_assert_num_queries):
    desk = as_role("registrar")
    # Savepoint, tenant, session, patient, journal, back, release.
    with django_assert_num_queries(7):
        card(desk, clinic)
