"""How fresh a session is that a provider opened, and fresh proofs by a provider."""

from app.core.db import execute
from tests.fakes.browsing import ORIGIN, asking, browsing, send_form, sign_in
from tests.fakes.mail import FakeMailer
from tests.fakes.openid import FakeOpenID
from tests.fakes.server import RunningServer
from tests.fakes.visiting import ENROL, Visitor


async def test_a_session_by_a_provider_is_as_fresh_as_the_provider_says(visitor: Visitor, openid: FakeOpenID) -> None:
    await visitor.join()
    asked = (await asking(visitor.browser, ENROL)).json()["data"]["enrolTotp"]
    assert asked["errors"] == [{"code": "STEP_UP_REQUIRED", "methods": ["GOOGLE"]}]

    done = await visitor.visit("google", "prove", "/graphiql", at="/account")

    assert done.headers["location"] == "/graphiql"
    assert openid.questions[-1]["max_age"] == "0"
    assert (await asking(visitor.browser, ENROL)).json()["data"]["enrolTotp"]["errors"] == []


async def test_a_proof_is_refused_where_it_is_old_or_somebody_elses(visitor: Visitor, openid: FakeOpenID) -> None:
    await visitor.join()
    openid.spoil = lambda claims: claims.update(auth_time=1_000_000_000)
    assert "an old one" in (await visitor.visit("google", "prove", at="/account")).text
    openid.spoil = lambda _: None
    openid.person["sub"] = "eve"
    assert "not the account" in (await visitor.visit("google", "prove", at="/account")).text
    openid.person["sub"] = "google-ada"
    back = await visitor.answer_of(await visitor.press("google", "prove", at="/account"))
    await execute("UPDATE sessions SET id = gen_random_uuid()")
    assert "not signed in as before" in (await visitor.browser.get(back)).text
    asked = (await asking(visitor.browser, ENROL)).json()["data"]["enrolTotp"]
    assert [error["code"] for error in asked["errors"]] == ["STEP_UP_REQUIRED"]


async def test_whoever_has_something_stronger_does_not_step_up_with_a_provider(
    server: RunningServer, visitor: Visitor
) -> None:
    await server.sign_up()
    await sign_in(visitor.browser)
    await visitor.visit("google", "link", at="/account")
    await execute("UPDATE sessions SET authenticated_at = now() - interval '1 hour'")

    refused = await visitor.visit("google", "prove", at="/account")

    assert refused.headers.get("location", "").startswith("/account/prove")
    asked = (await asking(visitor.browser, ENROL)).json()["data"]["enrolTotp"]
    assert asked["errors"] == [{"code": "STEP_UP_REQUIRED", "methods": ["PASSWORD"]}]


async def test_who_has_no_password_changes_the_address_where_they_are_signed_in(
    server: RunningServer, visitor: Visitor, mailer: FakeMailer
) -> None:
    await visitor.join()
    await visitor.visit("google", "prove", at="/account")
    change = 'mutation { changeEmail(input: {email: "new@example.com"}) { mailed errors { code } } }'
    assert (await asking(visitor.browser, change)).json()["data"]["changeEmail"]["mailed"]
    await server.queue.settle()
    form = {"token": mailer.token("new@example.com")}
    async with browsing(server) as stranger:
        assert (await stranger.post("/account/confirm", data=form, headers={"origin": ORIGIN})).status_code == 422
    elsewhere = await send_form(visitor.browser, "/account/confirm", form, origin="https://evil.example")
    assert elsewhere.status_code == 422
    forged = {**form, "csrf": "0" * 64}
    assert (await visitor.browser.post("/account/confirm", data=forged, headers={"origin": ORIGIN})).status_code == 422

    # our pages send no referrer: so this is what browsers say of them
    sent = {"csrf": await visitor.proof_at("/account/confirm"), **form}
    by_a_browser = {"origin": "null", "sec-fetch-site": "same-origin"}
    done = await visitor.browser.post("/account/confirm", data=sent, headers=by_a_browser)

    assert done.status_code == 200
    found = await visitor.viewer()
    assert found is not None
    assert (found["email"], found["emailConfirmed"]) == ("new@example.com", True)


async def test_the_page_that_asks_for_a_proof_has_the_provider_of_whoever_has_nothing_else(
    server: RunningServer, visitor: Visitor
) -> None:
    await visitor.join()
    at = "/account/prove?next=/graphiql"
    page = await visitor.browser.get(at)
    assert "Go on with Google" in page.text
    assert "GitHub" not in page.text
    assert "password" not in page.text

    done = await visitor.visit("google", "prove", "/graphiql", at=at)

    assert done.headers["location"] == "/graphiql"
    await execute("UPDATE users SET password_hash = 'something'")
    assert "Google" not in (await visitor.browser.get(at)).text
