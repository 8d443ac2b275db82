"""What comes back from a provider: one answer, to the browser that asked, and nothing that was bent."""

from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import pytest

from app.core.db import execute
from tests.fakes.browsing import ADA, ORIGIN, browsing
from tests.fakes.github import FakeGitHub
from tests.fakes.openid import FakeOpenID, Json, unsigned
from tests.fakes.server import RunningServer, web_client
from tests.fakes.visiting import SIGN_IN, Visitor, nothing_came_to_be
from tests.faults.test_log_canary import found, logged

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
    async with web_client() as elsewhere:
        assert (await elsewhere.get(bent)).status_code == 400

    for spoil, forge in (
        (lambda _: None, unsigned),
        (lambda claims: claims.update(aud="another-app"), None),
        (lambda claims: claims.update(exp=1), None),
        (lambda claims: claims.update(nonce="another"), None),
        (lambda claims: claims.update(sub=42), None),
        (lambda claims: claims.update(sub=["google-ada"]), None),
        (lambda claims: claims.update(aud={"an-app": 1}), None),
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


async def test_who_came_back_fits_into_a_cookie_whatever_they_are_called(visitor: Visitor, openid: FakeOpenID) -> None:
    """Browsers drop cookies of more than 4,096 bytes, with the name: the page that asks would say that it was late."""
    picture = "https://pictures.example/".ljust(500, "p")
    openid.person |= {"name": "\N{GRINNING FACE}" * 500, "picture": picture, "email": f"{'a' * 64}@{'b' * 60}.example"}
    to = "/oauth/authorize?state=".ljust(2000, "s")

    left = await visitor.press("google", to=to)
    came = await visitor.browser.get(await visitor.answer_of(left))

    for written in left.headers.get_list("set-cookie") + came.headers.get_list("set-cookie"):
        assert len(written.partition(";")[0]) <= 4096
    assert came.headers["location"].endswith("/join")
    assert (await visitor.send_join(displayName="Ada")).headers["location"].startswith("/")
