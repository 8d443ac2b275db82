"""`anypeople training`, as the operator types it. One process runs several commands: starting is what takes long."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from app.core.db import execute
from tests.architecture.checks.repository import ROOT
from tests.cli.test_commands import bare_environment
from tests.fakes.server import RunningServer

SCRIPT = """
import contextlib, io, json, sys
from app.cli.commands import main

for arguments in json.loads(sys.argv[1]):
    sys.argv, out, err, code = ["anypeople", "training", *arguments], io.StringIO(), io.StringIO(), 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main()
        except SystemExit as end:
            code = end.code
    print(json.dumps([code, out.getvalue(), err.getvalue()]))
"""


def training(folder: Path, environment: dict[str, str], *commands: list[str]) -> list[list[Any]]:
    """Return exit code, output and errors of each command."""
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT, json.dumps(commands)],
        env=bare_environment(folder, **environment) | {"PYTHONPATH": str(ROOT)},
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in ran.stdout.splitlines()]


async def test_a_data_set_is_built_handed_out_and_checked(
    server: RunningServer, environment: dict[str, str], tmp_path: Path
) -> None:
    ada = await server.sign_up("ada")
    for _ in range(2):
        await server.create(ada, visibility="PUBLIC")
    await server.queue.settle()
    (tmp_path / "jwks.json").write_bytes((await server.client.get("/.well-known/jwks.json")).content)

    nothing, build, verify, export, checked = training(
        tmp_path,
        environment,
        ["list"],
        ["build", "--name", "autumn"],
        ["verify", "autumn"],
        ["export", "autumn"],
        ["check", "manifest.jsonl", "--jwks", "jwks.json"],
    )
    assert nothing == [0, "There is no data set yet.\n", ""]
    assert (build[0], build[2]) == (0, "2 pictures looked at, 2 taken\n")
    assert build[1].startswith("autumn: 2 pictures, 0 of them excluded since.\nSealed at ")
    assert verify == [0, "        2 eligible\n        0 excluded\n        0 gone\n        0 wrong\n", "2 replayed\n"]
    assert export == [0, "2 pictures are in manifest.jsonl.\n", ""]
    [line, _, signature] = map(json.loads, (tmp_path / "manifest.jsonl").read_text().splitlines())
    assert (line.keys(), list(signature)) == ({"byteSize", "key", "sha256"}, ["signature"])
    assert (tmp_path / "objects" / line["key"]).stat().st_size == line["byteSize"]
    assert checked == [0, "2 pictures of the data set autumn: signed with these keys, and unchanged.\n", ""]

    (tmp_path / "manifest.jsonl").unlink()
    await execute(
        """UPDATE training_items SET excluded_at = now(), excluded_because = 'OBJECTED', basis = 'CONSENT'
           WHERE id = (SELECT max(id::text) FROM training_items)::uuid"""
    )
    shown, wrong, refused, unknown = training(
        tmp_path, environment, ["list"], ["verify", "autumn"], ["export", "autumn"], ["verify", "winter"]
    )
    assert shown[1].split()[-5:] == ["2", "pictures", "1", "excluded", "autumn"]
    assert wrong[0] == 1
    assert "THE DATA SET IS NOT WHAT MAY BE TRAINED ON." in wrong[2]
    assert "It was changed, or added by hand." in wrong[2]
    assert (refused[0], "Nothing is handed out" in refused[2]) == (1, True)
    assert not (tmp_path / "manifest.jsonl").exists()
    assert unknown == [1, "", "There is no data set of that name: `anypeople training list` shows them.\n"]
