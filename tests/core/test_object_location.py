"""Where objects are kept, as a setting says it."""

from pathlib import Path

import pytest

from app.core.object_location import Bucket, parse_location


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("file:///srv/pictures", Path("/srv/pictures")),
        ("file://localhost/srv/two%20words", Path("/srv/two words")),
        ("s3://bucket?region=eu-central-1", Bucket("bucket", "", "eu-central-1")),
        ("s3://my.bucket/a/b/?region=eu-central-1", Bucket("my.bucket", "a/b", "eu-central-1")),
        ("s3://bucket/a?endpoint=http://s3:9000", Bucket("bucket", "a", "us-east-1", "http://s3:9000")),
        (
            "s3://bucket?endpoint=https%3A%2F%2Fs3.example.com%2F&region=eu-1",
            Bucket("bucket", "", "eu-1", "https://s3.example.com"),
        ),
    ],
)
def test_what_can_be_read(url: str, place: Path | Bucket) -> None:
    assert parse_location(url) == place


@pytest.mark.parametrize(
    "url",
    [
        *("", "pictures", "/srv/pictures", "http://bucket", "file://host/srv", "file:srv", "file:///srv?x=1"),
        *("s3://", "s3:///prefix", "s3://Bucket?region=a", "s3://b?region=a", "s3://bucket/../x?region=a"),
        *(
            "s3://bucket//x?region=a",
            "s3://bucket/.x?region=a",
            "s3://bucket",
            "s3://bucket?region=",
            "s3://bucket?region=A B",
        ),
        *("s3://bucket?region=a&region=b", "s3://bucket?region=a&acl=public", "s3://bucket:99?region=a"),
        *("s3://bucket?endpoint=s3.example.com", "s3://bucket?endpoint=ftp://s3", "s3://bucket?endpoint=http://"),
        *("s3://bucket?endpoint=http://s3/path", "s3://bucket?endpoint=http://[", "s3://["),
        *("s3://bucket?endpoint=http://s3:port", "s3://b\u2100cket"),
    ],
)
def test_what_cannot_be_read_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"^(must|names|takes|needs|is) "):
        parse_location(url)


@pytest.mark.parametrize(
    "url",
    [
        "s3://key:hunter2@bucket?region=a",
        "s3://bucket?region=a&endpoint=https://key:hunter2@s3.example.com",
        "s3://bucket?region=a&access_key_id=hunter2",
        "file://hunter2@/srv",
    ],
)
def test_credentials_are_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(ValueError, match="must not hold credentials") as caught:
        parse_location(url)
    assert "hunter2" not in str(caught.value)
