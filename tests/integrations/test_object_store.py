"""Which store the settings choose."""

from pathlib import Path

import pytest

from app.core.concerns import ConfigurationError
from app.core.config import Settings
from app.integrations.local_store import LocalObjectStore
from app.integrations.object_store import object_store
from app.integrations.s3_store import S3ObjectStore
from tests.fakes.s3 import KEYS, S3Server, url_of


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("OBJECT_STORE_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ANYPEOPLE_VAR", str(tmp_path / "var"))
    monkeypatch.chdir(tmp_path)  # no .env of a developer there


@pytest.mark.parametrize(("url", "folder"), [(None, "var/objects"), ("", "var/objects"), ("file://{}/else", "else")])
async def test_a_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, url: str | None, folder: str) -> None:
    if url is not None:
        monkeypatch.setenv("OBJECT_STORE_URL", url.format(tmp_path))
    store = object_store(Settings.load())
    await store.put("a/b", b"x")

    assert isinstance(store, LocalObjectStore)
    assert (tmp_path / folder / "a" / "b").read_bytes() == b"x"


async def test_a_bucket(monkeypatch: pytest.MonkeyPatch, s3_server: S3Server) -> None:
    bucket = s3_server.new_bucket("pictures")
    monkeypatch.setenv("OBJECT_STORE_URL", url_of(bucket))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEYS.access_key_id)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", KEYS.secret_access_key)
    store = object_store(Settings.load())
    await store.put("a/b", b"x")

    assert isinstance(store, S3ObjectStore)
    assert s3_server.keys(bucket) == ["pictures/a/b"]


@pytest.mark.parametrize("missing", ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])
def test_a_bucket_without_keys_is_refused(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    monkeypatch.setenv("OBJECT_STORE_URL", "s3://bucket?region=eu-central-1")
    for name in {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"} - {missing}:
        monkeypatch.setenv(name, "x")
    settings = Settings.load()

    with pytest.raises(ConfigurationError, match=missing):
        object_store(settings)


@pytest.mark.parametrize("url", ["s3://key:hunter2@bucket", "s3://bucket?region=x&secret_access_key=hunter2"])
def test_credentials_in_the_address_are_refused_and_not_repeated(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("OBJECT_STORE_URL", url)

    with pytest.raises(ConfigurationError, match=r"OBJECT_STORE_URL: .*must not hold credentials") as caught:
        Settings.load()
    assert "hunter2" not in str(caught.value)
    assert caught.value.__suppress_context__
