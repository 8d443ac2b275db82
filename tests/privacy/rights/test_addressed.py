"""What was asked in the name of an address: it is exported to whoever shows that it is theirs, and goes with them."""

from pathlib import Path
from uuid import UUID

import pytest

from app.core.db import execute, fetch, transaction
from app.core.privacy_rights import PrivacyRight
from app.integrations.local_store import LocalObjectStore
from app.privacy.asked import Asked
from app.privacy.erasure import Eraser, Residue
from app.privacy.objects import object_erasers
from app.registries import PERSONAL_DATA
from tests.conftest import SignUp
from tests.privacy.rights.world import Asking, counts

EVE, MALLORY = "eve@example.com", "mallory@example.com"
SAID = "I once wrote under another name."


async def copies(tmp_path: Path) -> set[str]:
    """Return the archives of which bytes lie in the store."""
    store = LocalObjectStore(tmp_path / "objects", durable=False)
    return {key.split("/")[1] async for key in store.list("exports/")}


async def addresses() -> list[str]:
    """Return of whom requests say something."""
    return [row["address"] for row in await fetch("SELECT address FROM privacy_request_details ORDER BY address")]


async def asked_before(asking: Asking) -> UUID:
    """Have two addresses ask for a copy; return the archive of the second."""
    for address in (EVE, MALLORY):
        await asking.answer(Asked(PrivacyRight.ACCESS, SAID), None, address)
    [_, other] = await fetch("SELECT id FROM privacy_archives ORDER BY id")
    return UUID(str(other["id"]))


async def test_an_address_has_its_requests_and_copies_erased_and_no_other(asking: Asking, tmp_path: Path) -> None:
    other = await asked_before(asking)
    assert len(await copies(tmp_path)) == 2

    done = await asking.answer(Asked(PrivacyRight.ERASURE), None, EVE)

    assert ("privacy_request_details", "DONE", 1) in await counts(done)
    assert await copies(tmp_path) == {str(other)}
    assert [row["id"] for row in await fetch("SELECT id FROM privacy_archives")] == [other]
    left = await fetch("SELECT request_id, content FROM privacy_request_details WHERE address = $1", EVE)
    assert [(row["request_id"], SAID in row["content"]) for row in left] == [(done.id, False)]


async def test_an_address_is_shown_what_it_asked(asking: Asking) -> None:
    await asking.answer(Asked(PrivacyRight.OPT_OUT_OF_SALE, SAID), None, EVE)

    done = await asking.answer(Asked(PrivacyRight.ACCESS), None, EVE)
    found = {holder: number for holder, _, number in await counts(done)}
    assert (found["privacy_requests"], found["privacy_request_details"]) == (2, 2)
    assert found["privacy_archives"] == 1, "the one that is being made"

    of_other = await asking.answer(Asked(PrivacyRight.ACCESS), None, MALLORY)
    assert {holder: number for holder, _, number in await counts(of_other)}["privacy_requests"] == 1


async def test_what_an_address_asked_goes_with_the_account_that_confirmed_it(
    asking: Asking, person: SignUp, tmp_path: Path
) -> None:
    other = await asked_before(asking)
    eve = (await person("eve")).viewer.user_id
    await execute("UPDATE users SET confirmed_email = email WHERE id = $1", eve)
    store = LocalObjectStore(tmp_path / "objects", durable=False)
    eraser = Eraser(PERSONAL_DATA.values(), object_erasers(store))

    with pytest.raises(Residue, match="privacy_request_details: 1"):  # its copy is there: what leads to it is missed
        async with transaction():
            await eraser.finish(eve)
    await eraser.clear(eve, free)
    async with transaction():
        await eraser.finish(eve)

    assert await addresses() == [MALLORY]
    assert await copies(tmp_path) == {str(other)}


async def free() -> None:
    """Hold nothing: no job works here."""
