"""Every object store of ours: tests that ask for `store` run on each."""

import pytest

from app.core.ports import ObjectStore
from app.integrations.local_store import LocalObjectStore
from tests.fakes.s3 import S3Server, store_in

STORES = ("local", "s3")


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest) -> ObjectStore:
    if request.param == "local":
        return LocalObjectStore(request.getfixturevalue("tmp_path") / "objects", durable=False)
    server: S3Server = request.getfixturevalue("s3_server")
    return store_in(server.new_bucket("some/prefix"))
