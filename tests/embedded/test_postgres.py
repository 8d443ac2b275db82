import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from app.embedded import EmbeddedError, EmbeddedPostgres

from .outside import query


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    with EmbeddedPostgres(tmp_path_factory.mktemp("postgres") / "data", durable=False) as server:
        yield server


def sockets_of(server: EmbeddedPostgres) -> Path:
    return Path(parse_qs(urlsplit(server.url).query)["host"][0])


def mode_of(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_data_outlive_the_server(tmp_path: Path) -> None:
    folder = tmp_path / "made" / "postgres"
    with EmbeddedPostgres(folder) as server:
        sockets, url = sockets_of(server), server.url
        query(url, "CREATE TABLE word (text text)", "INSERT INTO word VALUES ('kept')")
        assert query(url, "SHOW fsync") == "on"
    assert not sockets.exists()
    with EmbeddedPostgres(folder) as server:
        assert server.url == url
        assert query(server.url, "SELECT text FROM word") == "kept"


def test_is_private_to_this_machine_and_this_user(server: EmbeddedPostgres) -> None:
    assert query(server.url, "SHOW listen_addresses") == ""
    sockets = sockets_of(server)
    assert mode_of(sockets) == 0o700
    assert mode_of(next(sockets.glob(".s.PGSQL.5432"))) == 0o700
    folder = Path(query(server.url, "SHOW data_directory"))
    assert mode_of(folder) == 0o700
    assert mode_of(folder.with_name("data.log")) == 0o600


def test_speaks_unicode_and_utc_on_every_machine(server: EmbeddedPostgres) -> None:
    assert query(server.url, "SHOW server_encoding") == "UTF8"
    assert query(server.url, "SHOW timezone") == "UTC"
    assert query(server.url, "SELECT lower('ÄÉŠ')") == "äéš"


def test_logs_neither_statements_nor_values(server: EmbeddedPostgres) -> None:
    log = Path(query(server.url, "SHOW data_directory")).with_name("data.log")
    with pytest.raises(Exception, match="invalid input syntax"):
        query(server.url, "SELECT 'ada@example.org'::int")
    with pytest.raises(Exception, match="duplicate key"):
        query(
            server.url,
            "CREATE TEMP TABLE person (mail text PRIMARY KEY)",
            "INSERT INTO person VALUES ('ada@example.org'), ('ada@example.org')",
        )
    assert "ready to accept connections" in log.read_text()
    assert "ada@example.org" not in log.read_text()


def test_clones_a_template(server: EmbeddedPostgres) -> None:
    server.create_database("template_of_tests")
    query(server.database_url("template_of_tests"), "CREATE TABLE word AS SELECT 'copied' AS text")
    server.create_database("clone", template="template_of_tests")
    assert query(server.database_url("clone"), "SELECT text FROM word") == "copied"
    server.drop_database("clone")
    with pytest.raises(Exception, match='"clone" does not exist'):
        query(server.database_url("clone"), "SELECT 1")


def test_drops_a_database_that_is_absent(server: EmbeddedPostgres) -> None:
    server.drop_database("never_made")


def test_says_what_postgres_refused(server: EmbeddedPostgres) -> None:
    with pytest.raises(EmbeddedError, match='database "anypeople" already exists'):
        server.create_database("anypeople")


@pytest.mark.parametrize("name", ["", "Upper", 'quo"te', "a b", "x" * 64, "1st", "new\n"])
def test_refuses_a_name_that_needs_quoting(server: EmbeddedPostgres, name: str) -> None:
    with pytest.raises(EmbeddedError, match="no plain database name"):
        server.create_database(name)


async def test_databases_can_be_made_while_an_event_loop_runs(server: EmbeddedPostgres) -> None:
    server.create_database("from_a_loop")
    server.drop_database("from_a_loop")
    await asyncio.sleep(0)


def test_has_no_address_before_it_runs(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path / "data")
    with pytest.raises(EmbeddedError, match="not running"):
        _ = server.url


def test_refuses_a_folder_with_other_things_in_it(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "letter.txt").write_text("dear")
    with pytest.raises(EmbeddedError, match="move it away"), EmbeddedPostgres(tmp_path / "data"):
        pass
    assert (tmp_path / "data" / "letter.txt").read_text() == "dear"


def test_refuses_to_start_in_a_thread(tmp_path: Path) -> None:
    refusals: list[EmbeddedError] = []

    def start() -> None:
        try:
            with EmbeddedPostgres(tmp_path / "data", durable=False):
                pass
        except EmbeddedError as error:
            refusals.append(error)

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()
    assert "main one" in str(refusals[0])


def test_names_the_log_when_the_server_does_not_start(data: Path) -> None:
    with (data / "postgresql.conf").open("a") as settings:
        settings.write("no_such_setting = 1\n")
    with pytest.raises(EmbeddedError, match="did not start") as refusal, EmbeddedPostgres(data, durable=False):
        pass
    assert str(data.with_name("data.log")) in str(refusal.value)
    assert "no_such_setting" in str(refusal.value)


def test_a_long_path_and_a_neighbour_are_no_trouble(data: Path) -> None:
    deep = data.parent.joinpath(*["a-rather-long-folder-name"] * 8, "sp ace")
    with (
        EmbeddedPostgres(deep / "data", durable=False) as one,
        EmbeddedPostgres(data, durable=False) as other,
    ):
        assert one.url != other.url
        query(one.url, "CREATE TABLE only_here ()")
        assert query(other.url, "SELECT to_regclass('only_here')") is None
