"""UUIDv7."""

import time
from uuid import RFC_4122

from app.core.ids import uuid7


def test_an_id_is_a_uuid_of_version_7() -> None:
    for made in (uuid7() for _ in range(1000)):
        assert made.version == 7
        assert made.variant == RFC_4122


def test_an_id_tells_the_millisecond_in_which_it_was_made() -> None:
    before = time.time_ns() // 1_000_000
    made = uuid7().int >> 80
    assert before <= made <= time.time_ns() // 1_000_000


def test_ids_sort_by_time_of_creation() -> None:
    ids = []
    for _ in range(20):
        ids.append(uuid7())
        moment = ids[-1].int >> 80
        while time.time_ns() // 1_000_000 <= moment:
            pass
    assert ids == sorted(ids)
    assert [str(made) for made in ids] == sorted(str(made) for made in ids)


def test_ids_of_one_millisecond_differ_and_sort_too() -> None:
    ids = [uuid7() for _ in range(20_000)]

    assert len(set(ids)) == 20_000
    assert ids == sorted(ids)
