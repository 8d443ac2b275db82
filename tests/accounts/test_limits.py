"""What may be tried only so often. Requests come through a proxy that names their network."""

from collections.abc import Awaitable, Callable

import pytest
from redis.asyncio import Redis

from app.core.budgets import LocalBudgets
from app.core.db import fetch
from app.core.errors import RateLimited
from app.core.limits import LIMITS, Doing, Limits, Per
from app.integrations.budgets import LIMIT_PREFIX
from tests.fakes.people import POLICY_VERSION
from tests.fakes.server import SIGN_UP, Json, RunningServer

ERRORS = "errors { __typename code ... on RateLimited { retryAfterSeconds } }"
SIGN_IN = f"mutation ($e: String!, $p: String!) {{ signIn(input: {{email: $e, password: $p}}) {{ token {ERRORS} }} }}"
RESET = f"mutation ($e: String!) {{ requestPasswordReset(input: {{email: $e}}) {{ mailed {ERRORS} }} }}"
AGAIN = f'mutation {{ reauthenticate(input: {{password: "a wrong password"}}) {{ reauthenticated {ERRORS} }} }}'
EVERYWHERE = "203.0.113.9"
ELSEWHERE = "198.51.100.9"


def amount(doing: Doing, per: Per) -> int:
    return next(limit.amount for limit in LIMITS[doing] if limit.per is per)


@pytest.fixture
def environment(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A service behind a proxy on this machine."""
    monkeypatch.setenv("ANYPEOPLE_TRUSTED_PROXIES", "127.0.0.0/8")
    monkeypatch.setenv("ANYPEOPLE_BUDGET_TIMEOUT", "10")  # a slow machine counts in Valkey all the same
    return environment


async def ask(
    server: RunningServer, query: str, variables: Json | None = None, token: str = "", address: str = EVERYWHERE
) -> Json:
    headers = {"x-forwarded-for": address} | ({"authorization": f"Bearer {token}"} if token else {})
    answer = await server.client.post("/graphql", json={"query": query, "variables": variables}, headers=headers)
    [payload] = answer.json()["data"].values()
    return dict(payload)


def refused(payload: Json) -> bool:
    errors = [error for error in payload["errors"] if error["__typename"] == "RateLimited"]
    assert all(error["code"] == "RATE_LIMITED" and error["retryAfterSeconds"] > 0 for error in errors)
    return bool(errors)


async def until_refused(attempt: Callable[[], Awaitable[Json]], at_least: int) -> None:
    """Try until it is refused, not before so many tries, and soon after: while they run, a slow machine earns some."""
    tried = 0
    while not refused(await attempt()):
        tried += 1
        assert tried < at_least + 10
    assert tried >= at_least


async def pass_time(valkey_url: str, seconds: int) -> None:
    """Have every bucket that many seconds fuller, as time does."""
    async with Redis.from_url(valkey_url) as client:
        async for key in client.scan_iter(LIMIT_PREFIX + "*"):
            await client.set(key, float(await client.get(key)) - seconds)


async def test_a_password_cannot_be_guessed_on(server: RunningServer, valkey_url: str) -> None:
    await server.sign_up("ada")
    guess = {"e": "Ada@Example.com", "p": "another horse battery"}
    await until_refused(lambda: ask(server, SIGN_IN, guess), amount(Doing.SIGN_IN, Per.TARGET))
    right = {"e": "ada@example.com", "p": "correct horse battery"}
    before = await fetch("SELECT count(*) AS count FROM sessions")

    await pass_time(valkey_url, -30)  # what was earned meanwhile
    assert refused(await ask(server, SIGN_IN, right))
    assert refused(await ask(server, SIGN_IN, right, address=ELSEWHERE))
    assert await fetch("SELECT count(*) AS count FROM sessions") == before
    await server.sign_up("eve")
    assert (await ask(server, SIGN_IN, {**right, "e": "eve@example.com"}))["errors"] == []
    await pass_time(valkey_url, 120)
    assert (await ask(server, SIGN_IN, right))["errors"] == []


async def test_an_address_gets_so_much_mail_whether_or_not_it_has_an_account(server: RunningServer) -> None:
    await server.sign_up("ada")
    answers = {}
    for email in ("ada@example.com", "nobody@example.com"):
        payloads = [await ask(server, RESET, {"e": email}) for _ in range(amount(Doing.ASK_FOR_RESET, Per.TARGET) + 1)]
        answers[email] = [(payload["mailed"], refused(payload)) for payload in payloads]

    assert answers["ada@example.com"] == answers["nobody@example.com"]
    assert answers["ada@example.com"] == [(True, False)] * 10 + [(False, True)]
    rows = await fetch("SELECT address, count(*) FROM mails WHERE kind <> 'CONFIRM_EMAIL' GROUP BY 1 ORDER BY 1")
    assert [tuple(row.values()) for row in rows] == [("ada@example.com", 10), ("nobody@example.com", 10)]


async def test_a_network_signs_up_only_so_many(server: RunningServer, valkey_url: str) -> None:
    account = {"password": "short", "displayName": "A", "adult": True, "policyVersion": POLICY_VERSION}
    query = SIGN_UP.replace("message path", "... on RateLimited { retryAfterSeconds }")

    async def sign_up(name: str, address: str = EVERYWHERE, **changes: str) -> Json:
        return await ask(server, query, {"input": {**account, "email": f"{name}@example.com", **changes}}, "", address)

    names = iter(range(100))
    await until_refused(lambda: sign_up(f"a{next(names)}"), amount(Doing.SIGN_UP, Per.NETWORK))
    good = {"password": "correct horse battery"}

    await pass_time(valkey_url, -30)  # what was earned meanwhile
    assert refused(await sign_up("ada", "203.0.113.200", **good))
    assert await fetch("SELECT id FROM users") == []
    assert (await sign_up("eve", ELSEWHERE, **good))["errors"] == []
    await pass_time(valkey_url, 120)
    assert (await sign_up("ada", **good))["errors"] == []


async def test_signing_up_and_changing_mail_an_address_only_so_often(server: RunningServer) -> None:
    """A stranger's mailbox is not filled, from however many networks and accounts."""
    account = {"password": "correct horse battery", "displayName": "A", "adult": True, "policyVersion": POLICY_VERSION}
    query = SIGN_UP.replace("message path", "... on RateLimited { retryAfterSeconds }")
    change = f"mutation ($e: String!) {{ changeEmail(input: {{email: $e}}) {{ mailed {ERRORS} }} }}"
    networks = iter(range(1, 100))

    async def sign_up() -> Json:
        return await ask(
            server, query, {"input": {**account, "email": "Ada@example.com"}}, "", f"10.0.{next(networks)}.1"
        )

    await until_refused(sign_up, amount(Doing.SIGN_UP, Per.TARGET))
    people = [await server.sign_up(name) for name in ("eve", "mallory")]
    changes = [
        refused(await ask(server, change, {"e": "bob@example.com"}, people[n % 2], f"10.0.{n}.1")) for n in range(12)
    ]
    assert changes[:10] == [False] * 10
    assert changes[10:] == [True] * 2


async def test_a_stolen_session_cannot_guess_the_password(server: RunningServer, valkey_url: str) -> None:
    ada, eve = await server.sign_up("ada"), await server.sign_up("eve")
    await until_refused(lambda: ask(server, AGAIN, token=ada), amount(Doing.REAUTHENTICATE, Per.VIEWER))

    await pass_time(valkey_url, -30)  # what was earned meanwhile
    assert refused(await ask(server, AGAIN, token=ada, address=ELSEWHERE))
    assert not refused(await ask(server, AGAIN, token=eve))


async def test_our_pages_count_the_same_tries(server: RunningServer) -> None:
    form = {"token": "a link", "password": "correct horse battery"}
    answers = [
        (await server.client.post("/account/confirm", data=form)).status_code
        for _ in range(amount(Doing.FOLLOW_LINK, Per.TARGET) + 1)
    ]
    assert answers == [422] * (len(answers) - 1) + [429]


async def test_no_address_and_no_network_is_in_valkey(server: RunningServer, valkey_url: str) -> None:
    await ask(server, SIGN_IN, {"e": "ada@example.com", "p": "another horse battery"})
    async with Redis.from_url(valkey_url) as client:
        keys = [key async for key in client.scan_iter(LIMIT_PREFIX + "*")]

    assert len(keys) == 2
    assert all(len(key) == len(LIMIT_PREFIX) + 64 for key in keys)


@pytest.mark.parametrize("doing", Doing)
async def test_every_limit_holds_and_time_opens_it_again(doing: Doing) -> None:
    now = 0.0
    limits = Limits(lambda size, rate: LocalBudgets(size, rate, lambda: now))
    for limit in LIMITS[doing]:
        who = {limit.per: "somebody"}
        for _ in range(limit.amount):
            await limits.check(doing, who)
            now += 1e-6  # no clock stands still; ten thousand roundings would show
        with pytest.raises(RateLimited) as caught:
            await limits.check(doing, who)
        await limits.check(doing, {limit.per: "somebody else"})
        now += caught.value.retry_after_seconds
        await limits.check(doing, who)


def test_everything_that_is_done_has_a_limit() -> None:
    assert set(LIMITS) == set(Doing)
