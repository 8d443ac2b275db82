"""Whatever an earlier or a simultaneous run does, it neither hinders nor harms this one."""

import os
import subprocess
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from app.embedded import EmbeddedError, EmbeddedPostgres, EmbeddedValkey

from .outside import eventually, query, runs, start_python

SUPERVISOR = """
import sys, time
from pathlib import Path
from app.embedded import EmbeddedPostgres, EmbeddedValkey
folder = Path(sys.argv[1])
with EmbeddedPostgres(folder / "postgres", durable=False) as postgres, EmbeddedValkey(folder / "valkey") as valkey:
    print(postgres.pid, valkey.pid, flush=True)
    time.sleep(60)
"""

STARTER = """
import sys
from pathlib import Path
from app.embedded import EmbeddedError, EmbeddedPostgres
try:
    with EmbeddedPostgres(Path(sys.argv[1]), durable=False) as server:
        print("started", flush=True)
        sys.stdin.readline()
except EmbeddedError as error:
    print(error)
"""

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can make another user's folder")


def test_servers_die_with_a_killed_supervisor_and_start_again(tmp_path: Path) -> None:
    with start_python(SUPERVISOR, tmp_path) as supervisor:
        assert supervisor.stdout is not None
        pids = [int(pid) for pid in supervisor.stdout.readline().split()]
        assert len(pids) == 2
        assert all(runs(pid) for pid in pids)
        supervisor.kill()
        # At once, while the old servers may still be dying, and before anybody reaps the supervisor.
        with EmbeddedPostgres(tmp_path / "postgres") as postgres, EmbeddedValkey(tmp_path / "valkey"):
            assert query(postgres.url, "SELECT 1") == 1
            assert eventually(lambda: not any(runs(pid) for pid in pids))


def test_of_two_that_start_at_once_one_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with start_python(STARTER, folder) as one, start_python(STARTER, folder) as other:
        outputs = [process.stdout.readline() for process in (one, other) if process.stdout]
        for process in (one, other):
            process.communicate("stop\n")
    assert sorted(output == "started\n" for output in outputs) == [False, True]
    assert any("Another AnyPeople is running" in output and "DATABASE_URL" in output for output in outputs)


def test_a_second_start_does_not_disturb_the_first(data: Path) -> None:
    with EmbeddedPostgres(data, durable=False) as server:
        with pytest.raises(EmbeddedError, match="Another AnyPeople"), EmbeddedPostgres(data):
            pass
        assert query(server.url, "SELECT 1") == 1


def test_a_pid_file_whose_number_another_process_has_by_now(data: Path) -> None:
    with EmbeddedPostgres(data, durable=False):
        pid_file = (data / "postmaster.pid").read_text()
    owner = data.stat()
    with subprocess.Popen(["sleep", "60"], user=owner.st_uid, group=owner.st_gid) as bystander:
        (data / "postmaster.pid").write_text(f"{bystander.pid}\n" + pid_file.split("\n", 1)[1])
        with EmbeddedPostgres(data, durable=False) as server:
            assert query(server.url, "SELECT 1") == 1
        assert bystander.poll() is None
        bystander.kill()


def test_a_server_started_by_hand_in_the_folder_is_respected(data: Path) -> None:
    with subprocess.Popen(["sleep", "60"], cwd=data) as by_hand:
        (data / "postmaster.pid").write_text(f"{by_hand.pid}\n{data}\n")
        with pytest.raises(EmbeddedError, match=f"Process {by_hand.pid} is a PostgreSQL"), EmbeddedPostgres(data):
            pass
        by_hand.kill()


def test_an_unfinished_first_start_and_stale_sockets(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    (tmp_path / "data.new").mkdir()
    (tmp_path / "data.new" / "PG_VERSION").write_text("18\n")
    with EmbeddedPostgres(folder, durable=False) as server:
        sockets = sockets_of(server)
    sockets.mkdir()
    (sockets / ".s.PGSQL.5432").write_text("")
    (sockets / ".s.PGSQL.5432.lock").write_text(f"{os.getppid()}\n")
    with EmbeddedPostgres(folder, durable=False) as server:
        assert query(server.url, "SELECT 1") == 1


@as_root
def test_a_socket_folder_made_by_somebody_else_is_refused(tmp_path: Path) -> None:
    with EmbeddedValkey(tmp_path / "valkey") as server:
        sockets = Path(urlsplit(server.url).path).parent
    sockets.mkdir()
    os.chown(sockets, 12345, 12345)
    try:
        with pytest.raises(EmbeddedError, match="belongs to somebody else"), EmbeddedValkey(tmp_path / "valkey"):
            pass
    finally:
        sockets.rmdir()


def sockets_of(server: EmbeddedPostgres) -> Path:
    return Path(parse_qs(urlsplit(server.url).query)["host"][0])
