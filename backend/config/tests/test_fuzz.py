"""The whole API fuzzed from its own description, through WSGI: no 5xx, every refusal has the one shape, and every
good answer is as described.

Each example is a request that is meant seriously, with a few of its fields exchanged for invented ones, or one that is
invented altogether. By the database's rollback every example finds the same clinic, so a fault can be repeated.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.core.failures import FailureGroup

from apps.warehouse.api import Quantity
from config.tests.calls import fault, who
from config.wsgi import application
from testing.clinics import Clinic
from testing.operations import Request, description, operations, request_for
from testing.races import size
from testing.things import Things, one_of_everything

EXAMPLES = size(6, 200)
ALIKE = settings(
    derandomize=True, deadline=None, database=None,
    phases=[Phase.generate], suppress_health_check=list(HealthCheck),
)  # fmt: skip
KINDS = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


@pytest.fixture
def one_connection() -> Iterator[None]:
    """A real WSGI request begins by closing connections; ours holds the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def described() -> Any:
    schema = schemathesis.openapi.from_dict(description())
    schema.app = application
    return schema


def mixed(draw: Any, case: Any, meant: Request) -> Any:
    """Put the serious request into the invented one, all but a few fields."""
    if draw(st.integers(0, 3)) == 0:
        return case
    case.path_parameters = meant.path
    for told, serious in ((case.query, meant.query), (case.body, meant.body)):
        if isinstance(told, dict) and isinstance(serious, dict):
            names = sorted(told.keys() | serious.keys())
            invented = draw(st.sets(st.sampled_from(names), max_size=2)) if names else set()
            for name in set(names) - invented:
                told.pop(name, None)
                if name in serious:
                    told[name] = serious[name]
    return case


def undescribed(operation: Any, answer: Any) -> str:
    """How a good answer differs from its description."""
    if answer.status_code < 300:
        try:
            operation.validate_response(answer)
        except FailureGroup as group:
            return "; ".join(str(one) for one in group.exceptions)[:500]
    return ""


def fuzz(
    operation: Any, client: Any, things: Things, most: int = EXAMPLES
) -> tuple[int, dict[str, str]]:
    """How many examples were sent, and the faults that they found."""
    name = operation.definition.raw["operationId"]
    meant, sent, faults = request_for(operations()[name], things), 0, {}
    headers = {"Authorization": f"Bearer {client.token}", "Idempotency-Key": "fuzz"}

    @settings(ALIKE, max_examples=most)
    @given(st.one_of(*map(operation.as_strategy, KINDS)), st.data())
    def examples(case: Any, data: Any) -> None:
        nonlocal sent
        case = mixed(data.draw, case, meant)
        with transaction.atomic():
            answer = case.call(headers=headers)
            transaction.set_rollback(True)
        sent += 1
        if wrong := fault(answer) or undescribed(operation, answer):
            faults[f"{name} {case.as_curl_command()[:600]}"] = wrong

    examples()
    return sent, faults


@pytest.mark.usefixtures("one_connection")
def test_no_input_breaks_an_operation(clinic: Clinic) -> None:
    things, tried, faults = one_of_everything(clinic), 0, {}
    clients = {role: clinic.client(role) for role in {who(name) for name in operations()}}
    for found in described().get_all_operations():
        operation = found.ok()
        client = clients[who(operation.definition.raw["operationId"])]
        sent, wrong = fuzz(operation, client, things)
        tried, faults = tried + sent, faults | wrong
    assert not faults, "\n".join(f"{case}\n   {wrong}" for case, wrong in faults.items())
    assert tried >= len(operations())


@pytest.mark.usefixtures("one_connection")
def test_its_control_a_field_that_stumbles_is_found(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Quantity, "to_internal_value", lambda self, told: Decimal(told))
    operation = described()["/api/v1/warehouse/items"]["POST"]
    _sent, faults = fuzz(operation, clinic.client("warehouse"), one_of_everything(clinic), most=200)
    assert any(wrong.startswith("500") for wrong in faults.values())
