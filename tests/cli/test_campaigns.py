"""`anypeople campaigns`, as the operator types it; in this process, which is cheaper than one for each command."""

import asyncio
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.cli.commands import app
from app.cli.errors import CommandFailed
from app.core.db import connected, fetch
from app.marketing.errors import NotAText, SentBefore
from tests.marketing.conftest import populate

TEXT = "---\nsubject: What is new\n---\n\nThe first paragraph.\n\nThe second.\n"


def typed(*words: str) -> Result:
    return CliRunner().invoke(app, ["campaigns", *words])


def in_database(url: str, count: str) -> int:
    async def read() -> int:
        async with connected(url, pool_size=1):
            [row] = await fetch(f"SELECT count(*) AS number FROM {count}")
            return int(row["number"])

    return asyncio.run(read())


def test_the_operator_tries_sends_looks_and_stops(
    environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = environment["DATABASE_URL"]

    async def people() -> None:
        async with connected(url, pool_size=1):
            await populate(5, 2)

    asyncio.run(people())
    (tmp_path / "news.txt").write_text(TEXT)
    file = str(tmp_path / "news.txt")

    tried = typed("send", file, "--dry-run")
    assert tried.output.endswith("It would reach 2 people now. Nothing was sent.\n")
    assert (in_database(url, "campaigns"), in_database(url, "jobs")) == (0, 0)

    sent = typed("send", file)
    assert isinstance(typed("send", file).exception, SentBefore)
    campaign = sent.output.strip()
    assert campaign in typed("list").output
    shown = typed("show", campaign).output
    assert all(words in shown for words in ("RUNNING", "What is new", "The first paragraph.\n\nThe second."))
    assert typed("stop", campaign).output == "Stopped. 0 mails were called back.\n"
    assert "STOPPED" in typed("list").output
    assert in_database(url, "campaigns") == 1

    (tmp_path / "news.txt").write_bytes(b"\xff\xfe" + TEXT.encode())
    assert isinstance(typed("send", file).exception, CommandFailed)
    (tmp_path / "news.txt").write_text("\ufeff" + TEXT)
    assert isinstance(typed("send", file).exception, SentBefore)
    (tmp_path / "letter.txt").write_text("Dear all")
    assert isinstance(typed("send", str(tmp_path / "letter.txt")).exception, NotAText)
    for name, value in (("URL", "smtps://mail.example"), ("OPERATOR", "Post Ltd"), ("COUNTRY", "IE"), ("DPA", "7")):
        monkeypatch.setenv(f"ANYPEOPLE_SMTP_{name}", value)
    monkeypatch.setenv("ANYPEOPLE_SMTP_TRANSFER", "INSIDE_EEA")
    refused = typed("send", file, "--again").exception
    assert isinstance(refused, CommandFailed)
    assert "ANYPEOPLE_SMTP_MARKETING" in str(refused)
    assert in_database(url, "campaigns") == 1
