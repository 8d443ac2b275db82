"""Sealed secrets open for their owner, under their key, unchanged; and not otherwise."""

import pytest
from cryptography.exceptions import InvalidTag

from app.core.sealing import Sealer

KEY, OTHER_KEY = b"k" * 32, b"o" * 32


def test_a_secret_opens_for_its_owner() -> None:
    sealed = Sealer(KEY).seal(b"secret", b"ada")

    assert Sealer(KEY).open(sealed, b"ada") == b"secret"
    assert b"secret" not in sealed
    assert Sealer(KEY).seal(b"secret", b"ada") != sealed


@pytest.mark.parametrize(
    ("key", "owner", "flipped"), [(OTHER_KEY, b"ada", 0), (KEY, b"eve", 0), (KEY, b"ada", 1)], ids=str
)
def test_nothing_else_opens_it(key: bytes, owner: bytes, flipped: int) -> None:
    sealed = bytearray(Sealer(KEY).seal(b"secret", b"ada"))
    sealed[-1] ^= flipped

    with pytest.raises(InvalidTag):
        Sealer(key).open(bytes(sealed), owner)
