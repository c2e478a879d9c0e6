"""Every operation × every role, and every id of another organisation, generated from the API's description."""

import pytest
from django.db import connection, transaction

from apps.core.permissions import MATRIX, STAFF
from config.tests.permissions import NEEDED
from testing.clinics import CANARY
from testing.operations import Inputs, operations, put, slots
from testing.things import one_of_everything

OPERATIONS = {operation.id: operation for operation in operations()}
CLOSED = {name: op for name, op in OPERATIONS.items() if NEEDED.get(name) != "public"}


@pytest.fixture
def ids(clinic):
    return one_of_everything(clinic)


@pytest.fixture
def their_ids(rival):
    return one_of_everything(rival)


def call(client, operation, inputs, *, path=None, query=None, body=None):
    """One request whose effects are forgotten."""
    headers = (
        {"HTTP_IDEMPOTENCY_KEY": f"matrix-{operation.id}"} if operation.method == "post" else {}
    )
    address = path or inputs.path(operation)
    query = inputs.query(operation) if query is None else query
    with transaction.atomic():
        if operation.method == "get":
            answer = client.get(address, query, **headers)
        else:
            body = inputs.body(operation) if body is None else body
            send = getattr(client, operation.method)
            answer = send(address, body, format="json", **headers)
        transaction.set_rollback(True)
    return answer


def test_every_operation_stands_in_the_table_and_nothing_else_does():
    assert set(OPERATIONS) == set(NEEDED)
    assert {code for code in NEEDED.values()} - {"public"} <= set(MATRIX)


@pytest.mark.parametrize("role", [str(role) for role in STAFF])
def test_a_role_is_let_in_exactly_where_the_matrix_says(role, clinic, ids):
    client, inputs = clinic.client(role), Inputs(ids)
    wrong = []
    for name, operation in CLOSED.items():
        answer = call(client, operation, inputs)
        allowed = role in MATRIX[NEEDED[name]]
        refused = answer.status_code == 403 and _text(answer).find('"permission_denied"') >= 0
        if refused == allowed or answer.status_code == 401 or answer.status_code >= 500:
            wrong.append((name, answer.status_code, _text(answer)[:160]))
    assert wrong == []


def test_nobody_is_let_in_without_logging_in(client, clinic, ids):
    inputs = Inputs(ids)
    answers = {name: call(client, op, inputs).status_code for name, op in CLOSED.items()}
    assert {name: status for name, status in answers.items() if status != 401} == {}


@pytest.mark.parametrize("role", ["owner", "registrar", "doctor"])
def test_an_id_of_another_organisation_is_like_one_that_never_existed(
    role, clinic, rival, ids, their_ids
):
    client, before, wrong = clinic.client(role), _hashes(rival), []
    ours, theirs, nobody = Inputs(ids), Inputs(their_ids), Inputs({})
    for name, operation in CLOSED.items():
        for what, strange, absent in _swaps(operation, ours, theirs, nobody):
            answers = [call(client, operation, ours, **inputs) for inputs in (strange, absent)]
            texts = [_neutral(_text(a), theirs.ids.values()) for a in answers]
            statuses = [a.status_code for a in answers]
            if statuses[0] != statuses[1] or CANARY in texts[0] or statuses[0] >= 500:
                wrong.append((name, what, statuses, texts[0][:200]))
            if operation.method != "get" and statuses[0] < 400:
                wrong.append((name, what, statuses, "was accepted"))
    assert wrong == []
    assert _hashes(rival) == before


@pytest.mark.parametrize("role", [str(role) for role in STAFF])
def test_nothing_of_another_organisation_appears_in_an_answer(role, clinic, rival, ids, their_ids):
    client, inputs = clinic.client(role), Inputs(ids)
    reads = [op for op in CLOSED.values() if op.method == "get"]
    leaked = [op.id for op in reads if CANARY in _text(call(client, op, inputs))]
    leaked += [
        op.id
        for op in reads
        if op.path_names() == []
        and CANARY in _text(call(client, op, inputs, query=_required(op, inputs)))
    ]
    assert leaked == []


def test_the_canary_would_be_seen(rival, their_ids):
    """The control of the test above: the rival's own people do see it."""
    client, inputs = rival.client("owner"), Inputs(their_ids)
    seen = {
        op.id for op in CLOSED.values()
        if op.method == "get" and CANARY in _text(call(client, op, inputs))
    }  # fmt: skip
    assert {
        "patients_list",
        "patients_retrieve",
        "appointments_day",
        "services_list",
        "visits_list",
    } <= seen


def _swaps(operation, ours, theirs, nobody):
    """One id at a time: in the path, in the query, in each place of the body."""
    if operation.path_names():
        yield "path", {"path": theirs.path(operation)}, {"path": nobody.path(operation)}
    query = ours.query(operation)
    for name in query:
        if name in theirs.ids:
            strange = query | {name: str(theirs.ids[name])}
            absent = query | {name: str(nobody.value(name, {"format": "uuid"}))}
            yield name, {"query": strange}, {"query": absent}
    if operation.body is None:
        return
    body, their_body = ours.body(operation), theirs.body(operation)
    for place in slots(body):
        their_value = their_body
        for step in place:
            their_value = their_value[step]
        absent = nobody.value("x", {"format": "uuid"})
        yield place, {"body": put(body, place, their_value)}, {"body": put(body, place, absent)}


def _required(operation, inputs):
    required = {p["name"] for p in operation.parameters if p["in"] == "query" and p.get("required")}
    return {name: value for name, value in inputs.query(operation).items() if name in required}


def _text(answer):
    return answer.content.decode()


def _neutral(text, ids):
    for one in ids:
        text = text.replace(str(one), "<id>")
    return text


def _hashes(clinic):
    """A hash of every tenant table's rows of that organisation."""
    from django.apps import apps

    from apps.core.tenancy import TenantModel, tenant

    hashes = {}
    with tenant(clinic.pk), connection.cursor() as cursor:
        for model in apps.get_models():
            if issubclass(model, TenantModel):
                table = model._meta.db_table
                cursor.execute(
                    f"SELECT md5(string_agg(t::text, ',' ORDER BY t::text)) FROM \"{table}\" t"
                )
                hashes[table] = cursor.fetchone()[0]
    return hashes
