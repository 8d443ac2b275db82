"""Signing in with Google and GitHub, as a person in front of a browser does, and as somebody who means them ill."""

import asyncio
import statistics
import time
from collections.abc import AsyncGenerator
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import pytest

from app.accounts.attestation import POLICY_VERSION
from app.accounts.identities import link
from app.accounts.providers import Proven, Provider
from app.core.config import Settings
from app.core.db import execute, fetch
from app.core.ports import ProvenIdentity
from app.core.viewer import Role, Viewer
from app.integrations.oauth import subject_of
from app.processors.fetcher import Fetcher, Origin
from tests.accounts.test_second_factors import protected
from tests.fakes.browsing import ADA, ORIGIN, asking, browsing, send_form, sign_in
from tests.fakes.github import FakeGitHub, primary, running_github
from tests.fakes.mail import FakeMailer
from tests.fakes.openid import FakeOpenID, Json, running_openid, unsigned
from tests.fakes.server import RunningServer
from tests.fakes.visiting import SIGN_IN, Visitor, surroundings
from tests.faults.test_log_canary import found, logged
from tests.media.pictures import painted, saved

ENROL = "mutation { enrolTotp(input: {}) { secret errors { code ... on StepUpRequired { methods } } } }"
UNLINK = """mutation ($id: ID!) { unlinkIdentity(input: {id: $id}) { unlinkedId errors { code message } } }"""
PROFILE = """mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) {
  user { displayName avatarUrl } errors { code path } } }"""


@pytest.fixture
async def openid() -> AsyncGenerator[FakeOpenID, None]:
    async with running_openid() as fake:
        yield fake


@pytest.fixture
async def github() -> AsyncGenerator[FakeGitHub, None]:
    async with running_github() as fake:
        yield fake


@pytest.fixture
async def settings(
    environment: dict[str, str], openid: FakeOpenID, github: FakeGitHub, monkeypatch: pytest.MonkeyPatch
) -> Settings:
    for name, value in surroundings(openid, github).items():
        monkeypatch.setenv(name, value)
    return Settings.load()


@pytest.fixture
async def fetcher(openid: FakeOpenID) -> Fetcher:
    return Fetcher(max_bytes=10**6, timeout=5, trusted=Origin.of(httpx.URL(openid.address)))


@pytest.fixture
async def visitor(server: RunningServer) -> AsyncGenerator[Visitor, None]:
    async with browsing(server) as browser:
        yield Visitor(server, browser)


async def nothing_came_to_be() -> bool:
    """Return whether there is no account, no session, no link."""
    return [await fetch(f"SELECT id FROM {table}") for table in ("users", "sessions", "identities")] == [[], [], []]


async def test_a_stranger_attests_to_be_an_adult_before_there_is_an_account(
    visitor: Visitor, openid: FakeOpenID
) -> None:
    openid.person["name"] = "Ada <b>Lovelace</b>"
    came = await visitor.visit("google", to="/graphiql?x=1")
    assert came.headers["location"] == "/account/with/google/join"
    page = await visitor.browser.get(came.headers["location"])
    assert ADA in page.text
    assert "Ada &lt;b&gt;Lovelace" in page.text
    assert await nothing_came_to_be()

    for changes, words in (
        ({"adult": ""}, "18 or older"),
        ({"policyVersion": "2020-01-01"}, POLICY_VERSION),
        ({"displayName": " "}, "visible characters"),
    ):
        refused = await visitor.send_join(**changes)
        assert refused.status_code == 422
        assert words in refused.text
        assert await nothing_came_to_be()

    joined = await visitor.send_join(displayName="Ada")

    assert (joined.status_code, joined.headers["location"]) == (303, "/graphiql?x=1")
    found = await visitor.viewer()
    assert found is not None
    assert (found["displayName"], found["email"], found["emailConfirmed"]) == ("Ada", ADA, True)
    [identity] = found["identities"]
    assert (identity["provider"], identity["lastUsedAt"]) == ("GOOGLE", None)
    [user] = await fetch("SELECT password_hash, policy_version FROM users")
    assert user == {"password_hash": None, "policy_version": POLICY_VERSION}
    assert (await visitor.send_join()).status_code == 400  # once


async def test_whoever_was_here_is_signed_in_again_by_their_subject_whatever_their_address(
    visitor: Visitor, openid: FakeOpenID
) -> None:
    await visitor.join()
    first = await visitor.viewer()
    visitor.browser.cookies.clear()
    openid.person |= {"email": "new@example.com", "email_verified": False}

    back = await visitor.visit("google")

    assert back.headers["location"] == "/account"
    found = await visitor.viewer()
    assert first is not None
    assert found is not None
    assert (found["id"], found["email"]) == (first["id"], ADA)
    assert found["identities"][0]["lastUsedAt"]
    notes = await fetch(
        """SELECT e.action, d.content::json ->> 'note' AS note FROM audit_entries e
           JOIN audit_details d ON d.entry_id = e.id ORDER BY e.id"""
    )
    said = [(row["action"], row["note"]) for row in notes]
    assert said == [("SIGNED_UP", "with Google"), *[("SIGNED_IN", "with Google")] * 2]
    assert not [row for row in await fetch("SELECT row_to_json(t)::text AS t FROM mails t") if "Google" in row["t"]]


async def test_another_subject_with_the_same_address_is_somebody_else(visitor: Visitor, openid: FakeOpenID) -> None:
    await visitor.join()
    visitor.browser.cookies.clear()
    openid.person["sub"] = "who got the address later"

    came = await visitor.visit("google")

    assert came.headers["location"] == "/account/with/google/link"
    assert await visitor.viewer() is None


async def test_github_signs_in_with_its_primary_verified_address(visitor: Visitor, github: FakeGitHub) -> None:
    github.emails = primary("ada@example.com", verified=False)
    refused = await visitor.visit("github")
    assert refused.status_code == 422
    assert "verify it there" in refused.text
    assert await nothing_came_to_be()

    github.emails = primary("ada@example.com")
    await visitor.join("github")

    found = await visitor.viewer()
    assert found is not None
    assert [each["provider"] for each in found["identities"]] == ["GITHUB"]
    stored = " ".join(
        [row["t"] for table in ("identities", "users", "sessions", "jobs") for row in await all_of(table)]
    )
    assert not [token for token in github.tokens if token in stored]


async def all_of(table: str) -> list[Json]:
    return await fetch(f"SELECT row_to_json(t)::text AS t FROM {table} t")


async def test_an_account_is_linked_only_by_whoever_signs_in_to_it_and_says_so(
    server: RunningServer, visitor: Visitor, mailer: FakeMailer
) -> None:
    await server.sign_up()
    came = await visitor.visit("google", to="/graphiql")
    at = came.headers["location"]
    assert at == "/account/with/google/link"
    explained = await visitor.browser.get(at)
    assert "Sign in the way that" in explained.text
    assert "<form" not in explained.text
    assert (await visitor.browser.post(at, headers={"origin": ORIGIN})).text == explained.text
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


async def test_a_second_factor_is_asked_for_and_a_suspension_holds(
    server: RunningServer, visitor: Visitor, openid: FakeOpenID
) -> None:
    _, app, _ = await protected(server)
    [user] = await fetch("SELECT id FROM users")
    await execute(
        """INSERT INTO identities (id, user_id, provider, subject, created_at)
           VALUES (gen_random_uuid(), $1, 'GOOGLE', $2, now())""",
        user["id"],
        subject_of(openid.address, "google-ada"),
    )

    came = await visitor.visit("google", to="/graphiql")

    assert came.headers["location"] == "/account/second-factor?next=%2Fgraphiql"
    assert await visitor.viewer() is None
    done = await send_form(
        visitor.browser, "/account/second-factor", {"code": await app.next_code()}, {"next": "/graphiql"}
    )
    assert done.headers["location"] == "/graphiql"
    visitor.browser.cookies.clear()
    await execute("UPDATE users SET status = 'SUSPENDED'")
    refused = await visitor.visit("google")
    assert refused.status_code == 422
    assert "suspended" in refused.text
    assert await visitor.viewer() is None


TAMPERED: dict[str, Json] = {
    "another state": {"state": "x" * 43},
    "no state": {"state": None},
    "another code": {"code": "x"},
    "no code": {"code": None},
    "another issuer": {"iss": "https://accounts.example"},
    "an error": {"error": "server_error"},
}


@pytest.mark.parametrize("changes", TAMPERED.values(), ids=TAMPERED)
async def test_an_answer_that_was_changed_opens_nothing(visitor: Visitor, changes: Json) -> None:
    back = urlsplit(await visitor.answer_of(await visitor.press("google")))
    given = {name: value for name, value in {**dict(parse_qsl(back.query)), **changes}.items() if value is not None}

    answer = await visitor.browser.get(back.path, params=given)

    assert answer.status_code in {400, 422}
    assert "start again" in answer.text
    assert await nothing_came_to_be()
    assert await visitor.viewer() is None


async def test_an_answer_is_taken_once_and_only_where_it_was_asked_for(
    server: RunningServer, visitor: Visitor, openid: FakeOpenID
) -> None:
    back = await visitor.answer_of(await visitor.press("google"))
    cookies = httpx.Cookies(visitor.browser.cookies)
    async with browsing(server) as stranger:  # login CSRF, or a code that was stolen
        assert (await stranger.get(back)).status_code == 400
    swapped = await visitor.browser.get(back.replace("/google/", "/github/"))
    assert swapped.status_code == 400
    twice = await visitor.browser.get(f"{back}&{urlencode({'code': 'another'})}")
    assert twice.status_code == 400
    assert openid.exchanges == 0

    assert (await visitor.browser.get(back)).headers["location"].endswith("/join")
    assert (await visitor.browser.get(back)).status_code == 400
    visitor.browser.cookies.clear()
    visitor.browser.cookies.update(cookies)  # a copy of the cookie
    replayed = await visitor.browser.get(back)
    assert replayed.status_code == 422
    assert "finished before" in replayed.text
    assert openid.exchanges == 1
    assert await nothing_came_to_be()


async def test_a_late_answer_is_not_taken(visitor: Visitor) -> None:
    back = await visitor.answer_of(await visitor.press("google"))
    await execute("UPDATE provider_questions SET expires_at = now()")
    assert "too long" in (await visitor.browser.get(back)).text


async def test_a_redirect_that_was_changed_is_refused_by_the_provider_and_a_forged_token_by_us(
    visitor: Visitor, openid: FakeOpenID
) -> None:
    left = await visitor.press("google")
    bent = left.headers["location"].replace("google%2Fcallback", "github%2Fcallback")
    assert bent != left.headers["location"]
    async with httpx.AsyncClient(trust_env=False) as elsewhere:
        assert (await elsewhere.get(bent)).status_code == 400

    for spoil, forge in (
        (lambda _: None, unsigned),
        (lambda claims: claims.update(aud="another-app"), None),
        (lambda claims: claims.update(exp=1), None),
        (lambda claims: claims.update(nonce="another"), None),
    ):
        openid.spoil, openid.forge = spoil, forge
        assert "no answer to what this browser asked" in (await visitor.visit("google")).text
    assert await nothing_came_to_be()


async def test_the_cookies_are_ours_alone_and_tell_nothing(visitor: Visitor, openid: FakeOpenID) -> None:
    left = await visitor.press("google")
    [written] = [line for line in left.headers.get_list("set-cookie") if line.startswith("question=")]
    assert "HttpOnly; SameSite=Lax" in written
    assert "Max-Age=600" in written
    state = dict(parse_qsl(urlsplit(left.headers["location"]).query))["state"]
    assert state not in written
    visitor.browser.cookies.set("question", "AAAA" * 40)
    assert (await visitor.browser.get(f"/account/with/google/callback?state={state}&code=x")).status_code == 400


async def test_buttons_are_forms_of_ours_and_there_is_no_other_provider(visitor: Visitor, openid: FakeOpenID) -> None:
    page = await visitor.browser.get(SIGN_IN)
    assert "Sign in with Google" in page.text
    assert "Sign in with GitHub" in page.text
    policy = page.headers["content-security-policy"]
    assert f"form-action 'self' {openid.address}" in policy
    assert (await visitor.browser.post("/account/with/google", data={"csrf": "x"})).status_code == 422
    assert (await visitor.browser.get("/account/with/google")).status_code == 405
    proof = await visitor.proof_at(SIGN_IN)
    nowhere = await visitor.browser.post("/account/with/myspace", data={"csrf": proof}, headers={"origin": ORIGIN})
    assert nowhere.status_code == 422
    assert "location" not in nowhere.headers
    assert openid.questions == []
    away = await visitor.visit("google", to="https://evil.example/")
    assert away.headers["location"].startswith("/account/with/google/")
    assert (await visitor.send_join()).headers["location"] == "/account"


async def test_a_no_and_a_provider_that_is_away_are_said_in_words(
    visitor: Visitor, github: FakeGitHub, openid: FakeOpenID
) -> None:
    github.says_no = True
    assert "said no" in (await visitor.visit("github")).text
    openid.status = 503
    away = await visitor.press("google")
    assert away.status_code == 422
    assert "does not answer at present" in away.text
    assert await nothing_came_to_be()


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


async def test_who_has_no_password_signs_in_with_none(server: RunningServer, visitor: Visitor) -> None:
    await visitor.join()
    visitor.browser.cookies.clear()
    for password in ("", "correct horse battery", "None"):
        assert (await sign_in(visitor.browser, password=password)).status_code == 422
    assert await visitor.viewer() is None


async def test_the_picture_is_copied_shown_and_removed(
    server: RunningServer, visitor: Visitor, openid: FakeOpenID
) -> None:
    openid.person["picture"] = f"{openid.address}/picture"
    openid.picture = saved(painted(300, 300))
    await visitor.join()
    await server.queue.settle()
    found = await visitor.viewer()
    assert found is not None
    assert found["avatarUrl"].startswith(f"{ORIGIN}/images/")
    shown = await visitor.browser.get(found["avatarUrl"].removeprefix(ORIGIN))
    assert shown.headers["content-type"] == "image/webp"

    named = {"displayName": "  Ada \n L. ", "removeAvatar": True}
    changed = (await asking(visitor.browser, PROFILE, {"input": named})).json()["data"]["updateProfile"]
    assert changed == {"user": {"displayName": "Ada L.", "avatarUrl": None}, "errors": []}
    assert (await visitor.browser.get(found["avatarUrl"].removeprefix(ORIGIN))).status_code == 404
    wrong = (await asking(visitor.browser, PROFILE, {"input": {"displayName": " "}})).json()["data"]["updateProfile"]
    assert wrong["errors"] == [{"code": "INVALID_INPUT", "path": ["displayName"]}]
    await server.queue.settle()
    assert await fetch("SELECT id FROM pictures") == []


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
    elsewhere = await visitor.browser.post("/account/confirm", data=form, headers={"origin": "https://evil.example"})
    assert elsewhere.status_code == 422

    done = await visitor.browser.post("/account/confirm", data=form, headers={"origin": ORIGIN})

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


async def test_time_does_not_tell_who_has_no_password(server: RunningServer, visitor: Visitor) -> None:
    """Medians of interleaved calls, compared generously: argon2 alone, if one side skipped it, would be tenfold."""
    await visitor.join()
    document = 'mutation ($e: String!) { signIn(input: {email: $e, password: "another horse battery"}) { token } }'
    seconds: dict[str, list[float]] = {ADA: [], "nobody@example.com": []}
    for _ in range(9):
        for email, times in seconds.items():
            begin = time.perf_counter()
            assert (await server.data(document, {"e": email}))["signIn"] == {"token": None}
            times.append(time.perf_counter() - begin)
    known, unknown = (statistics.median(times) for times in seconds.values())
    assert 0.4 < known / unknown < 2.5, seconds


async def test_the_log_names_nobody_and_no_secret(
    visitor: Visitor, openid: FakeOpenID, capsys: pytest.CaptureFixture[str]
) -> None:
    with logged(capsys) as lines:
        await visitor.join()
        openid.spoil = lambda claims: claims.update(aud="another-app")
        await visitor.visit("google")
        openid.status = 503
        await visitor.press("google")
    written = "\n".join(lines)
    assert "provider.mistrusted" in written
    secrets = [*openid.tokens, "google-ada", ADA, "Ada L.", "a secret of the app"]
    secrets += [asked[name] for asked in openid.questions for name in ("state", "nonce", "code_challenge")]
    assert found(written, tuple(secrets)) == []
