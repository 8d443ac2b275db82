"""Where a link may send somebody after signing in."""

import pytest

from app.web.local_paths import HOME, MAX_LENGTH, local_path

AWAY = [
    "",
    "account",
    "https://evil.example",
    "HTTPS:/evil.example",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\/evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "/a\r\nset-cookie: session=x",
    "/a\x00b",
    "/a\\b",
    "/a b",
    "/é",
    "/a#b",
    "javascript:alert(1)",
    "data:text/html,x",
    "/" + "a" * MAX_LENGTH,
]


@pytest.mark.parametrize("given", AWAY)
def test_what_could_lead_elsewhere_leads_home(given: str) -> None:
    assert local_path(given) == HOME


@pytest.mark.parametrize(
    "given",
    [
        "/",
        "/account",
        "/graphiql",
        "/oauth/authorize?client_id=1&redirect_uri=https%3A%2F%2Fapp.example%2Fback&state=%C3%A9",
    ],
)
def test_paths_of_ours_stay(given: str) -> None:
    assert local_path(given) == given
