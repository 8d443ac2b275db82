"""A person's browser that signs in with others: presses our buttons, goes to the provider, comes back."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from app.core.db import fetch
from tests.fakes.browsing import ORIGIN, PROOF, asking, send_form
from tests.fakes.github import FakeGitHub
from tests.fakes.openid import FakeOpenID
from tests.fakes.server import Json, RunningServer, web_client

SIGN_IN = "/account/sign-in"
ENROL = "mutation { enrolTotp(input: {}) { secret errors { code ... on StepUpRequired { methods } } } }"
"""Asks for a fresh proof."""
VIEWER = "{ viewer { id displayName email emailConfirmed avatarUrl identities { id provider lastUsedAt } } }"


@dataclass(frozen=True, slots=True)
class Visitor:
    """One person in front of one browser."""

    server: RunningServer
    browser: httpx.AsyncClient

    async def press(
        self, provider: str, purpose: str = "sign-in", to: str = "/account", at: str = SIGN_IN
    ) -> httpx.Response:
        """Press a provider's button."""
        fields = {"next": to, "purpose": purpose}
        return await send_form(self.browser, at, fields, to=f"/account/with/{provider}")

    async def answer_of(self, left: httpx.Response) -> str:
        """Go where a button led, and return where the provider sends the browser back to: a path of ours."""
        assert left.status_code == 303, left.text
        async with web_client() as elsewhere:
            back = await elsewhere.get(left.headers["location"])
        assert back.is_redirect, back.text
        assert back.headers["location"].startswith(ORIGIN)
        parts = urlsplit(back.headers["location"])
        return f"{parts.path}?{parts.query}"

    async def visit(
        self, provider: str, purpose: str = "sign-in", to: str = "/account", at: str = SIGN_IN
    ) -> httpx.Response:
        """Press the button, go there, come back."""
        return await self.browser.get(await self.answer_of(await self.press(provider, purpose, to, at)))

    async def join(self, provider: str = "google", **changes: str) -> httpx.Response:
        """Come as a stranger, and make an account."""
        came = await self.visit(provider)
        assert came.headers["location"] == f"/account/with/{provider}/join", came.text
        return await self.send_join(provider, **changes)

    async def send_join(self, provider: str = "google", **changes: str) -> httpx.Response:
        """Fill in the form that makes an account, and send it."""
        at = f"/account/with/{provider}/join"
        page = await self.browser.get(at)
        own = page.text.partition("<main>")[2].partition("</main>")[0]
        found = dict(re.findall(r'name="(\w+)" [^>]*?value="([^"]*)"', own))
        filled = {**found, "adult": "yes", **changes}
        return await self.browser.post(at, data=filled, headers={"origin": ORIGIN})

    async def viewer(self) -> Json | None:
        """Return who is signed in in this browser."""
        found: Json | None = (await asking(self.browser, VIEWER)).json()["data"]["viewer"]
        return found

    async def proof_at(self, path: str) -> str:
        """Return what a form of a page carries."""
        found = PROOF.search((await self.browser.get(path)).text)
        assert found
        return str(found[1])


def surroundings(openid: FakeOpenID, github: FakeGitHub) -> dict[str, str]:
    """Return the settings of a service that offers both."""
    return {
        "ANYPEOPLE_GOOGLE_CLIENT_ID": "an-app",
        "ANYPEOPLE_GOOGLE_CLIENT_SECRET": "a secret of the app",
        "ANYPEOPLE_GOOGLE_ISSUER": openid.address,
        "ANYPEOPLE_GITHUB_CLIENT_ID": "an-app",
        "ANYPEOPLE_GITHUB_CLIENT_SECRET": "a secret of the app",
        "ANYPEOPLE_GITHUB_URL": github.address,
        "ANYPEOPLE_GITHUB_API_URL": github.address,
    }


async def nothing_came_to_be() -> bool:
    """Return whether there is no account, no session, no link."""
    return [await fetch(f"SELECT id FROM {table}") for table in ("users", "sessions", "identities")] == [[], [], []]
