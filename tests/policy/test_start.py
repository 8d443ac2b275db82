"""No process starts with another text than was published; the first one gives a new installation its texts."""

import pytest

from app.core.config import Settings
from app.core.db import connected, execute, fetch
from app.generation.engines.registry import Engines
from app.main import application
from app.policy.errors import TextChanged
from tests.fakes.people import POLICY_VERSION, TERMS_VERSION
from tests.fakes.shelf import Shelf
from tests.policy.test_queries import NOW, publish_row
from workers.settings import composed

RECORDED = "SELECT version FROM document_versions ORDER BY kind"


@pytest.fixture
async def changed(settings: Settings, shelf: Shelf) -> Settings:
    """A service that is shipped with another text than was published."""
    shelf.ship("2031-01-01")
    async with connected(settings.stores.urls()[0]):
        await publish_row("2031-01-01", NOW, sha256="0" * 64)
    return settings


@pytest.fixture
async def new(settings: Settings) -> Settings:
    """A service that never ran."""
    async with connected(settings.stores.urls()[0]):
        await execute("DELETE FROM document_versions")
    return settings


async def test_the_web_server_refuses(changed: Settings, engines: Engines) -> None:
    app = application(changed, engines)

    with pytest.raises(TextChanged, match="2031-01-01"):
        async with app.router.lifespan_context(app):
            pass


async def test_the_worker_refuses(changed: Settings, engines: Engines) -> None:
    with pytest.raises(TextChanged, match="2031-01-01"):
        async with composed(changed, engines):
            pass


async def test_the_web_server_begins_with_the_latest(new: Settings, engines: Engines) -> None:
    app = application(new, engines)

    async with app.router.lifespan_context(app):
        assert [row["version"] for row in await fetch(RECORDED)] == [POLICY_VERSION, TERMS_VERSION]


async def test_the_worker_begins_with_the_latest(new: Settings, engines: Engines) -> None:
    async with composed(new, engines):
        assert [row["version"] for row in await fetch(RECORDED)] == [POLICY_VERSION, TERMS_VERSION]
