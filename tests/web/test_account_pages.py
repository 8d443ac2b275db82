"""The pages that links in mails lead to, and the mailbox of development."""

import re

import httpx
import pytest

from app.core.config import Settings
from app.core.db import fetch
from app.core.ports import Letter
from app.integrations.mailbox import Mailbox
from tests.accounts.test_accounts import PASSWORD, join, sign_in, sign_up
from tests.accounts.test_lost_factors import running
from tests.accounts.test_second_factors import protected
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
    # The proof of the form about cookies, and nothing else.
    assert [each.partition("=")[0] for each in answer.headers.get_list("set-cookie")] == ["browser"]


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
    rows = await fetch(
        """SELECT d.content FROM audit_entries e JOIN audit_details d ON d.entry_id = e.id
           WHERE e.action = 'EMAIL_CONFIRMED'"""
    )
    assert ["127.0.0.0/24" in row["content"] for row in rows] == [True]


async def test_a_forgotten_password_is_changed_on_a_page(server: RunningServer, mailer: FakeMailer) -> None:
    await join(server)
    await server.data(f'mutation {{ requestPasswordReset(input: {{email: "{ADA}"}}) {{ mailed }} }}')
    await server.queue.settle()
    token = mailer.token(ADA)

    weak = await server.client.post("/account/reset", data={"token": token, "password": "password123"})
    assert weak.status_code == 422
    assert "easy to guess" in weak.text
    assert 'href="/account/forgot"' in weak.text
    done = await server.client.post("/account/reset", data={"token": token, "password": "seven purple umbrellas"})
    assert done.status_code == 200
    assert (await sign_in(server, password="seven purple umbrellas"))["errors"] == []


@pytest.mark.parametrize("path", ["/account/confirm", "/account/reset", "/account/recover", "/account/keep"])
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


async def test_a_person_with_nothing_but_the_mailbox_is_led_through_the_pages(
    server: RunningServer, mailer: FakeMailer
) -> None:
    session, _, _ = await protected(server)
    asked = await server.client.post("/account/forgot", data={"email": ADA})
    check(asked)
    await server.queue.settle()
    token = mailer.token(ADA)
    reset = await server.client.get("/account/reset", params={"token": token})
    assert f"/account/recover?token={token}" in reset.text

    opened = await server.client.get("/account/recover", params={"token": token})
    check(opened)
    assert "password" not in re.findall(r'name="(\w+)"', opened.text)
    assert await running(server, session) is None
    started = await server.client.post("/account/recover", data={"token": token})
    assert started.status_code == 200
    await server.queue.settle()
    assert await running(server, session) is not None

    link = mailer.token(ADA)
    assert (await server.client.get("/account/keep", params={"token": link})).status_code == 200
    assert await running(server, session) is not None
    kept = await server.client.post("/account/keep", data={"token": link})
    assert "work as before" in kept.text
    assert await running(server, session) is None


async def test_who_lost_everything_is_told_what_to_do(server: RunningServer, settings: Settings) -> None:
    answer = await server.client.get("/account/forgot")

    check(answer)
    assert "72 hours" in answer.text
    assert f"mailto:{settings.mail.contact_email}" in answer.text


async def test_asking_on_the_page_does_not_tell_whether_an_address_is_known(
    server: RunningServer, mailer: FakeMailer
) -> None:
    await join(server)
    known = await server.client.post("/account/forgot", data={"email": ADA})
    unknown = await server.client.post("/account/forgot", data={"email": "nobody@example.com"})
    none = await server.client.post("/account/forgot", data={"email": "nobody"})

    assert (known.status_code, known.text) == (unknown.status_code, unknown.text)
    assert none.status_code == 422
    assert 'role="alert"' in none.text
