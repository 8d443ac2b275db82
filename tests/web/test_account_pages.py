"""The pages that links in mails lead to, and the mailbox of development."""

import re

import httpx
import pytest

from app.core.config import Settings
from app.core.db import fetch
from app.core.ports import Letter
from app.integrations.mailbox import Mailbox
from tests.accounts.test_accounts import PASSWORD, join, sign_in, sign_up
from tests.fakes.mail import FakeMailer
from tests.fakes.server import RunningServer

ADA = "ada@example.com"
FORM = {"content-type": "application/x-www-form-urlencoded"}


def check(answer: httpx.Response) -> None:
    """A page loads nothing from elsewhere, runs nothing, and no cache keeps it."""
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'self'" in policy
    assert "script-src" not in policy
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "set-cookie" not in answer.headers


async def test_opening_a_link_changes_nothing_and_the_form_confirms(server: RunningServer, mailer: FakeMailer) -> None:
    await sign_up(server)
    await server.queue.settle()
    token = mailer.token(ADA)

    opened = await server.client.get("/account/confirm", params={"token": token})
    check(opened)
    assert opened.status_code == 200
    assert token in opened.text
    assert await fetch("SELECT 1 FROM users WHERE confirmed_email IS NOT NULL") == []

    wrong = await server.client.post("/account/confirm", data={"token": token, "password": "another horse battery"})
    check(wrong)
    assert wrong.status_code == 422
    assert 'role="alert"' in wrong.text

    done = await server.client.post("/account/confirm", data={"token": token, "password": PASSWORD})
    assert done.status_code == 200
    assert "can sign in" in done.text
    assert (await sign_in(server))["errors"] == []


async def test_a_forgotten_password_is_changed_on_a_page(server: RunningServer, mailer: FakeMailer) -> None:
    await join(server)
    await server.data(f'mutation {{ requestPasswordReset(input: {{email: "{ADA}"}}) {{ mailed }} }}')
    await server.queue.settle()
    token = mailer.token(ADA)

    weak = await server.client.post("/account/reset", data={"token": token, "password": "password123"})
    assert weak.status_code == 422
    assert "easy to guess" in weak.text
    done = await server.client.post("/account/reset", data={"token": token, "password": "seven purple umbrellas"})
    assert done.status_code == 200
    assert (await sign_in(server, password="seven purple umbrellas"))["errors"] == []


@pytest.mark.parametrize("path", ["/account/confirm", "/account/reset"])
@pytest.mark.parametrize("content", ["", "token=%00&password=x", "token=" + "x" * 3000, "a&" * 50, "token=\xff"])
async def test_odd_forms_are_answered_with_a_page_or_400(server: RunningServer, path: str, content: str) -> None:
    answer = await server.client.post(path, content=content.encode("latin-1"), headers=FORM)

    assert answer.status_code in {400, 422}


async def test_what_a_link_brings_is_escaped(server: RunningServer) -> None:
    answer = await server.client.get("/account/confirm", params={"token": '"><script>alert(1)</script>'})

    assert "<script>" not in answer.text


async def test_the_mailbox_shows_what_would_have_been_sent(server: RunningServer, settings: Settings) -> None:
    folder = settings.stores.var / "mail"
    empty = await server.client.get("/dev/mail")
    assert "It is empty" in empty.text
    letter = Letter("01a20b03-cb52-745d-a1fd-7ee7c4fbf032", ADA, "<Hello>", "Go: http://x/?token=abc", "<p>Hi</p>")
    await Mailbox(folder, "AnyPeople <no-reply@people.test>").send(letter)

    listed = await server.client.get("/dev/mail")
    check(listed)
    [link] = re.findall(r"/dev/mail/[0-9a-f-]{36}", listed.text)
    shown = await server.client.get(link)

    assert "&lt;Hello&gt;" in listed.text
    assert 'href="http://x/?token=abc"' in shown.text
    assert (await server.client.get("/dev/mail/..%2f..%2fsecret")).status_code == 404
    assert (await server.client.get("/dev/mail/" + "a" * 36)).status_code == 404
