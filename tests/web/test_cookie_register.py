"""Every cookie that is set is declared: at every route, and where one is set that is not, it is seen."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from app.accounts import challenges, questions
from app.core.consent_purposes import ConsentPurpose
from app.core.personal_data import Medium
from app.core.retention import RETENTION_RULES
from app.policy.cookies import (
    CookieKind,
    CookieRegister,
    DeclaredCookie,
    UndeclaredCookie,
    cookie_register,
)
from app.registries import STORES
from app.web.cookies import Cookie, Cookies
from tests.fakes.browsing import send_form, sign_in
from tests.fakes.server import RunningServer
from tests.web.checks import undeclared

HTTP = cookie_register(secure=False, session_lifetime=timedelta(days=30))
HTTPS = cookie_register(secure=True, session_lifetime=timedelta(days=30))
ASKED = "{ cookies { name purpose kind lifetimeSeconds httpOnly sameSite secure consent } }"
Handler = Callable[[Request], Awaitable[Response]]


def test_what_is_not_necessary_needs_its_own_consent_and_scripts_read_nothing() -> None:
    needed = {cookie.name: cookie.consent for cookie in HTTPS if cookie.kind is not CookieKind.STRICTLY_NECESSARY}

    assert needed == {"theme": ConsentPurpose.PREFERENCE_COOKIES, "visited": ConsentPurpose.ANALYTICS_COOKIES}
    assert all(cookie.consent is None for cookie in HTTPS if cookie.kind is CookieKind.STRICTLY_NECESSARY)
    assert all(cookie.http_only and cookie.secure and cookie.purpose for cookie in HTTPS)
    assert {cookie.full_name.removesuffix(cookie.name) for cookie in HTTPS} == {"__Host-"}
    assert {cookie.full_name for cookie in HTTP} == {cookie.name for cookie in HTTP}
    assert all(cookie.lifetime <= timedelta(days=183) for cookie in HTTPS), "half a year"


def test_a_cookie_lives_as_long_as_what_it_is_for() -> None:
    assert HTTP.named("challenge").lifetime == challenges.LIFETIME
    assert HTTP.named("question").lifetime == HTTP.named("arrival").lifetime == questions.LIFETIME


def test_no_name_is_declared_twice_and_none_is_made_up() -> None:
    with pytest.raises(ValueError, match="declared twice"):
        CookieRegister([HTTP.named("theme"), HTTP.named("theme")])
    with pytest.raises(UndeclaredCookie):
        HTTP.named("tracking")


async def test_the_register_is_public(server: RunningServer) -> None:
    cookies = (await server.data(ASKED))["cookies"]

    assert [cookie["name"] for cookie in cookies] == [cookie.full_name for cookie in HTTP]
    assert cookies[-1] == {
        "name": "visited",
        "purpose": HTTP.named("visited").purpose,
        "kind": "ANALYTICS",
        "lifetimeSeconds": 30 * 24 * 3600,
        "httpOnly": True,
        "sameSite": "LAX",
        "secure": False,
        "consent": "ANALYTICS_COOKIES",
    }
    page = (await server.client.get("/cookies")).text
    assert all(cookie["name"] in page and cookie["purpose"] in page for cookie in cookies)


async def test_no_route_sets_a_cookie_that_is_not_declared(server: RunningServer) -> None:
    """Signed in, with every consent given: there is nothing more that could be set."""
    app = server.server.config.app
    assert isinstance(app, Starlette)
    await server.sign_up()
    await sign_in(server.client)
    await send_form(server.client, "/cookies", {"decision": "accept"})
    set_by: dict[str, set[str]] = {}
    for route in app.routes:
        if not isinstance(route, Route):
            continue
        for method in {"GET", "POST"} & (route.methods or {"GET"}):
            path = route.path.replace("{", "").replace("}", "").replace(":path", "")
            answer = await server.client.request(method, path)
            assert undeclared(answer.headers, HTTP) == [], (method, path)
            for written in answer.headers.get_list("set-cookie"):
                set_by.setdefault(written.partition("=")[0], set()).add(path)
                assert answer.headers["cache-control"] == "no-store"

    assert {"browser", "visited"} <= set_by.keys()
    paths = set().union(*set_by.values())
    assert not [path for path in paths if path.startswith(("/images", "/.well-known", "/oauth/token"))]


@pytest.mark.parametrize(
    "written",
    [
        "tracking=1; Max-Age=60; Path=/; HttpOnly; SameSite=Lax",
        "theme=dark; Max-Age=99999999; Path=/; HttpOnly; SameSite=Lax",
        "theme=dark; Path=/; HttpOnly; SameSite=Lax",
        "theme=dark; Max-Age=60; Path=/; SameSite=Lax",
        "theme=dark; Max-Age=60; Path=/; HttpOnly; SameSite=None",
        "theme=dark; Max-Age=60; Path=/; HttpOnly; SameSite=Lax; Domain=people.test",
        "theme=dark; Max-Age=60; Path=/; HttpOnly; SameSite=Lax; Expires=Thu, 01 Jan 2099 00:00:00 GMT",
        "Theme=dark; Max-Age=60; Path=/; HttpOnly; SameSite=Lax",
    ],
)
def test_a_cookie_that_is_not_as_declared_is_seen(written: str) -> None:
    assert undeclared(httpx.Headers([("set-cookie", written)]), HTTP) == [written]
    assert undeclared(httpx.Headers([("set-cookie", "theme=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax")]), HTTP) == []


async def _by_itself(_request: Request) -> Response:
    answer = PlainTextResponse("Hello")
    answer.set_cookie("theme", "dark")
    return answer


async def _of_no_register(request: Request) -> Response:
    rogue = DeclaredCookie("tracking", "Nobody knows.", CookieKind.ANALYTICS, timedelta(days=1), False)
    Cookie(rogue).keep(request, "1")
    return PlainTextResponse("Hello")


@pytest.mark.parametrize("handler", [_by_itself, _of_no_register])
async def test_an_undeclared_cookie_never_leaves(handler: Handler) -> None:
    app = Starlette(routes=[Route("/", handler)], middleware=[Middleware(Cookies, HTTP)])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        with pytest.raises(UndeclaredCookie):
            await client.get("/")

    quiet = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=quiet, base_url="http://test") as client:
        answer = await client.get("/")
    assert answer.status_code == 500
    assert "set-cookie" not in answer.headers


def test_no_cookie_lasts_longer_than_the_data_map_says() -> None:
    said = {
        name: RETENTION_RULES[store.content.retention].period
        for store in STORES.values()
        if store.medium is Medium.BROWSER
        for name in store.keys
    }

    assert said.keys() == {cookie.name for cookie in HTTPS}
    for cookie in HTTPS:
        period = said[cookie.name]
        assert period is not None
        assert cookie.lifetime <= period, cookie.name
