"""Every operation × every id in it, exchanged for one of another organisation: like an id that never existed.

Two guards stand behind one another, the manager and the database's row security; the controls open them.
"""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection, models

from apps.core.models import User
from apps.core.tenancy import TenantManager, TenantModel, tenant
from config.tests.calls import said, send
from config.tests.role_matrix import NEEDED, may
from embedded.postgres import OWNER
from testing.clinics import CANARY, Clinic, build_clinic
from testing.operations import Operation, Path, Request, operations, request_for
from testing.things import Things, one_of_everything

CLOSED = [name for name, needed in NEEDED.items() if needed != "public"]
ACTORS = ("owner", "registrar", "doctor")
OTHERS = ("cashier", "warehouse", "marketer", "call_center")  # for what none of the three may do


def secrets_of(rival: Clinic, theirs: Things) -> set[str]:
    people = (rival.patient, rival.patient2, rival.doctor, rival.doctor2)
    return {CANARY, rival.iin, str(rival.pk), *(one.phone for one in people), *theirs.all_ids}


def actors_of(operation: Operation) -> list[str]:
    """A read is asked by three people, who see differently far; a change is tried by one who may make it."""
    able = [role for role in (*ACTORS, *OTHERS) if may(operation.id, role)]
    return able[:1] if operation.changes else [role for role in able if role in ACTORS]


def exchanges(
    operation: Operation, ours: Things, theirs: Things
) -> Iterator[tuple[Path, Request, Request]]:
    """One place at a time: with the stranger's id there, and with an id that nobody has."""
    mine, other = request_for(operation, ours), request_for(operation, theirs)
    for place in mine.ids():
        yield place, mine.put(place, other.get(place)), mine.put(place, str(uuid4()))


def faults(clinic: Clinic, rival: Clinic, names: list[str]) -> tuple[int, dict[str, Any]]:
    """How many exchanges were tried, and the operations that told or did something."""
    ours, theirs = one_of_everything(clinic), one_of_everything(rival)
    secrets, tried, wrong = secrets_of(rival, theirs), 0, {}
    clients, before = {role: clinic.client(role) for role in (*ACTORS, *OTHERS)}, rows_of(rival)
    for name, operation in operations().items():
        if name not in names:
            continue
        for role in actors_of(operation):
            client = clients[role]
            for place, strange, absent in exchanges(operation, ours, theirs):
                tried += 1
                found, none = send(client, operation, strange), send(client, operation, absent)
                text = content(found, strange.get(place))
                if (
                    (found.status_code, text)
                    != (none.status_code, content(none, absent.get(place)))
                    or any(secret in text for secret in secrets)
                    or not is_refusal(found, place)
                ):
                    wrong[name] = (role, place, found.status_code, text[:300])
    changed = [table for table, rows in rows_of(rival).items() if rows != before[table]]
    return tried, wrong | ({"changed": changed} if changed else {})


def content(answer: Any, told: str) -> str:
    return str(answer.content.decode()).replace(told, "<id>")


def is_refusal(answer: Any, place: Path) -> bool:
    """Not found, a field error; a filter may also answer as for an id that never was."""
    return answer.status_code in (400, 404) or (place[0] == "query" and answer.status_code == 200)


def rows_of(clinic: Clinic) -> dict[str, Any]:
    """A hash of everything that an organisation has, table by table."""
    hashes: dict[str, Any] = {}
    with tenant(clinic.pk), connection.cursor() as cursor:
        for model in apps.get_models():
            table = model._meta.db_table
            if issubclass(model, TenantModel):
                where = "organization_id = %s"
            elif model is User:
                where = "id IN (SELECT user_id FROM core_membership WHERE organization_id = %s)"
            else:
                continue
            cursor.execute(
                f"SELECT md5(string_agg(t::text, ',' ORDER BY t::text)) FROM {table} t WHERE {where}",
                [clinic.pk],
            )
            hashes[table] = cursor.fetchone()[0]
    return hashes


def test_an_id_of_another_organisation_is_like_one_that_never_existed(
    clinic: Clinic, rival: Clinic
) -> None:
    tried, wrong = faults(clinic, rival, CLOSED)
    assert wrong == {}
    assert tried > 200


@pytest.mark.parametrize("role", ACTORS)
def test_nothing_of_another_organisation_stands_in_an_answer(
    role: str, clinic: Clinic, rival: Clinic
) -> None:
    ours, theirs = one_of_everything(clinic), one_of_everything(rival)
    secrets = secrets_of(rival, theirs)
    leaks = {
        name: text[:300]
        for name, text in everything_shown(clinic.client(role), ours).items()
        if any(secret in text for secret in secrets)
    }
    assert leaks == {}


def test_its_control_the_strangers_own_people_do_see_it(rival: Clinic) -> None:
    theirs = one_of_everything(rival)
    shown = everything_shown(rival.client("owner"), theirs)
    seen = {name for name, text in shown.items() if CANARY in text}
    assert len(seen) > 30
    assert {"patients_list", "appointments_day", "visits_list", "reports_debts"} <= seen
    assert {"appointments_day_sheet", "appointments_slip", "appointments_ics"} <= seen


def everything_shown(client: Any, things: Things) -> dict[str, str]:
    """Each read twice: narrowed by every filter that takes an id, and as wide as it can be asked."""
    found = {}
    for name in CLOSED:
        operation = operations()[name]
        if operation.method != "get":
            continue
        narrow = request_for(operation, things)
        needed = {p["name"] for p in operation.parameters if p.get("required")}
        wide = {key: value for key, value in narrow.query.items() if key in needed}
        for request in (narrow, Request(narrow.path, wide, None)):
            found[name] = found.get(name, "") + said(send(client, operation, request))
    return found


# --- controls: the same exchanges with a guard open


@pytest.fixture
def two(committed_db: str) -> tuple[Clinic, Clinic]:
    return build_clinic(), build_clinic(canary=True)


def open_manager(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TenantManager, "get_queryset", models.Manager.get_queryset)


def open_row_security(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the owner of the schema, whose policy lets every row through."""
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "USER", OWNER)


# They ask through the manager; a statement of `prepared` names the organisation itself.
SOME = [
    "patients_iin", "invoices_retrieve", "chairs_list", "branches_partial_update",
    "templates_partial_update",
]  # fmt: skip


@pytest.mark.parametrize("opened", [open_manager, open_row_security])
def test_either_guard_alone_keeps_the_stranger_unknown(
    opened: Any, two: tuple[Clinic, Clinic], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(monkeypatch)
    assert faults(*two, SOME)[1] == {}


def test_with_both_guards_open_the_exchanges_find_the_stranger(
    two: tuple[Clinic, Clinic], monkeypatch: pytest.MonkeyPatch
) -> None:
    open_manager(monkeypatch)
    open_row_security(monkeypatch)
    found = faults(*two, SOME)[1]
    assert set(SOME) <= set(found)
    assert {"org_branch", "comms_template"} <= set(found["changed"])
