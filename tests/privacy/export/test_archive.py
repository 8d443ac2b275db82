"""An archive has what the registry says, in files that are whole, and can be read by people and by programs."""

import hashlib
import posixpath
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from uuid import UUID, uuid4

import jsonschema_rs
import orjson
import pytest

from app.core.db import execute, fetch
from app.core.personal_data import Holder, Withheld
from app.core.signing import Verifier
from app.integrations.local_store import LocalObjectStore
from app.privacy.export.manifest import SIGNED
from app.privacy.export.office import Extent
from app.privacy.export.schema import FILE
from app.privacy.export.selection import Subject, key_of
from app.privacy.export.words import AREAS
from app.registries import PERSONAL_DATA
from tests.conftest import SignUp
from tests.fakes.privacy import CONTROLLER, export_office
from tests.privacy.export.exporting import SIGNER, exported, put_pictures
from tests.privacy.export.schema_file import current
from tests.privacy.planting import Planter


@pytest.fixture
def store(tmp_path: Path) -> LocalObjectStore:
    return LocalObjectStore(tmp_path / "objects", durable=False)


@pytest.fixture
async def ada(person: SignUp, store: LocalObjectStore) -> UUID:
    """Somebody who has a row in every table, and somebody else who has, too."""
    planter = await Planter.of(PERSONAL_DATA)
    ada, eve = (await person("ada")).viewer.user_id, (await person("eve")).viewer.user_id
    for each in (eve, ada):
        await planter.plant(each)
        await put_pictures(store, each)
    await execute("UPDATE pictures SET state = 'STORED', variants = '{\"ORIGINAL\": {}}', width = 8, height = 8")
    await execute("UPDATE disclosures SET categories = '[\"PROMPT\", \"FACE\"]', activity = 'IMAGE_GENERATION'")
    return ada


def content(archive: zipfile.ZipFile, table: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = orjson.loads(archive.read(f"data/{table}.json"))
    return found


class References(HTMLParser):
    """What a page loads and where it leads."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.leads: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        said = dict(attrs)
        self.loads += [said[name] or "" for name in ("src", "srcset", "poster", "data") if name in said]
        if tag == "a":
            self.leads.append(said.get("href") or "")


async def test_it_has_what_the_registry_says_and_each_file_is_valid(
    ada: UUID, store: LocalObjectStore, tmp_path: Path
) -> None:
    path, packing = await exported(export_office(store, SIGNER), Subject(ada, "ada@example.com"), tmp_path)

    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        definitions = orjson.loads(archive.read("schema.json"))["$defs"]
        for table, holder in PERSONAL_DATA.items():
            columns = {key_of(name) for name, column in holder.columns.items() if column.exported}
            if holder.subject is None or not columns:
                assert f"data/{table}.json" not in archive.namelist()
                continue
            rows = content(archive, table)
            assert rows, f"{table}: they have a row there"
            assert set(rows[0]) == columns
            assert packing.contents.rows[table] == len(rows)
            assert jsonschema_rs.validator_for(definitions[table]).is_valid(rows), table
        assert content(archive, "users")[0]["email"] == "ada@example.com"
        assert b"eve@example.com" not in b"".join(archive.read(name) for name in archive.namelist())
        for holder in PERSONAL_DATA.values():
            for name, column in holder.columns.items():
                if column.withheld is Withheld.CREDENTIAL:
                    assert key_of(name) not in str(definitions.get(holder.table, ""))


async def test_what_the_registry_marks_differently_is_exported_differently(
    ada: UUID, store: LocalObjectStore, tmp_path: Path
) -> None:
    """The gate is seen to fail: a column that is declared withheld is gone, and a table that left the registry is."""
    generations = PERSONAL_DATA["generations"]
    hidden = generations.columns["prompt"].__class__(
        generations.columns["prompt"].category, generations.columns["prompt"].activities, withheld=Withheld.COPY
    )
    registry = {
        **{name: holder for name, holder in PERSONAL_DATA.items() if name != "mails"},
        "generations": Holder("generations", "user_id", {**generations.columns, "prompt": hidden}),
    }

    path, _ = await exported(export_office(store, SIGNER, registry), Subject(ada, None), tmp_path)

    with zipfile.ZipFile(path) as archive:
        assert "prompt" not in content(archive, "generations")[0]
        assert "data/mails.json" not in archive.namelist()


async def test_the_manifest_lists_every_file_and_is_signed(ada: UUID, store: LocalObjectStore, tmp_path: Path) -> None:
    path, _ = await exported(export_office(store, SIGNER), Subject(ada, None), tmp_path)

    with zipfile.ZipFile(path) as archive:
        manifest = archive.read("manifest.json")
        listed = {entry["path"]: entry for entry in orjson.loads(manifest)["entries"]}
        assert set(archive.namelist()) - set(listed) == {"manifest.json", "manifest.jws"}
        for name, entry in listed.items():
            data = archive.read(name)
            assert (len(data), hashlib.sha256(data).hexdigest()) == (entry["byteSize"], entry["sha256"])
        kind, claims = Verifier.of(SIGNER.published()).read(archive.read("manifest.jws").decode().strip())
        assert (kind, claims["sha256"]) == (SIGNED, hashlib.sha256(manifest).hexdigest())
        assert str(ada) not in manifest.decode(), "they are named by their alias"
        [alias] = await fetch("SELECT id FROM subject_aliases WHERE user_id = $1", ada)
        assert claims["sub"] == str(alias["id"])
        assert all(info.extract_version == 45 for info in archive.infolist()), "64-bit fields, whatever the size"


async def test_every_page_is_read_without_a_network_and_leads_to_what_is_there(
    ada: UUID, store: LocalObjectStore, tmp_path: Path
) -> None:
    await execute("UPDATE generations SET prompt = '<script>alert(1)</script>' WHERE user_id = $1", ada)

    path, _ = await exported(export_office(store, SIGNER), Subject(ada, None), tmp_path)

    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        pages = [name for name in names if name.endswith(".html")]
        assert len(pages) > 20
        for page in pages:
            found = References()
            found.feed(archive.read(page).decode())
            assert "script" not in found.tags
            for reference in found.loads + [lead for lead in found.leads if not lead.startswith("https://")]:
                assert posixpath.normpath(posixpath.join(posixpath.dirname(page), reference)) in names, (
                    page,
                    reference,
                )
        front = archive.read("index.html").decode()
        assert CONTROLLER.name.replace("&", "&amp;") in front
        assert "Ada" in front
        assert all(reason.value in front for reason in Withheld)
        assert '<img src="avatar.webp"' in front, "the planted picture is all of it"


async def test_whoever_wrote_without_an_account_gets_what_their_address_leads_to(
    database: str, store: LocalObjectStore, tmp_path: Path
) -> None:
    for address in ("writer@example.com", "other@example.com"):
        thread = uuid4()
        await execute(
            """INSERT INTO support_threads (id, address, topic, state, subject, created_at, last_message_at)
               VALUES ($1, $2, 'PRIVACY', 'OPEN', 'Hello', now(), now())""",
            thread,
            address,
        )
        await execute(
            """INSERT INTO support_messages (id, thread_id, author, text, created_at)
               VALUES (gen_random_uuid(), $1, 'PERSON', $2, now())""",
            thread,
            f"I am {address}",
        )

    path, _ = await exported(export_office(store, SIGNER), Subject(None, "writer@example.com"), tmp_path)

    with zipfile.ZipFile(path) as archive:
        assert [row["text"] for row in content(archive, "support_messages")] == ["I am writer@example.com"]
        assert content(archive, "generations") == []
        assert "writer@example.com" in archive.read("index.html").decode()


async def test_what_is_taken_along_rests_on_a_contract_or_on_consent(
    ada: UUID, store: LocalObjectStore, tmp_path: Path
) -> None:
    path, _ = await exported(export_office(store, SIGNER), Subject(ada, None), tmp_path, Extent.PORTABILITY)

    with zipfile.ZipFile(path) as archive:
        assert content(archive, "generations")[0]["prompt"]
        assert "data/audit_entries.json" not in archive.namelist(), "kept for other reasons"
        assert "portable/generations.jsonl" in archive.namelist()


async def test_the_published_schema_is_the_registry_s(database: str) -> None:
    assert FILE.read_bytes() == await current(), "run python -m tests.privacy.export.schema_file"


def test_every_part_is_said_in_plain_words() -> None:
    said = {table for words in AREAS.values() for table in words}
    parts = {
        table
        for table, holder in PERSONAL_DATA.items()
        if holder.subject and any(column.exported for column in holder.columns.values())
    }

    assert parts - said == set(), "say what it holds in app/privacy/export/words.py"
