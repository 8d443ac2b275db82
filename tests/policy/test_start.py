"""No process starts with another text than was published."""

import pytest

from app.core.config import Settings
from app.core.db import connected
from app.generation.engines.registry import Engines
from app.main import application
from app.policy.errors import TextChanged
from tests.fakes.shelf import Shelf
from tests.policy.test_queries import NOW, publish_row
from workers.settings import composed


@pytest.fixture
async def changed(settings: Settings, shelf: Shelf) -> Settings:
    """A service that is shipped with another text than was published."""
    shelf.ship("2031-01-01")
    async with connected(settings.stores.urls()[0]):
        await publish_row("2031-01-01", NOW, sha256="0" * 64)
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
