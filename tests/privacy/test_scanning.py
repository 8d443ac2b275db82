"""The search of raw bytes is proven: whatever is planted anywhere, in whatever form, is found, and where it is."""

import gzip
import io
import json
import zipfile
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from PIL import ExifTags, Image
from PIL.PngImagePlugin import PngInfo
from redis.asyncio import Redis

from app.core.db import execute
from tests.media.pictures import painted, saved
from tests.privacy.forms import forms
from tests.privacy.places import Places, dumped, settled, uncompressed, written
from tests.privacy.scanning import Scanner
from tests.privacy.unpacking import records

WORD = "kanari 7q <ä> ??>~ v3xz"
"""Every form of it looks different."""
OTHER = "kanari 7q of somebody else"


def amid(encode: Callable[[bytes], bytes], before: bytes, text: str) -> bytes:
    return encode(before + text.encode() + b"tail")


ENCODINGS: dict[str, Callable[[str], bytes]] = {
    "plain": str.encode,
    **{f"base64 {n}": partial(amid, b64encode, b"?" * n) for n in range(4)},
    **{f"base64url {n}": partial(amid, urlsafe_b64encode, b"\xff" * n) for n in range(4)},
    "hex": lambda text: b"\\x" + text.encode().hex().encode(),
    "HEX": lambda text: text.encode().hex().upper().encode(),
    "URL": lambda text: quote(text).encode(),
    "URL in lower case": lambda text: quote(text).lower().encode(),
    "form": lambda text: quote_plus(text).encode(),
    "JSON": lambda text: json.dumps({"a": text}).encode(),
    "HTML": lambda text: text.replace("<", "&lt;").replace(">", "&gt;").encode(),
    "UTF-16": lambda text: text.encode("utf-16"),
}


def found(content: bytes, place: str = "a file") -> set[tuple[str, str]]:
    return {(hit.word, hit.place) for hit in Scanner([WORD, OTHER]).search(place, content)}


@pytest.mark.parametrize("encoding", ENCODINGS.values(), ids=ENCODINGS)
def test_each_form_is_found_amid_other_bytes(encoding: Callable[[str], bytes]) -> None:
    for before in (b"", b"kanari 7q", b"\0\xff" * 5000):
        assert found(before + encoding(WORD) + b"\0 more") == {(WORD, "a file")}
    assert found(encoding(WORD[:-2])) == set()


def test_every_form_looks_different() -> None:
    assert len(forms(WORD)) == len(set(forms(WORD).values())) == 16
    assert list(forms("plain")) == [name for name in forms("plain") if not name.startswith(("URL", "JSON", "HTML"))]


def zipped(name: str, content: bytes) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return output.getvalue()


def png() -> bytes:
    notes = PngInfo()
    notes.add_text("Author", OTHER * 9, zip=True)
    notes.add_itxt("Comment", WORD * 9, zip=True)
    return saved(painted(), pnginfo=notes)


def jpeg() -> bytes:
    exif = Image.Exif()
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.UserComment] = b"UNICODE\0" + WORD.encode("utf-16-be")
    return saved(painted(), "JPEG", exif=exif, comment=OTHER.encode())


def letter() -> bytes:
    message = EmailMessage()
    message["Subject"], message["To"] = OTHER, "somebody@example.com"
    message.set_content("x" * 70 + WORD, cte="quoted-printable")
    message.add_alternative(f"<p>{'x' * 70}{WORD}</p>", subtype="html", cte="base64")
    return message.as_bytes()


def test_what_is_compressed_or_cut_up_is_found_as_it_was() -> None:
    text = b"many words " * 50 + WORD.encode()
    archive = zipped("data.json", zipped("inner.json", text) + b"")
    assert WORD.encode() not in archive + png() + letter() + gzip.compress(text)

    assert found(archive) == {(WORD, "a file > data.json > inner.json")}
    assert found(gzip.compress(text)) == {(WORD, "a file > content")}
    assert found(zipped(f"{WORD}.txt", b""))
    assert found(png()) == {(OTHER, "a file > zTXt"), (WORD, "a file > iTXt")}
    assert found(zipped("a.jpeg", jpeg())) == {(WORD, "a file > a.jpeg"), (OTHER, "a file > a.jpeg")}
    assert found(letter(), "1.eml") >= {(OTHER, "1.eml > head"), *((WORD, f"1.eml > part {n}") for n in (1, 2))}


def test_a_record_that_the_header_of_a_page_cuts_through_is_found() -> None:
    """Pages of 8192 bytes, the first one's header 40 bytes long and the others' 24."""
    cut = b"\0" * (8192 - 40 - 5) + WORD.encode() + b"\0" * 9000
    whole = b"h" * 40 + cut[:8152] + b"h" * 24 + cut[8152:16320] + b"h" * 24 + cut[16320:]

    assert records(whole) == cut
    assert found(whole) == set()
    assert found(whole, "data/pg_wal/0001") == {(WORD, "data/pg_wal/0001 > records")}


def test_files_and_their_names_are_searched(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "c").write_bytes(WORD.encode())
    (tmp_path / "a" / OTHER).touch()

    hits = Scanner([WORD, OTHER]).folder(tmp_path)

    assert sorted((hit.word, hit.place.partition("/")[2]) for hit in hits) == [(WORD, "a/b/c"), (OTHER, f"a/{OTHER}")]


async def test_every_kind_of_value_in_valkey_is_found(valkey_url: str) -> None:
    """Long values, which it would compress, and short ones; in keys as well."""
    long = "long " * 100
    async with Redis.from_url(valkey_url) as client:
        for command in (
            ("SET", "a", f"{long}{WORD}"),
            ("SET", f"a {WORD}", "1"),
            ("HSET", "b", "field", f"{long}{WORD}"),
            ("RPUSH", "c", *[long] * 99, WORD),
            ("ZADD", "d", "1", f"{long}{WORD}"),
            ("SADD", "e", WORD),
            ("XADD", "f", "*", "field", f"{long}{WORD}"),
        ):
            await client.execute_command(*command)
            assert found(await dumped(client), "valkey") == {(WORD, "valkey")}, command[0]
            await client.flushall()
            assert found(await dumped(client), "valkey") == set()


async def test_what_postgresql_keeps_is_found_wherever_it_keeps_it(database: str, valkey_url: str) -> None:
    """A row, a long value, an index, statistics, the log; and no more once time has passed over what was deleted."""

    [folder] = (await Places.of(valkey_url)).folders

    def places() -> set[str]:
        return {hit.place.split("/")[1] for hit in Scanner([WORD]).folder(folder)}

    await execute("CREATE TABLE diaries (id int, day text, text text, data jsonb, raw bytea)")
    await execute("CREATE INDEX days ON diaries (day)")
    await uncompressed()
    await execute(
        """INSERT INTO diaries SELECT n, $1 || n, repeat('x', 4000) || $1,
             jsonb_build_object('a', repeat('y', 4000) || $1), convert_to($1, 'UTF8') FROM generate_series(1, 20) n""",
        WORD,
    )
    await execute("ANALYZE diaries")
    await written()
    before = places()
    await execute("INSERT INTO diaries SELECT n, 'a day' || n FROM generate_series(1, 20) n")
    await execute("DELETE FROM diaries WHERE raw IS NOT NULL")
    await written()
    deleted = places()
    await settled()

    assert before >= {"base", "pg_wal"}
    assert deleted >= {"base"}, "PostgreSQL does not overwrite what it deletes"
    assert places() == set()
