"""`anypeople mail receive` and `anypeople support forget`, as a mail server and an operator call them."""

import subprocess
import sys
from pathlib import Path

from app.core.db import fetch
from app.core.keys import derive
from app.mail.replies import ReplyAddresses, Side
from tests.cli.test_commands import ROOT, anypeople, bare_environment
from tests.support.conversing import mail

SECRET = "a secret of the tests, long enough for all"
EVE = "eve@example.org"


def receive(folder: Path, content: bytes, url: str) -> tuple[int, str]:
    """Pipe a mail in; return the exit code, and what was said."""
    values = {"DATABASE_URL": url, "ANYPEOPLE_SECRET_KEY": SECRET, "ANYPEOPLE_SUPPORT_EMAIL": "help@people.example"}
    command = [sys.executable, "-m", "app.cli", "mail", "receive"]
    environment = bare_environment(folder, **values) | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, cwd=folder, input=content, capture_output=True, check=False)
    return done.returncode, (done.stdout + done.stderr).decode()


async def test_a_mail_server_is_told_what_to_do(database: str, tmp_path: Path) -> None:
    letter = mail(EVE, "help@people.example", "Where is my picture?", Message_ID="<1@example.org>")
    assert receive(tmp_path, letter, database) == (0, "Taken: a thread was opened.\n")
    [row] = await fetch("SELECT id, address FROM support_threads")
    answers = ReplyAddresses(derive(SECRET.encode(), "support-replies"), "help@people.example")
    answer = mail("grace@team.example", answers.address(row["id"], Side.STAFF), "In your gallery.")
    assert receive(tmp_path, answer, database) == (0, "Taken: an answer is on its way.\n")
    right = mail(EVE, "help@people.example", "Please do not sell my personal data.", Message_ID="<2@example.org>")
    asked = "Taken: a thread was opened, and a privacy request that the address is to confirm.\n"
    assert receive(tmp_path, right, database) == (0, asked)
    assert receive(tmp_path, b"nonsense", database)[0] == 65
    away = receive(tmp_path, letter, "postgresql://nobody@127.0.0.1:1/none")
    assert (away[0], "eve" in away[1], "Traceback" in away[1]) == (75, False, False)

    kinds = [each["kind"] for each in await fetch("SELECT kind FROM mails ORDER BY id")]
    assert kinds[:3] == ["SUPPORT_MESSAGE", "SUPPORT_RECEIVED", "SUPPORT_ANSWER"]
    assert kinds[3:] == ["PRIVACY_MESSAGE", "PRIVACY_REQUEST_RECEIVED"]
    forgotten = anypeople(tmp_path, "support", "forget", EVE, DATABASE_URL=database)
    assert (forgotten.stdout, await fetch("SELECT 1 FROM mails")) == ("2 threads are gone.\n", [])
