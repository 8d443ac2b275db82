from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from redis import Redis
from redis.exceptions import ConnectionError as ValkeyGone

from app.embedded import EmbeddedError, EmbeddedValkey


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedValkey]:
    with EmbeddedValkey(tmp_path / "valkey") as server:
        yield server


def test_answers_and_keeps_nothing_on_disk(server: EmbeddedValkey, tmp_path: Path) -> None:
    with Redis.from_url(server.url) as client:
        client.set("word", "here")
        assert client.get("word") == b"here"
        settings = client.config_get()
    assert (settings["port"], settings["save"], settings["appendonly"]) == ("0", "", "no")
    assert settings["maxmemory-policy"] == "noeviction"
    assert list((tmp_path / "valkey").iterdir()) == []


def test_is_private(server: EmbeddedValkey, tmp_path: Path) -> None:
    socket = Path(urlsplit(server.url).path)
    for path, mode in {socket: 0o700, socket.parent: 0o700, tmp_path / "valkey": 0o700}.items():
        assert path.stat().st_mode & 0o777 == mode
    assert (tmp_path / "valkey.log").stat().st_mode & 0o777 == 0o600


def test_comes_back_on_the_same_address_after_a_kill(server: EmbeddedValkey) -> None:
    url = server.url
    with Redis.from_url(url) as client:
        client.set("word", "gone")
        server.kill()
        with pytest.raises(ValkeyGone):
            client.ping()
        server.restart()
        assert server.url == url
        assert client.get("word") is None


def test_restarts_while_it_runs(server: EmbeddedValkey) -> None:
    before = server.pid
    server.restart()
    assert server.pid != before


def test_leaves_nothing_behind(tmp_path: Path) -> None:
    with EmbeddedValkey(tmp_path / "valkey") as server:
        sockets = Path(urlsplit(server.url).path).parent
        server.kill()
    assert not sockets.exists()
    with pytest.raises(EmbeddedError, match="not running"):
        _ = server.url


def test_two_run_side_by_side(server: EmbeddedValkey, tmp_path: Path) -> None:
    with (
        EmbeddedValkey(tmp_path / "other") as other,
        Redis.from_url(server.url) as one,
        Redis.from_url(other.url) as two,
    ):
        one.set("word", "mine")
        assert two.get("word") is None


def test_a_second_start_in_the_folder_is_refused(server: EmbeddedValkey, tmp_path: Path) -> None:
    with pytest.raises(EmbeddedError, match="VALKEY_URL"), EmbeddedValkey(tmp_path / "valkey"):
        pass
    with Redis.from_url(server.url) as client:
        assert client.ping()
