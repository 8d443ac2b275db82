"""The whole service with its pictures in a bucket, and what the doctor says of object stores."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.cli.checkup import Finding, examine
from app.core.object_location import Bucket
from tests.cli.test_commands import PRODUCTION, SERVERS, anypeople
from tests.fakes.s3 import KEYS, S3Server, url_of

S3 = {"AWS_ACCESS_KEY_ID": KEYS.access_key_id, "AWS_SECRET_ACCESS_KEY": KEYS.secret_access_key}


@pytest.fixture
def bucket(s3_server: S3Server) -> Bucket:
    return s3_server.new_bucket("pictures-of-people")


@pytest.fixture
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """An environment without settings of ours but for a folder."""
    for name in (*SERVERS, *S3):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ANYPEOPLE_VAR", str(tmp_path / "var"))
    monkeypatch.chdir(tmp_path)  # no .env of a developer there
    return monkeypatch


async def objects_finding(patch: pytest.MonkeyPatch, values: dict[str, str]) -> Finding:
    for name, value in values.items():
        patch.setenv(name, value)
    (finding,) = (finding for finding in await examine() if finding.name == "objects")
    return finding


def test_the_demo_keeps_its_pictures_in_the_bucket(tmp_path: Path, s3_server: S3Server, bucket: Bucket) -> None:
    done = anypeople(tmp_path, "demo", "a woman with a bun", "--count", "1", OBJECT_STORE_URL=url_of(bucket), **S3)

    assert done.returncode == 0, done.stderr + done.stdout
    assert len(list((tmp_path / "var" / "demo").glob("*.webp"))) == 1
    stored = s3_server.keys(bucket)
    assert len(stored) == 3
    assert all(key.startswith("pictures-of-people/pictures/") for key in stored)
    assert not (tmp_path / "var" / "objects").exists()


async def test_the_doctor_writes_to_the_bucket_and_leaves_nothing(
    clean: pytest.MonkeyPatch, s3_server: S3Server, bucket: Bucket
) -> None:
    finding = await objects_finding(clean, {"OBJECT_STORE_URL": url_of(bucket), **S3})

    assert finding.healthy
    assert bucket.name in finding.state
    assert s3_server.keys(bucket) == []


async def test_the_doctor_names_a_bucket_that_is_not_there(clean: pytest.MonkeyPatch, bucket: Bucket) -> None:
    missing = replace(bucket, name="nobody-made-this")
    finding = await objects_finding(clean, {"OBJECT_STORE_URL": url_of(missing), **S3})

    assert not finding.healthy
    assert "nobody-made-this" in finding.state
    assert "does the bucket of OBJECT_STORE_URL exist" in finding.line()
    assert KEYS.secret_access_key not in finding.line()


async def test_the_doctor_names_missing_keys(clean: pytest.MonkeyPatch, bucket: Bucket) -> None:
    finding = await objects_finding(clean, {"OBJECT_STORE_URL": url_of(bucket)})

    assert not finding.healthy
    assert "AWS_ACCESS_KEY_ID is not set" in finding.state


async def test_the_doctor_says_what_a_folder_is_good_for_in_production(clean: pytest.MonkeyPatch) -> None:
    finding = await objects_finding(clean, PRODUCTION)

    assert finding.healthy
    assert "web and worker must see the same folder" in finding.state


async def test_the_doctor_is_silent_about_that_in_development(clean: pytest.MonkeyPatch) -> None:
    finding = await objects_finding(clean, {})

    assert finding.healthy
    assert "same folder" not in finding.state
