"""Passwords."""

from argon2 import PasswordHasher

from app.accounts.passwords import NOBODY, hash_password, verify_password


async def test_an_unknown_address_costs_what_a_known_one_costs() -> None:
    encoded = await hash_password("correct horse battery")

    # The parameters are what the time depends on: $argon2id$v=…$m=…,t=…,p=…$salt$hash
    assert NOBODY.split("$")[1:4] == encoded.split("$")[1:4]
    assert encoded.startswith("$argon2id$")
    assert not PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=4).check_needs_rehash(NOBODY)


async def test_only_the_right_password_of_an_existing_account_fits() -> None:
    encoded = await hash_password("correct horse battery")

    assert await verify_password("correct horse battery", encoded)
    assert not await verify_password("correct horse batterz", encoded)
    assert not await verify_password("nobody has this password", None)
    assert not await verify_password("correct horse battery", "not a hash")
