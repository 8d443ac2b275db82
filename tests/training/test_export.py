"""What a trainer is given: what may still be used, and a signature that any change breaks."""

import json

import pytest

from app.core.db import execute
from app.core.signing import Forged, Signer
from app.training.export import check, export
from app.training.sets import sealed
from tests.training.world import built, key_of, object_to_training, office, person_of, plant


async def test_only_what_may_still_be_used_is_handed_out_and_no_change_passes(database: str) -> None:
    await plant(4, 1)
    at = office()
    name = await built(at)
    await object_to_training(person_of(1))
    await execute("UPDATE users SET status = 'RESTRICTED' WHERE id = $1", person_of(2))  # and no mark says so yet

    lines = [line async for line in export(at, await sealed(name), batch=2)]

    assert [json.loads(line)["key"] for line in lines[:-1]] == [key_of(3), key_of(4)]
    assert {name for line in lines[:-1] for name in json.loads(line)} == {"byteSize", "key", "sha256"}
    found = check(at.signer.verifier, lines)
    assert (found.name, found.items) == (name, 2)
    for forged in (
        lines[1:],
        [*lines[:-1]],
        [lines[1], lines[0], lines[2]],
        [lines[0].replace(b"3", b"4"), *lines[1:]],
        [lines[0], *lines],
        [*lines[:-1], lines[-1].replace(b"e", b"f")],
        [b'{"signature": "' + (await sealed(name))["signature"].encode() + b'"}'],
        [b"x" * 5000],
        [],
    ):
        with pytest.raises(Forged):
            check(at.signer.verifier, forged)
    with pytest.raises(Forged):
        check(Signer(b"o" * 32).verifier, lines)
