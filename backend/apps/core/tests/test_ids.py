import time
from concurrent.futures import ThreadPoolExecutor

from apps.core.ids import uuid7


def test_ids_are_version_7_of_this_moment():
    before = time.time_ns() // 1_000_000
    one = uuid7()
    assert one.version == 7
    assert one.variant == "specified in RFC 4122"
    assert 0 <= (one.int >> 80) - before < 5_000


def test_ids_are_sorted_by_their_making_within_a_millisecond_too():
    made = [uuid7() for _ in range(5_000)]
    assert made == sorted(made)
    assert len({one.int >> 80 for one in made}) < len(made)  # several did share a millisecond


def test_threads_never_make_the_same_id():
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda _: uuid7(), range(20_000)))
    assert len(set(made)) == len(made)
