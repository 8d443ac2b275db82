"""What leads out of our pages tells the other site nothing, and gives it no hold on the page (P24)."""

import re

import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from app.core.config import Settings
from app.core.ports import Letter
from app.integrations.mailbox import Mailbox
from app.web.pages.rendering import FOLDER
from tests.fakes.browsing import sign_in
from tests.fakes.server import RunningServer
from tests.web.checks import loose_links

OURS = r"/(?!/)|[#?]|mailto:|\{\{ (next|also\.path|uri|section|banner\.changes|link|sign_in|archives) "
"""In a template: addresses of this server, and the variables that only ever hold those (`uri` is `otpauth:`)."""
TEMPLATES = sorted(path.name for path in FOLDER.glob("*.html"))


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_template_leads_out_loosely(name: str) -> None:
    assert loose_links((FOLDER / name).read_text(), OURS) == []


async def test_no_page_leads_out_loosely(server: RunningServer, settings: Settings) -> None:
    app = server.server.config.app
    assert isinstance(app, Starlette)
    await server.sign_up()
    await sign_in(server.client)
    letter = Letter("01a20b03-cb52-745d-a1fd-7ee7c4fbf032", "ada@example.com", "Hello", "http://x/?token=abc", "")
    await Mailbox(settings.stores.var / "mail", "AnyPeople <no-reply@people.test>").send(letter)
    paths = [route.path for route in app.routes if isinstance(route, Route) and "{" not in route.path]
    seen = 0
    for path in [*paths, f"/dev/mail/{letter.id}"]:
        answer = await server.client.get(path)
        if answer.headers.get("content-type", "").startswith("text/html"):
            seen += len(re.findall("<a ", answer.text))
            assert loose_links(answer.text) == [], path
            assert answer.headers["referrer-policy"] == "no-referrer"

    assert 'href="http://x/?token=abc"' in answer.text, "the last page leads out"
    assert seen > 20


@pytest.mark.parametrize(
    "link",
    [
        '<a href="https://elsewhere.test">x</a>',
        '<a href="//elsewhere.test">x</a>',
        '<a href="HTTPS://elsewhere.test" rel="noopener">x</a>',
        '<a rel="noreferrer" href="http://elsewhere.test">x</a>',
        '<area href="https://elsewhere.test">',
    ],
)
def test_a_loose_link_is_seen(link: str) -> None:
    assert len(loose_links(link)) == 1


def test_a_strict_link_and_one_of_ours_are_fine() -> None:
    strict = '<a href="https://elsewhere.test" rel="nofollow noopener noreferrer">x</a>'
    assert loose_links(f'{strict}<a href="/x">y</a><a href="#z">z</a>') == []
