"""The whole API fuzzed from its own description, through WSGI: no 5xx, and every refusal has the one shape.

Each example is a request that is meant seriously, with a few of its fields exchanged for invented ones, or one that is
invented altogether. By the database's rollback every example finds the same clinic, so a fault can be repeated.
"""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from config.tests.calls import fault, who
from config.wsgi import application
from testing.clinics import Clinic
from testing.operations import Request, description, operations, request_for
from testing.races import size
from testing.things import Things, one_of_everything

EXAMPLES = size(8, 200)
SETTINGS = settings(
    max_examples=EXAMPLES, derandomize=True, deadline=None, database=None,
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


def fuzz(operation: Any, client: Any, things: Things) -> tuple[int, dict[str, str]]:
    """How many examples were sent, and the faults that they found."""
    name = operation.definition.raw["operationId"]
    meant, sent, faults = request_for(operations()[name], things), 0, {}
    headers = {"Authorization": f"Bearer {client.token}", "Idempotency-Key": "fuzz"}

    @SETTINGS
    @given(st.one_of(*map(operation.as_strategy, KINDS)), st.data())
    def examples(case: Any, data: Any) -> None:
        nonlocal sent
        case = mixed(data.draw, case, meant)
        with transaction.atomic():
            answer = case.call(headers=headers)
            transaction.set_rollback(True)
        sent += 1
        if wrong := fault(answer):
            faults[f"{name} {case.as_curl_command()[:600]}"] = wrong

    examples()
    return sent, faults


@pytest.mark.usefixtures("one_connection")
def test_no_input_breaks_an_operation(clinic: Clinic) -> None:
    schema = schemathesis.openapi.from_dict(description())
    schema.app = application
    things, clients, tried, faults = one_of_everything(clinic), {}, 0, {}
    for found in schema.get_all_operations():
        operation = found.ok()
        role = who(operation.definition.raw["operationId"])
        client = clients.setdefault(role, clinic.client(role))
        sent, wrong = fuzz(operation, client, things)
        tried, faults = tried + sent, faults | wrong
    assert faults == {}
    assert tried >= len(operations())
