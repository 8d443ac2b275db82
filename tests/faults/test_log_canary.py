"""Canaries in everything that is personal or secret: the main job runs at DEBUG, and no line holds one."""

import json
import logging
import re
from collections.abc import Generator
from contextlib import aclosing, contextmanager

import pytest
import structlog

from app.core.db import execute, fetch
from app.core.log import configure
from tests.accounts.test_addresses import CHANGE
from tests.accounts.test_second_factors import App, complete, enrol
from tests.fakes.logs import logging_restored
from tests.fakes.mail import FakeMailer
from tests.fakes.people import POLICY_VERSION
from tests.fakes.server import FOLLOW, SIGN_UP, RunningServer, receive, send

EMAIL = "canary-email@example.com"
PASSWORD = "canary-password-hunter2"
NAME = "Canary Displayname"
PROMPT = "a person with canary-prompt eyes"
NEGATIVE = "canary-negative"
QUERY = "canaryfield"
BUG = "secret in its text"
KEY = "canary-key-0123456789"
CANARIES = (EMAIL, "canary-email", PASSWORD, NAME, "canary-prompt", NEGATIVE, QUERY, BUG, KEY, "127.0.0.1", "Bearer")

SIGN_IN = "mutation ($input: SignInInput!) { signIn(input: $input) { token errors { message } } }"
OTHER = f"other.{EMAIL}"
BEGIN = "mutation ($input: SignInInput!) { signIn(input: $input) { challenge } }"
MAKE_KEY = """mutation ($name: String!) {
  createApiKey(input: {name: $name, scopes: [PROFILE], idempotencyKey: "k"}) { secret } }"""
CREATE = """mutation ($input: CreateGenerationInput!) { createGeneration(input: $input) {
  generation { id } errors { message } } }"""
IMAGES = """query ($id: ID!) { node(id: $id) { ... on Generation { status images { url } failure { code } } } }"""


def found(output: str, canaries: tuple[str, ...]) -> list[str]:
    """Return the canaries that a line holds, whatever their case."""
    return [canary for canary in canaries if re.search(re.escape(canary), output, re.IGNORECASE)]


@contextmanager
def logged(capsys: pytest.CaptureFixture[str]) -> Generator[list[str], None, None]:
    """Log everything as JSON; the list holds the lines once the block has ended."""
    lines: list[str] = []
    with logging_restored():
        configure("DEBUG", as_json=True)
        capsys.readouterr()
        yield lines
        lines += "".join(capsys.readouterr()).splitlines()


async def sign_up_and_in(server: RunningServer) -> list[str]:
    account = {
        "email": EMAIL,
        "password": PASSWORD,
        "displayName": NAME,
        "adult": True,
        "policyVersion": POLICY_VERSION,
    }
    tokens = [(await server.data(SIGN_UP, {"input": account}))["signUp"]["token"]]
    await server.data(SIGN_UP, {"input": account})
    await server.queue.settle()
    await execute("UPDATE users SET confirmed_email = email WHERE id = (SELECT min(id::text)::uuid FROM users)")
    for password in (PASSWORD, PASSWORD + "wrong"):
        answer = await server.data(SIGN_IN, {"input": {"email": EMAIL.upper(), "password": password}})
        tokens.append(answer["signIn"]["token"])
    assert tokens.pop() is None
    assert len(set(tokens)) == 2
    return tokens


async def create(server: RunningServer, token: str, word: str, key: str) -> str:
    generation = {"prompt": f"{word} {PROMPT}", "negativePrompt": NEGATIVE, "width": 64, "height": 64}
    variables = {"input": {"generation": {**generation, "engine": "faulty"}, "idempotencyKey": key}}
    return str((await server.data(CREATE, variables, token))["createGeneration"]["generation"]["id"])


async def fetched(server: RunningServer, token: str, id: str) -> list[str]:
    """Fetch the pictures, and one by a changed link; return the signatures."""
    signatures = []
    for image in (await server.data(IMAGES, {"id": id}, token))["node"]["images"]:
        url = image["url"].replace("http://images.test", server.address)
        assert (await server.client.get(url)).status_code == 200
        assert (await server.client.get(url.replace("signature=", "signature=x"))).status_code == 403
        signatures.append(url.split("signature=")[1].split("&")[0])
    return signatures


async def make_pictures(server: RunningServer, token: str) -> list[str]:
    """A success that is watched, a failure, and a bug; return the signatures of the pictures."""
    made = await create(server, token, "smiling", KEY)
    events = await server.follow(token, made)
    assert events[-1]["generation"]["status"] == "SUCCEEDED"
    refused = await create(server, token, "refused", KEY + "1")
    await server.queue.settle()
    assert (await server.data(IMAGES, {"id": refused}, token))["node"]["failure"]["code"] == "CONTENT_REJECTED"
    await create(server, token, "bug", KEY + "2")
    await server.queue.settle()
    return await fetched(server, token, made)


async def send_nonsense(server: RunningServer, token: str) -> None:
    broken = f'{{ node(id: "{QUERY}") {{ {QUERY}'
    for query in (f"{{ {QUERY} }}", broken, f'query ($x: {QUERY}) {{ viewer(x: "{QUERY}") }}'):
        assert "errors" in await server.execute(query, token=token)
    wrong = {"input": {"generation": {"prompt": 7}, "idempotencyKey": KEY}}
    assert "errors" in await server.execute(CREATE, wrong, token)
    assert (await server.post("{ viewer { id } }", token=token + QUERY)).status_code == 401
    assert (await server.client.post("/graphql", content=QUERY)).status_code >= 400
    for path in (f"/{EMAIL}", f"/{EMAIL}/x", f"/graphql/{EMAIL}", f"/images/{EMAIL}/x.webp", "/%0Aforged"):
        assert (await server.client.get(path)).status_code == 404
    async with server.socket(token) as socket:
        assert (await receive(socket))["type"] == "connection_ack"
        await send(socket, {"id": "1", "type": "subscribe", "payload": {"query": FOLLOW, "variables": {"id": QUERY}}})
        assert (await receive(socket))["type"] in {"error", "next"}
        await send(socket, {"id": "2", "type": "subscribe", "payload": {"query": f"subscription {{ {QUERY} }}"}})
        await socket.send(QUERY)


async def keep_an_account(server: RunningServer, mailer: FakeMailer) -> list[str]:
    """Everything that is done to an account, also wrongly; return what was secret in it."""
    token = (await server.data(SIGN_IN, {"input": {"email": EMAIL, "password": PASSWORD}}))["signIn"]["token"]
    secrets = [(await server.data(MAKE_KEY, {"name": NAME}, token))["createApiKey"]["secret"]]
    app = App((await enrol(server, token))["secret"])
    secrets += (await enrol(server, token, app.code()))["recoveryCodes"]
    for code in (secrets[1] + "X", secrets[1]):
        opened = await server.data(BEGIN, {"input": {"email": EMAIL, "password": PASSWORD}})
        secrets.append(opened["signIn"]["challenge"])
        await complete(server, secrets[-1], code)
    await server.data(CHANGE, {"input": {"email": OTHER}}, token)
    secrets.append(await mailed(server, mailer))
    form = {"token": secrets[-1], "password": PASSWORD}
    assert (await server.client.get("/account/confirm", params=form)).status_code == 200
    assert (await server.client.post("/account/confirm", params=form, data=form)).status_code == 200
    await server.client.post("/account/forgot", data={"email": OTHER})
    secrets.append(await mailed(server, mailer))
    await execute("ALTER TABLE account_recoveries RENAME TO hidden")
    assert (await server.client.post("/account/recover", data={"token": secrets[-1]})).status_code == 500
    await execute("ALTER TABLE hidden RENAME TO account_recoveries")
    mailer.failures.append(OSError(f"no such mailbox: {OTHER}"))
    reset = {"token": secrets[-1], "password": PASSWORD + " again"}
    assert (await server.client.post("/account/reset", data=reset)).status_code == 200
    await server.queue.settle()
    return secrets


async def mailed(server: RunningServer, mailer: FakeMailer) -> str:
    await server.queue.settle()
    return mailer.token(OTHER)


async def test_no_line_holds_anything_of_an_account(
    server: RunningServer, mailer: FakeMailer, capsys: pytest.CaptureFixture[str]
) -> None:
    with logged(capsys) as lines:
        await sign_up_and_in(server)
        secrets = await keep_an_account(server, mailer)

    assert len(secrets) == 15
    assert all(len(secret) >= 19 for secret in secrets)
    assert [line for line in lines if found(line, (*CANARIES, *secrets))] == []
    jobs = "".join(str(row) for row in await fetch("SELECT payload, error FROM jobs"))
    assert "mail" in jobs
    assert found(jobs, (*CANARIES, *secrets)) == []


async def test_no_line_holds_anything_personal_or_secret(
    server: RunningServer, capsys: pytest.CaptureFixture[str]
) -> None:
    with logged(capsys) as lines:
        tokens = await sign_up_and_in(server)
        signatures = await make_pictures(server, tokens[0])
        await send_nonsense(server, tokens[0])
        async with aclosing(server.events(tokens[1], await create(server, tokens[1], "once", KEY + "3"))) as events:
            await anext(events)
        await server.queue.settle()

    assert len(signatures) == 1
    assert all(len(secret) > 20 for secret in [*tokens, *signatures])
    assert [line for line in lines if found(line, (*CANARIES, *tokens, *signatures))] == []
    events_seen = {json.loads(line)["event"] for line in lines}
    assert {"request", "job.done", "job.failed", "generation.failed"} <= events_seen
    assert any("KeyError" in line for line in lines)


def test_a_search_finds_what_is_planted(capsys: pytest.CaptureFixture[str]) -> None:
    with logged(capsys) as lines:
        structlog.get_logger().info("ours", address=EMAIL.upper())
        logging.getLogger("a.library").debug("theirs %s", PROMPT)
        structlog.get_logger().info("harmless")
    assert [found(line, CANARIES) for line in lines] == [[EMAIL, "canary-email"], ["canary-prompt"], []]
