"""What opens an account: linked only by whoever signs in to it, and never the last one removed."""

import asyncio

from app.accounts.identities import link
from app.accounts.providers import Proven, Provider
from app.core.db import execute, fetch
from app.core.ports import ProvenIdentity
from app.core.viewer import Role, Viewer
from tests.fakes.browsing import ADA, ORIGIN, asking, send_form, sign_in
from tests.fakes.mail import FakeMailer
from tests.fakes.openid import FakeOpenID
from tests.fakes.server import RunningServer
from tests.fakes.visiting import Visitor

UNLINK = """mutation ($id: ID!) { unlinkIdentity(input: {id: $id}) { unlinkedId errors { code message } } }"""


async def test_an_account_is_linked_only_by_whoever_signs_in_to_it_and_says_so(
    server: RunningServer, visitor: Visitor, mailer: FakeMailer
) -> None:
    await server.sign_up()
    came = await visitor.visit("google", to="/graphiql")
    at = came.headers["location"]
    assert at == "/account/with/google/link"
    explained = await visitor.browser.get(at)
    assert "Sign in the way that" in explained.text
    assert '<form method="post">' not in explained.text
    assert "Sign in the way that" in (await visitor.browser.post(at, headers={"origin": ORIGIN})).text
    assert await fetch("SELECT id FROM identities") == []

    await sign_in(visitor.browser, to=at)
    assert await fetch("SELECT id FROM identities") == []  # not without asking
    forged = await visitor.browser.post(at, data={"csrf": "x"}, headers={"origin": ORIGIN})
    assert forged.status_code == 422
    linked = await send_form(visitor.browser, at, {})

    assert linked.headers["location"] == "/graphiql"
    assert [row["provider"] for row in await fetch("SELECT provider FROM identities")] == ["GOOGLE"]
    await server.queue.settle()
    assert mailer.to(ADA)[-1].subject == "Another way in to your account"
    visitor.browser.cookies.clear()
    assert (await visitor.visit("google")).headers["location"] == "/account"


async def test_whoever_signs_in_next_to_another_account_does_not_get_the_link(
    server: RunningServer, visitor: Visitor
) -> None:
    await server.sign_up()
    await server.sign_up("eve")
    at = (await visitor.visit("google")).headers["location"]
    await sign_in(visitor.browser, "eve@example.com", to=at)

    refused = await send_form(visitor.browser, at, {})

    assert refused.status_code == 422
    assert "another address" in refused.text
    assert await fetch("SELECT id FROM identities") == []


async def test_who_claims_an_address_without_confirming_it_gets_nothing_by_it(
    server: RunningServer, visitor: Visitor
) -> None:
    token = await server.sign_up()
    await execute("UPDATE users SET confirmed_email = NULL")

    await visitor.join()

    found = await visitor.viewer()
    assert found is not None
    claimed = (await server.data("{ viewer { id emailConfirmed } }", None, token))["viewer"]
    assert claimed["id"] != found["id"]
    assert not claimed["emailConfirmed"]
    assert len(await fetch("SELECT id FROM users WHERE confirmed_email = $1", ADA)) == 1


async def test_linking_from_the_account_takes_a_fresh_proof_and_may_be_another_address(
    server: RunningServer, visitor: Visitor, openid: FakeOpenID
) -> None:
    openid.person["email"] = "ada@elsewhere.example"
    await server.sign_up()
    await sign_in(visitor.browser)
    assert "Link Google" in (await visitor.browser.get("/account")).text
    await execute("UPDATE sessions SET authenticated_at = now() - interval '1 hour'")
    stale = await visitor.press("google", "link", at="/account")
    assert stale.headers["location"].startswith("/account/prove?next=")
    await execute("UPDATE sessions SET authenticated_at = now()")

    done = await visitor.visit("google", "link", at="/account")

    assert done.headers["location"] == "/account"
    page = (await visitor.browser.get("/account")).text
    assert "Unlink: Google" in page
    assert "Link Google" not in page
    assert "Link GitHub" in page
    openid.person |= {"sub": "another", "email_verified": True}
    second = await visitor.visit("google", "link", at="/account")
    assert "unlink that one first" in second.text
    openid.person["email_verified"] = False
    assert "verify it there" in (await visitor.visit("google", "link", at="/account")).text


async def test_an_account_elsewhere_opens_one_account_only(server: RunningServer, visitor: Visitor) -> None:
    await visitor.join()
    visitor.browser.cookies.clear()
    await server.sign_up("eve")
    await sign_in(visitor.browser, "eve@example.com")

    refused = await visitor.visit("google", "link", at="/account")

    assert "opens another account" in refused.text
    assert len(await fetch("SELECT id FROM identities")) == 1


async def test_two_links_and_two_joins_in_the_same_moment_make_one(server: RunningServer, visitor: Visitor) -> None:
    tokens = [await server.sign_up(name) for name in ("eve", "bob")]
    rows = await fetch("SELECT user_id, id FROM sessions ORDER BY id")
    assert len(rows) == len(tokens)
    proven = Proven(Provider.GITHUB, ProvenIdentity("42", "x@example.com", "X", None, None))
    made = await asyncio.gather(
        *(link(Viewer(row["user_id"], row["id"], Role.USER), proven) for row in rows), return_exceptions=True
    )
    assert sorted(type(each).__name__ for each in made) == ["IdentityTaken", "NoneType"]

    came = await visitor.visit("google")
    assert came.headers["location"].endswith("/join")
    answers = await asyncio.gather(*(visitor.send_join() for _ in range(3)))
    assert sorted(answer.status_code for answer in answers)[0] == 303
    assert len(await fetch("SELECT id FROM users WHERE confirmed_email = $1", ADA)) == 1
    assert len(await fetch("SELECT id FROM identities WHERE provider = 'GOOGLE'")) == 1


async def test_the_last_way_in_stays(server: RunningServer, visitor: Visitor, mailer: FakeMailer) -> None:
    await visitor.join()
    await visitor.visit("google", "prove", at="/account")
    found = await visitor.viewer()
    assert found is not None
    gone = {"id": found["identities"][0]["id"]}

    kept = (await asking(visitor.browser, UNLINK, gone)).json()["data"]["unlinkIdentity"]
    assert [error["code"] for error in kept["errors"]] == ["CONFLICT"]
    assert "set a password first" in kept["errors"][0]["message"]
    assert len(await fetch("SELECT id FROM identities")) == 1

    await server.data(f'mutation {{ requestPasswordReset(input: {{email: "{ADA}"}}) {{ mailed }} }}')
    await server.queue.settle()
    link = mailer.token(ADA)
    reset = "mutation ($i: ResetPasswordInput!) { resetPassword(input: $i) { changed errors { message } } }"
    answer = await server.data(reset, {"i": {"token": link, "password": "seven purple umbrellas"}})
    assert answer["resetPassword"]["changed"]
    await sign_in(visitor.browser, password="seven purple umbrellas")
    stranger = await server.sign_up("eve")
    assert (await server.data(UNLINK, gone, stranger))["unlinkIdentity"]["errors"][0]["code"] == "NOT_FOUND"
    done = (await asking(visitor.browser, UNLINK, gone)).json()["data"]["unlinkIdentity"]

    assert done == {"unlinkedId": gone["id"], "errors": []}
    await server.queue.settle()
    assert mailer.to(ADA)[-1].subject == "A way in to your account was removed"
    visitor.browser.cookies.clear()
    assert (await visitor.visit("google")).headers["location"].endswith("/link")


async def test_unlinking_on_the_page_takes_a_fresh_proof(server: RunningServer, visitor: Visitor) -> None:
    await server.sign_up()
    await sign_in(visitor.browser)
    await visitor.visit("github", "link", at="/account")
    [identity] = await fetch("SELECT id::text FROM identities")
    await execute("UPDATE sessions SET authenticated_at = now() - interval '1 hour'")
    fields = {"id": identity["id"]}

    stale = await send_form(visitor.browser, "/account", fields, to="/account/identities/unlink")
    assert stale.headers["location"].startswith("/account/prove")
    await execute("UPDATE sessions SET authenticated_at = now()")
    assert (
        await send_form(visitor.browser, "/account", {"id": "x"}, to="/account/identities/unlink")
    ).status_code == 422
    assert (await visitor.browser.post("/account/identities/unlink", data=fields)).status_code == 422
    done = await send_form(visitor.browser, "/account", fields, to="/account/identities/unlink")

    assert done.headers["location"] == "/account"
    assert await fetch("SELECT id FROM identities") == []
