"""Input that is made to cost much, or to be counted as another thing than it is."""

import time
from uuid import uuid4

import pytest

from app.accounts.errors import WeakPassword
from app.accounts.identity import known_form
from app.accounts.passwords import check_strength
from app.core.one_time import OneTimeTokens
from tests.accounts.test_accounts import join, sign_in
from tests.accounts.test_addresses import ADA
from tests.fakes.server import RunningServer

MEGABYTE = 1_000_000
SUBSTITUTES = "4@8({[<369!1|70$5+%2"


@pytest.mark.parametrize("letter", ["a", "a.", '"', "ä", "\u0130"])
def test_a_long_address_is_refused_before_it_is_read(letter: str) -> None:
    """The form of an address is looked at before any limit, on the loop that everybody shares."""
    began = time.thread_time()
    assert known_form(letter * (MEGABYTE // len(letter)) + "@example.com") == ""
    assert time.thread_time() - began < 0.2


@pytest.mark.parametrize("symbols", [SUBSTITUTES, "1!|7(4@3$5+0%2", "({[<1!|7+$5694@"])
async def test_no_password_takes_long_to_judge(symbols: str) -> None:
    """Each sign that stands for a letter multiplies what zxcvbn tries: these took 6 seconds each."""
    began = time.process_time()
    await check_strength((symbols * 6)[:72], ADA)
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    "password",
    ["Password123!", "1qaz2wsx3edc", "Spring2025!", "Autumn2022!", "!QAZ2wsx#EDC", "1qaz@WSX3edc", "anypeople2026"],
)
async def test_what_is_tried_first_is_refused(password: str) -> None:
    with pytest.raises(WeakPassword):
        await check_strength(password, ADA)


def test_a_link_has_one_spelling() -> None:
    """Tries are counted by the link: another spelling would be counted anew."""
    tokens, ticket = OneTimeTokens(b"k" * 32), uuid4()
    token = tokens.token(ticket)

    assert tokens.ticket(token) == ticket
    last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    others = [token[:9] + "!" + token[9:], token + "=", token + "\n", *(token[:-1] + each for each in last)]
    assert [tokens.ticket(other) for other in others if other != token] == [None] * (len(others) - 1)


async def test_who_says_nothing_of_a_device_does_not_pay_for_what_it_says(server: RunningServer) -> None:
    """Reading one header may take ten times as long as the rest of a request."""

    async def seconds(headers: list[str]) -> float:
        began = time.process_time()
        for header in headers:
            answer = await server.client.post(
                "/graphql", json={"query": "{ __typename }"}, headers={"user-agent": header}
            )
            assert answer.status_code == 200
        return time.process_time() - began

    await seconds(["warm"] * 10)
    assert await seconds([";" * 480 + str(n) for n in range(60)]) < 4 * await seconds(["browser"] * 60)


async def test_a_password_is_the_same_however_a_keyboard_composes_it(server: RunningServer) -> None:
    """A phone sends é as one character, a desktop as two (NIST SP 800-63B, 5.1.1.2, asks for one form)."""
    await join(server, password="crêpes and pélicans")
    assert (await sign_in(server, password="cre\u0302pes and pe\u0301licans"))["errors"] == []
    assert (await sign_in(server, password="crepes and pelicans"))["errors"] != []
