"""What is a cookie of ours: also where hosts beside ours set cookies for the whole domain."""

import pytest

from app.core.config import Settings
from app.generation.engines.registry import Engines
from tests.fakes.browsing import ADA, PASSWORD, browsing
from tests.fakes.server import running_server
from workers.runner import Runner

HTTPS = "https://people.test"


@pytest.mark.usefixtures("database")
async def test_a_name_that_only_looks_like_ours_is_not_ours(
    environment: dict[str, str], engines: Engines, runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Browsers keep `__Host-` from hosts beside ours, letter by letter: a blank of another alphabet is no such name."""
    monkeypatch.setenv("ANYPEOPLE_PUBLIC_URL", HTTPS)
    async with running_server(Settings.load(), engines, runner) as server, browsing(server) as browser:
        await server.sign_up()
        page = await browser.get("/account/sign-in")
        form = page.headers.get_list("set-cookie")[0].partition(";")[0]
        proof = page.text.partition('name="csrf" value="')[2][:64]
        filled = {"csrf": proof, "email": ADA, "password": PASSWORD}
        headers = {"cookie": form, "origin": HTTPS}
        answer = await browser.post("/account/sign-in", data=filled, headers=headers)
        [own] = [each for each in answer.headers.get_list("set-cookie") if each.startswith("__Host-session=")]
        token = own.partition(";")[0].encode()
        query = {"query": "{ viewer { displayName } }"}
        seen = []
        for name in (token, b"a=b; " + token, b"\xa0" + token, b"a=b; \x85" + token, b"a=b;\t\xa0 " + token):
            asked: dict[bytes, bytes] = {b"cookie": name, b"origin": HTTPS.encode()}
            seen.append((await server.client.post("/graphql", json=query, headers=asked)).json()["data"]["viewer"])

    assert seen == [{"displayName": "Ada"}, {"displayName": "Ada"}, None, None, None]
