from apps.core.ids import uuid7


def test_ids_are_version_7_and_sorted_by_time():
    first, *rest = [uuid7() for _ in range(50)]
    assert first.version == 7
    assert first.variant == "specified in RFC 4122"
    assert len({first, *rest}) == 50
