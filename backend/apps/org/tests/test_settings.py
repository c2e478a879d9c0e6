import pytest

from apps.core.models import JournalEntry
from apps.core.tenancy import tenant
from apps.org import preferences
from apps.org.api.settings import is_iban_of_kazakhstan

URL = "/api/v1/org/settings"
OWN = "/api/v1/org/settings/own"


def test_an_administrator_writes_requisites_and_finds_them_again(as_role):
    admin = as_role("admin")
    requisites = {
        "bin": f" {_bin()} ", "iik": "kz86 125k zt50 0410 0100", "bik": "hsbkkzkx", "kbe": "17",
        "director": "Ахметов А.", "phone": "8 727 250 00 00",
    }  # fmt: skip
    assert is_iban_of_kazakhstan("KZ86125KZT5004100100")

    r = admin.patch(URL, {"version": 1, "organization": requisites})

    assert r.status_code == 200, r.json()
    shown = admin.get(URL).json()["organization"]
    assert shown["iik"] == "KZ86125KZT5004100100"
    assert (shown["bik"], shown["phone"], shown["version"]) == ("HSBKKZKX", "+77272500000", 2)
    assert shown["bin"] == _bin()


@pytest.mark.parametrize(
    ("field", "bad"),
    [
        ("bin", "123456789012"),
        ("bin", "abc"),
        ("iik", "KZ87125KZT5004100100"),
        ("iik", "KZ86"),
        ("bik", "HSBK"),
        ("kbe", "1"),
        ("kbe", "١٧"),
        ("phone", "12"),
        ("name", ""),
    ],
)
def test_a_wrong_requisite_is_refused_by_its_field(as_role, field, bad):
    r = as_role("admin").patch(URL, {"version": 1, "organization": {field: bad}})

    assert (r.status_code, list(r.json()["fields"])) == (400, [f"organization.{field}"])


def test_the_front_desk_neither_reads_nor_writes_them(as_role):
    desk = as_role("registrar")

    assert desk.get(URL).status_code == 403
    assert desk.patch(URL, {"version": 1, "organization": {"name": "X"}}).status_code == 403


def test_the_auditor_reads_and_does_not_write(as_role):
    auditor = as_role("readonly")

    assert auditor.get(URL).status_code == 200
    assert auditor.patch(URL, {"version": 1}).status_code == 403


def test_another_clinic_has_settings_of_its_own(as_role, rival):
    as_role("owner", clinic=rival).patch(
        URL, {"version": 1, "preferences": {"quiet_hours_start": 20}}
    )

    assert as_role("owner").get(URL).json()["preferences"]["quiet_hours_start"]["value"] == 22
    assert "CANARY" not in as_role("owner").get(URL).content.decode()


def test_a_stale_change_is_refused(as_role):
    owner = as_role("owner")
    owner.patch(URL, {"version": 1, "organization": {"bank": "Halyk"}})

    r = owner.patch(URL, {"version": 1, "organization": {"bank": "Kaspi"}})

    assert (r.status_code, r.json()["code"]) == (409, "stale")
    assert r.json()["details"]["changed"] == ["bank"]
    assert owner.get(URL).json()["organization"]["bank"] == "Halyk"


def test_nothing_else_is_writable(as_role):
    for body in ({"version": 1, "id": "x"}, {"version": 1, "organization": {"is_active": False}}):
        assert as_role("owner").patch(URL, body).status_code == 400


def test_the_nearest_level_wins(as_role, clinic):
    owner = as_role("owner")
    branch = f"/api/v1/org/branches/{clinic.branch.pk}/settings"

    owner.patch(URL, {"version": 1, "preferences": {"quiet_hours_start": 21}})
    r = owner.patch(branch, {"version": 1, "preferences": {"quiet_hours_start": 20}})
    assert r.json()["preferences"]["quiet_hours_start"]["level"] == "branch"

    with tenant(clinic.pk):
        assert preferences.get("quiet_hours_start") == 21
        assert preferences.get("quiet_hours_start", branch=clinic.branch) == 20
        assert preferences.get("quiet_hours_start", branch=clinic.other_branch) == 21
        assert preferences.get("quiet_hours_end", branch=clinic.branch) == 8

    r = owner.patch(branch, {"version": 2, "preferences": {"quiet_hours_start": None}})
    shown = r.json()["preferences"]["quiet_hours_start"]
    assert (shown["value"], shown["level"]) == (21, "organization")


def test_a_person_has_preferences_of_his_own(as_role, clinic):
    desk = as_role("registrar")

    r = desk.patch(OWN, {"preferences": {"calendar_step_minutes": 5}})

    shown = r.json()["preferences"]["calendar_step_minutes"]
    assert (shown["value"], shown["level"], shown["type"]) == (5, "user", "choice")
    assert (shown["choices"], shown["levels"]) == (
        [5, 10, 15, 20, 30],
        ["branch", "organization", "user"],
    )
    assert as_role("cashier").get(OWN).json()["preferences"]["calendar_step_minutes"]["value"] == 15


def test_the_nearest_level_counts_for_a_person_in_a_branch(as_role, clinic, rival):
    desk, here = as_role("registrar", branch=clinic.branch), {"branch": str(clinic.branch.pk)}

    def step(**query):
        return desk.get(OWN, query).json()["preferences"]["calendar_step_minutes"]["value"]

    with tenant(clinic.pk):
        preferences.put({"calendar_step_minutes": 10}, branch=clinic.branch)
        preferences.put({"calendar_step_minutes": 20})
    assert (step(**here), step()) == (10, 20)
    desk.patch(OWN, {"preferences": {"calendar_step_minutes": 30}})
    assert (step(**here), step()) == (30, 30)
    for branch in (clinic.other_branch, rival.branch):
        r = desk.get(OWN, {"branch": str(branch.pk)})
        assert (r.status_code, list(r.json()["fields"])) == (400, ["branch"])


@pytest.mark.parametrize(
    ("key", "bad"),
    [
        ("quiet_hours_start", 24),
        ("quiet_hours_start", "night"),
        ("sms_provider", "unknown"),
        ("sms_price_per_sms", "-1"),
        ("no_such_key", 1),
    ],
)
def test_a_bad_preference_is_refused_by_its_key(as_role, key, bad):
    r = as_role("owner").patch(URL, {"version": 1, "preferences": {key: bad}})

    assert (r.status_code, list(r.json()["fields"])) == (400, [f"preferences.{key}"])


def test_a_branch_cannot_set_what_belongs_to_the_organisation(as_role, clinic):
    url = f"/api/v1/org/branches/{clinic.branch.pk}/settings"

    r = as_role("owner").patch(url, {"version": 1, "preferences": {"sms_provider": "mock"}})

    assert r.status_code == 400


def test_a_branch_manager_sets_his_branch_only(as_role, clinic, rival):
    manager = as_role("branch_admin", branch=clinic.branch)
    body = {"version": 1, "preferences": {"quiet_hours_end": 9}}

    assert (
        manager.patch(f"/api/v1/org/branches/{clinic.branch.pk}/settings", body).status_code == 200
    )
    assert manager.get(f"/api/v1/org/branches/{clinic.other_branch.pk}/settings").status_code == 404
    assert (
        manager.patch(f"/api/v1/org/branches/{clinic.other_branch.pk}/settings", body).status_code
        == 404
    )
    assert (
        manager.patch(f"/api/v1/org/branches/{rival.branch.pk}/settings", body).status_code == 404
    )
    doctor = as_role("doctor")
    assert (
        doctor.patch(f"/api/v1/org/branches/{clinic.branch.pk}/settings", body).status_code == 403
    )


def test_a_change_is_journalled_without_its_values(as_role, clinic):
    as_role("owner").patch(URL, {"version": 1, "organization": {"director": "Ким О."}})

    with tenant(clinic.pk):
        entry = JournalEntry.objects.get(event="settings_changed")
    assert entry.data == {"version": 2, "changed": ["director"]}


def test_settings_cost_few_queries(as_role, django_assert_num_queries):
    owner = as_role("owner")
    with django_assert_num_queries(7):
        owner.get(URL)


def _bin() -> str:
    from apps.core.kz.iin import check_digit

    for serial in range(100, 200):
        first = f"10074000{serial}"
        if (last := check_digit(first)) is not None:
            return f"{first}{last}"
    raise AssertionError
