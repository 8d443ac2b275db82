"""What a sign-in tells its provider is on record, for whoever it was."""

from app.core.db import execute
from tests.fakes.browsing import asking
from tests.fakes.visiting import Visitor

MINE = "{ viewer { disclosures(first: 20) { nodes { processorName activity categories outcome } } } }"


async def test_a_person_finds_their_sign_ins_and_the_copy_of_their_picture(visitor: Visitor) -> None:
    await visitor.join()  # a stranger's: it was nobody's yet
    visitor.browser.cookies.clear()
    await visitor.visit("google")

    nodes = (await asking(visitor.browser, MINE)).json()["data"]["viewer"]["disclosures"]["nodes"]

    sign_in = {"activity": "ACCOUNT_MANAGEMENT", "categories": ["SIGN_IN"], "outcome": "SENT"}
    assert {"processorName": "google", **sign_in} in nodes
    assert {node["processorName"] for node in nodes} <= {"google", "fake"}


async def test_who_links_an_account_finds_that_too(visitor: Visitor) -> None:
    await visitor.join()
    before = len((await asking(visitor.browser, MINE)).json()["data"]["viewer"]["disclosures"]["nodes"])

    await execute("UPDATE sessions SET authenticated_at = now()")
    await visitor.visit("github", "link", at="/account")

    nodes = (await asking(visitor.browser, MINE)).json()["data"]["viewer"]["disclosures"]["nodes"]
    assert {node["processorName"] for node in nodes[: len(nodes) - before]} == {"github", "fake"}  # and the mail
