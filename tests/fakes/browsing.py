"""A person's browser, without a window: keeps cookies, opens our pages, fills in their forms."""

import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx

from tests.fakes.server import Json, RunningServer, web_client

ORIGIN = "http://images.test"
"""Of our own pages: the tests' `ANYPEOPLE_PUBLIC_URL`."""
ADA = "ada@example.com"
PASSWORD = "correct horse battery"
PROOF = re.compile(r'<main>.*?name="csrf" value="([0-9a-f]+)"', re.DOTALL)
"""Of the page itself, not of the question about cookies around it."""


@asynccontextmanager
async def browsing(server: RunningServer) -> AsyncGenerator[httpx.AsyncClient, None]:
    """Open a browser without any cookie."""
    async with web_client(server.address) as browser:
        yield browser


async def send_form(
    browser: httpx.AsyncClient,
    at: str,
    fields: dict[str, str],
    params: Any = None,
    to: str | None = None,
    origin: str = ORIGIN,
) -> httpx.Response:
    """Open a page of `origin`, fill in a form of it and send it to that page or to another path."""
    page = await browser.get(at, params=params)
    found = PROOF.search(page.text)
    assert found, page.text
    filled = {"csrf": found[1], **fields}
    return await browser.post(to or at, params=params, data=filled, headers={"origin": origin})


async def sign_in(
    browser: httpx.AsyncClient, email: str = ADA, password: str = PASSWORD, to: str = "/account"
) -> httpx.Response:
    """Sign in on the page, with a password; where a second factor is set up, that is asked for next."""
    return await send_form(browser, "/account/sign-in", {"email": email, "password": password}, {"next": to})


async def asking(
    browser: httpx.AsyncClient, query: str, variables: Json | None = None, origin: str | None = ORIGIN, **headers: str
) -> httpx.Response:
    """Call the API as a page of an origin does: with the cookies that there are."""
    sent = {"origin": origin, **headers} if origin else headers
    return await browser.post("/graphql", json={"query": query, "variables": variables}, headers=sent)


async def let_in(
    browser: httpx.AsyncClient, asked: dict[str, str], decision: str = "allow", email: str = ADA, **form: str
) -> httpx.Response:
    """Answer an app's question as a person does: sign in where that is asked for, then allow or deny.

    Return the redirect to the app, or the page that refused. `form` is sent beside what the page's own form has.
    """
    page = await browser.get("/oauth/authorize", params=asked)
    if page.status_code == 303 and page.headers["location"].startswith("/account/sign-in?"):
        next = parse_qs(urlsplit(page.headers["location"]).query)["next"][0]
        opened = await sign_in(browser, email, to=next)
        assert opened.headers.get("location") == next, opened.text
    return await send_form(browser, "/oauth/authorize", {"decision": decision, **form}, asked)


async def visit(address: str, email: str = ADA, password: str = PASSWORD) -> httpx.Response:
    """Open what an app asks for, sign in, allow it, and go back. The server is where it says that it is."""
    target = urlsplit(address)
    origin, asked = f"{target.scheme}://{target.netloc}", dict(parse_qsl(target.query))
    async with web_client(origin) as browser:
        to_sign_in = (await browser.get(address)).headers["location"]
        await send_form(browser, to_sign_in, {"email": email, "password": password}, origin=origin)
        back = await send_form(browser, target.path, {"decision": "allow"}, asked, origin=origin)
        assert back.status_code == 303, back.text
        return await browser.get(back.headers["location"])
