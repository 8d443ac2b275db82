"""Passwords."""

import pytest
from argon2 import PasswordHasher
from zxcvbn import zxcvbn

from app.accounts import passwords
from app.accounts.leaked_passwords import FILE, LENGTH, is_leaked
from app.accounts.passwords import MIN_SCORE, hash_password, verify_password
from app.core.db import fetch
from tests.conftest import LITTLE_MEMORY
from tests.fakes.people import POLICY_VERSION
from tests.fakes.server import RunningServer


async def test_a_password_is_hashed_as_rfc_9106_recommends() -> None:
    passwords.configure(passwords.MEMORY)
    try:
        encoded = await hash_password("correct horse battery")
    finally:
        passwords.configure(LITTLE_MEMORY)

    # $argon2id$v=…$m=…,t=…,p=…$salt$hash
    assert encoded.split("$")[1:4] == ["argon2id", "v=19", "m=65536,t=3,p=4"]
    assert not PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=4).check_needs_rehash(encoded)
    assert passwords.needs_rehash(encoded)
    assert await verify_password("correct horse battery", encoded)


async def test_only_the_right_password_of_an_existing_account_fits() -> None:
    encoded = await hash_password("correct horse battery")

    assert await verify_password("correct horse battery", encoded)
    assert not await verify_password("correct horse batterz", encoded)
    assert not await verify_password("nobody has this password", None)
    assert not await verify_password("correct horse battery", "not a hash")


@pytest.mark.parametrize("password", ["telechargement", "Medvezhonok", "coffeephrogg05", "ylol19740566"])
async def test_a_password_that_was_stolen_from_others_opens_no_account(server: RunningServer, password: str) -> None:
    assert zxcvbn(password)["score"] >= MIN_SCORE  # nothing but the list tells

    refused = await server.data(
        """mutation ($password: String!, $policy: String!) { signUp(input: {email: "ada@example.com",
             password: $password, displayName: "Ada", adult: true, policyVersion: $policy}) {
             token errors { message path } } }""",
        {"password": password, "policy": POLICY_VERSION},
    )

    [error] = refused["signUp"]["errors"]
    assert ("stolen" in error["message"], error["path"]) == (True, ["password"])
    assert refused["signUp"]["token"] is None
    assert await fetch("SELECT id FROM users") == []


def test_the_list_is_sorted_and_knows_its_ends_and_nothing_else() -> None:
    content = FILE.read_bytes()
    kept = [content[at : at + LENGTH] for at in range(0, len(content), LENGTH)]

    assert kept == sorted(set(kept))
    assert len(kept) > 70_000
    assert not any(map(is_leaked, ["", "correct horse battery", "x" * 300, "\udc80 broken", "a fine long sentence"]))
