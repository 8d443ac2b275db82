"""Google and GitHub as adapters see them: what is asked, and every answer that is not believed."""

from collections.abc import AsyncGenerator, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from app.core.clock import SystemClock
from app.core.ports import Departure, ProvenIdentity, ProviderAway, ProviderDenied, ProviderMistrusted
from app.integrations.github import GitHub
from app.integrations.oauth import MAX_ANSWER_BYTES, Client, subject_of
from app.integrations.oidc import OpenIDProvider
from tests.fakes.github import FakeGitHub, primary, running_github
from tests.fakes.openid import CLIENT_ID, CLIENT_SECRET, FakeOpenID, Json, running_openid, unsigned
from tests.fakes.server import web_client

Provider = OpenIDProvider | GitHub


@pytest.fixture
async def openid() -> AsyncGenerator[FakeOpenID, None]:
    async with running_openid() as fake:
        yield fake


@pytest.fixture
async def hub() -> AsyncGenerator[FakeGitHub, None]:
    async with running_github() as fake:
        yield fake


def client(redirect: str) -> Client:
    return Client(CLIENT_ID, CLIENT_SECRET, redirect, 5.0, SystemClock())


@pytest.fixture
def google(openid: FakeOpenID) -> OpenIDProvider:
    return OpenIDProvider("google", openid.address, client(openid.redirect))


@pytest.fixture
def github(hub: FakeGitHub) -> GitHub:
    return GitHub("github", hub.address, hub.address, client(hub.redirect))


async def sent(provider: Provider, *, anew: bool = False) -> tuple[Departure, Json]:
    """Send a browser there, and return what it comes back with."""
    departure = await provider.depart(anew=anew)
    async with web_client() as browser:
        back = await browser.get(departure.url)
    assert back.is_redirect, back.text
    return departure, dict(parse_qsl(urlsplit(back.headers["location"]).query))


async def signed_in(provider: Provider, *, anew: bool = False) -> ProvenIdentity:
    departure, answer = await sent(provider, anew=anew)
    return await provider.arrive(answer, departure)


async def test_google_is_asked_for_name_address_and_picture_and_nothing_else(
    google: OpenIDProvider, openid: FakeOpenID
) -> None:
    found = await signed_in(google)

    assert found == ProvenIdentity(subject_of(openid.address, "google-ada"), "ada@example.com", "Ada L.", None, None)
    [asked] = openid.questions
    assert asked["scope"] == "openid email profile"
    assert asked["redirect_uri"] == openid.redirect
    assert len({asked["state"], asked["nonce"], asked["code_challenge"]}) == 3
    assert {"prompt", "max_age", "access_type"}.isdisjoint(asked)
    again = await google.depart(anew=False)
    assert asked["state"] not in again.url
    assert asked["nonce"] not in again.url


async def test_what_is_in_userinfo_only_is_read_there_and_only_of_the_same_person(
    google: OpenIDProvider, openid: FakeOpenID
) -> None:
    openid.in_userinfo = True
    assert (await signed_in(google)).email == "ada@example.com"

    openid.spoil = lambda claims: claims.update(sub="somebody else")
    with pytest.raises(ProviderMistrusted, match="userinfo"):
        await signed_in(google)


async def test_an_address_counts_where_it_is_verified(google: OpenIDProvider, openid: FakeOpenID) -> None:
    for value in (False, "true", 1, None):
        openid.person["email_verified"] = value
        assert (await signed_in(google)).email is None


def _wrong_key(claims: Json, _good: str) -> str:
    return jwt.encode({"alg": "RS256", "kid": "one"}, claims, RSAKey.generate_key(2048))


def _unknown_key(claims: Json, _good: str) -> str:
    return jwt.encode({"alg": "RS256", "kid": "two"}, claims, RSAKey.generate_key(2048))


def _by_secret(claims: Json, _good: str) -> str:
    return jwt.encode(
        {"alg": "HS256", "kid": "one"}, claims, OctKey.import_key(CLIENT_SECRET * 2), algorithms=["HS256"]
    )


FORGED: dict[str, Callable[[Json, str], str]] = {
    "unsigned": unsigned,
    "another key": _wrong_key,
    "an unknown key": _unknown_key,
    "signed with our secret": _by_secret,
    "changed": lambda _claims, good: good[:-8] + "AAAAAAAA",
    "no token": lambda _claims, _good: "x",
    "empty": lambda _claims, _good: "",
}


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED)
async def test_a_token_that_the_provider_did_not_sign_is_not_believed(
    google: OpenIDProvider, openid: FakeOpenID, forge: Callable[[Json, str], str]
) -> None:
    openid.forge = forge
    with pytest.raises(ProviderMistrusted, match="ID token"):
        await signed_in(google)


SPOILED: dict[str, Json] = {
    "another issuer": {"iss": "https://accounts.example"},
    "no issuer": {"iss": None},
    "for another app": {"aud": "another-app"},
    "for nobody": {"aud": []},
    "for several and not by us": {"aud": [CLIENT_ID, "another-app"]},
    "by another app": {"azp": "another-app"},
    "expired": {"exp": 1_000_000_000},
    "without end": {"exp": None},
    "from the future": {"iat": 4_000_000_000},
    "old": {"iat": 1_000_000_000},
    "another nonce": {"nonce": "another"},
    "no nonce": {"nonce": None},
    "a list for a nonce": {"nonce": ["x"]},
    "nobody": {"sub": ""},
    "a long name": {"sub": "x" * 256},
    "a number": {"sub": 7},
}


@pytest.mark.parametrize("changes", SPOILED.values(), ids=SPOILED)
async def test_a_token_that_is_not_for_this_question_is_not_believed(
    google: OpenIDProvider, openid: FakeOpenID, changes: Json
) -> None:
    def spoil(claims: Json) -> None:
        for name, value in changes.items():
            claims.update({name: value})
            if value is None:
                del claims[name]

    openid.spoil = spoil
    with pytest.raises(ProviderMistrusted, match="ID token"):
        await signed_in(google)


@pytest.mark.parametrize("answer", [{"iss": "https://elsewhere.example"}, {"iss": None}, {"code": None}, {"code": ""}])
async def test_an_answer_from_somebody_else_is_not_exchanged(
    google: OpenIDProvider, openid: FakeOpenID, answer: Json
) -> None:
    openid.answer = answer
    with pytest.raises(ProviderMistrusted):
        await signed_in(google)
    assert openid.exchanges == 0


@pytest.mark.parametrize("which", ["google", "github"])
async def test_state_verifier_and_code_are_good_for_one_question(
    google: OpenIDProvider, github: GitHub, which: str
) -> None:
    provider: Provider = google if which == "google" else github
    departure, answer = await sent(provider)
    for wrong in ({"state": "x"}, {"state": ""}, {"state": "é"}):
        with pytest.raises(ProviderMistrusted, match="state"):
            await provider.arrive({**answer, **wrong}, departure)
    with pytest.raises(ProviderMistrusted, match="state"):
        await provider.arrive({"code": answer["code"]}, departure)
    await provider.arrive(answer, departure)
    with pytest.raises(ProviderMistrusted, match="token endpoint"):
        await provider.arrive(answer, departure)

    departure, answer = await sent(provider)
    with pytest.raises(ProviderMistrusted, match="token endpoint"):
        await provider.arrive(answer, replace(departure, verifier="x" * 43))


@pytest.mark.parametrize("which", ["google", "github"])
async def test_a_no_is_told_from_a_fault(google: OpenIDProvider, github: GitHub, which: str) -> None:
    provider: Provider = google if which == "google" else github
    departure, _ = await sent(provider)
    with pytest.raises(ProviderDenied):
        await provider.arrive({"state": departure.state, "error": "access_denied"}, departure)
    with pytest.raises(ProviderMistrusted, match="callback"):
        await provider.arrive({"state": departure.state, "error": "invalid_scope"}, departure)
    with pytest.raises(ProviderMistrusted, match="state"):
        await provider.arrive({"state": "x", "error": "access_denied"}, departure)


async def test_a_proof_anew_is_asked_for_and_checked(google: OpenIDProvider, openid: FakeOpenID) -> None:
    before = datetime.now(UTC) - timedelta(seconds=2)
    found = await signed_in(google, anew=True)
    assert (openid.questions[0]["max_age"], openid.questions[0]["prompt"]) == ("0", "login")
    assert found.proved_at is not None
    assert before < found.proved_at <= datetime.now(UTC)

    for told in (1_000_000_000, None, "now", True):
        openid.spoil = lambda claims, told=told: claims.update(auth_time=told)  # type: ignore[misc]
        with pytest.raises(ProviderMistrusted, match="auth_time"):
            await signed_in(google, anew=True)


async def test_a_provider_that_does_not_tell_when_is_not_asked_to(openid: FakeOpenID) -> None:
    openid.metadata = {"claims_supported": ["sub"], "prompt_values_supported": []}
    openid.spoil = lambda claims: claims.pop("auth_time")
    google = OpenIDProvider("google", openid.address, client(openid.redirect))

    assert (await signed_in(google, anew=True)).proved_at is None
    assert "prompt" not in openid.questions[0]


BAD_DISCOVERY: dict[str, Json] = {
    "of another issuer": {"issuer": "https://accounts.example"},
    "without keys": {"jwks_uri": None},
    "by another scheme": {"token_endpoint": "ftp://accounts.example/token"},
}


@pytest.mark.parametrize("metadata", BAD_DISCOVERY.values(), ids=BAD_DISCOVERY)
async def test_a_discovery_document_that_cannot_be_right_is_not_believed(openid: FakeOpenID, metadata: Json) -> None:
    openid.metadata = metadata
    with pytest.raises(ProviderMistrusted, match="discovery"):
        await OpenIDProvider("google", openid.address, client(openid.redirect)).depart(anew=False)


async def test_a_provider_that_does_not_answer_is_away_and_a_code_is_exchanged_once(
    google: OpenIDProvider, openid: FakeOpenID
) -> None:
    departure, answer = await sent(google)
    openid.status = 503
    with pytest.raises(ProviderAway):
        await google.arrive(answer, departure)
    assert openid.exchanges == 1
    with pytest.raises(ProviderAway):
        await OpenIDProvider("google", openid.address, client(openid.redirect)).depart(anew=False)
    with pytest.raises(ProviderAway):
        await OpenIDProvider("google", "http://127.0.0.1:9", client(openid.redirect)).depart(anew=False)


async def test_an_answer_is_bounded(openid: FakeOpenID) -> None:
    openid.metadata = {"filling": "x" * MAX_ANSWER_BYTES}
    with pytest.raises(ProviderAway):
        await OpenIDProvider("google", openid.address, client(openid.redirect)).depart(anew=False)


async def test_new_keys_are_looked_for_once(google: OpenIDProvider, openid: FakeOpenID) -> None:
    await signed_in(google)
    openid.key = RSAKey.generate_key(2048, {"kid": "two"})
    openid.forge = lambda claims, _: jwt.encode({"alg": "RS256", "kid": "two"}, claims, openid.key)

    assert (await signed_in(google)).subject == subject_of(openid.address, "google-ada")


async def test_github_is_asked_for_the_user_and_their_primary_verified_address(github: GitHub, hub: FakeGitHub) -> None:
    hub.user["avatar_url"] = "https://avatars.example/ada"
    found = await signed_in(github)

    assert found == ProvenIdentity(
        subject_of(hub.address, "42"), "ada@example.com", "Ada Lovelace", "https://avatars.example/ada", None
    )
    [asked] = hub.questions
    assert (asked["scope"], asked["redirect_uri"]) == ("read:user user:email", hub.redirect)
    assert hub.asked == ["/user", "/user/emails"]


async def test_githubs_other_addresses_do_not_count(github: GitHub, hub: FakeGitHub) -> None:
    for emails in (primary("ada@example.com", verified=False), [], primary("")[:1]):
        hub.emails = emails
        assert (await signed_in(github)).email is None


async def test_githubs_api_is_asked_once_more_where_it_fails(github: GitHub, hub: FakeGitHub) -> None:
    hub.failures = [502]
    assert (await signed_in(github)).subject == subject_of(hub.address, "42")
    hub.failures = [502, 502]
    with pytest.raises(ProviderAway):
        await signed_in(github)
    hub.failures = [403]
    with pytest.raises(ProviderAway):
        await signed_in(github)
    hub.user = {"login": "ada"}
    with pytest.raises(ProviderMistrusted):
        await signed_in(github)
