import pytest

from apps.visits.tests.world import World, build

URL = "/api/v1/visits"
pytestmark = pytest.mark.django_db


@pytest.fixture
def ours() -> World:
    return build()


@pytest.fixture
def theirs() -> World:
    return build("Чужая")


def test_the_front_desk_opens_a_visit_for_a_walk_in(ours):
    shown = ours.walk_in()

    assert (shown["status"], shown["total"]) == ("open", "0.00")
    assert shown["patient"]["name"] == "Оспанова Әсел"
    assert shown["diary"] is None  # the front desk does not read the record
