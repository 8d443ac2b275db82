"""Signing in and up with Google and GitHub, as a person in front of a browser does."""

import time

import pytest

from app.core.db import execute, fetch
from app.integrations.oauth import subject_of
from tests.accounts.test_second_factors import protected
from tests.fakes.browsing import ADA, ORIGIN, asking, send_form, sign_in
from tests.fakes.github import FakeGitHub, primary
from tests.fakes.openid import FakeOpenID, Json
from tests.fakes.people import POLICY_VERSION
from tests.fakes.server import RunningServer
from tests.fakes.visiting import Visitor, nothing_came_to_be
from tests.media.pictures import painted, saved

PROFILE = """mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) {
  user { displayName avatarUrl } errors { code path } } }"""


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
        assert f'href="/privacy/{POLICY_VERSION}"' in refused.text
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
    accepted = {"kind": "PRIVACY", "version": POLICY_VERSION}
    assert await fetch("SELECT kind, version FROM acceptances") == [accepted]
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
    asked = await visitor.visit("google")
    assert "suspended" not in asked.text  # only whoever has the second factor too is told
    assert asked.headers["location"].startswith("/account/second-factor")
    refused = await send_form(visitor.browser, "/account/second-factor", {"code": await app.next_code()})
    assert (refused.status_code, "suspended" in refused.text) == (422, True)
    assert await visitor.viewer() is None


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


@pytest.mark.usefixtures("real_passwords")
async def test_time_does_not_tell_who_has_no_password(server: RunningServer, visitor: Visitor) -> None:
    """The quickest of interleaved calls, which a busy machine holds up least: without argon2 it would be a tenth."""
    await visitor.join()
    document = 'mutation ($e: String!) { signIn(input: {email: $e, password: "another horse battery"}) { token } }'
    seconds: dict[str, list[float]] = {ADA: [], "nobody@example.com": []}
    for _ in range(9):
        for email, times in seconds.items():
            begin = time.perf_counter()
            assert (await server.data(document, {"e": email}))["signIn"] == {"token": None}
            times.append(time.perf_counter() - begin)
    known, unknown = (min(times) for times in seconds.values())
    assert 0.4 < known / unknown < 2.5, seconds
