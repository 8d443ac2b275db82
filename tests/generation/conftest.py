"""The bench."""

import pytest

from app.core.config import Settings
from app.integrations.local_store import LocalObjectStore
from tests.conftest import SignUp
from tests.fakes.engines import FaultyEngine
from tests.generation.workshop import Bench


@pytest.fixture
async def bench(person: SignUp, settings: Settings, faulty: FaultyEngine) -> Bench:
    """Ada's bench, with the engine that misbehaves on demand."""
    store = LocalObjectStore(settings.stores.var / "objects", durable=False)
    return Bench(await person("ada"), settings.work, store, [faulty])
