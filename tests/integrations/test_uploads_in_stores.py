"""Uploads in every object store: bytes come in in parts, are read back whole, and are gone when they are used."""

from uuid import uuid4

import pytest

from app.core.db import execute, fetch
from app.core.ports import ObjectStore
from app.media.errors import BodyTooShort
from app.media.uploads import PART_BYTES, content_of, delete_used, receive
from tests.conftest import SignUp
from tests.fakes.uploads import pieces

CONTENT = bytes(range(256)) * (2 * PART_BYTES // 256) + b"and a little more"


async def test_parts_are_one_upload(store: ObjectStore, person: SignUp) -> None:
    upload_id, ada = uuid4(), await person("ada")
    await execute(
        """INSERT INTO uploads (id, person_id, state, content_type, byte_size, created_at, expires_at)
           VALUES ($1, $2, 'OPEN', 'image/png', $3, now(), now() + interval '1 hour')""",
        upload_id,
        ada.viewer.user_id,
        len(CONTENT),
    )
    with pytest.raises(BodyTooShort):
        await receive(upload_id, "image/png", len(CONTENT), pieces(CONTENT[: PART_BYTES + 1]), store)
    assert [key async for key in store.list("uploads/")] == []

    await receive(upload_id, "image/png", len(CONTENT), pieces(CONTENT[:100], CONTENT[100:-3], CONTENT[-3:]), store)

    assert len([key async for key in store.list("uploads/")]) == 3
    [row] = await fetch("SELECT id, byte_size, state FROM uploads")
    assert row["state"] == "RECEIVED"
    assert await content_of(row, store) == CONTENT
    await execute("UPDATE uploads SET state = 'DELETED'")
    assert await delete_used(store) == 1
    assert [key async for key in store.list("uploads/")] == []
    with pytest.raises(KeyError):
        await content_of(row, store)
