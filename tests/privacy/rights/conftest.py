"""A worker that carries requests out, and somebody who asks."""

from uuid import UUID

import pytest

from app.core.config import Settings
from app.core.keys import derive
from app.core.signing import Signer
from tests.conftest import SignUp
from tests.fakes.carriers import DirectQueue
from tests.privacy.rights.world import Asking, give
from workers.runner import Runner


@pytest.fixture
def asking(database: str, settings: Settings, runner: Runner, queue: DirectQueue) -> Asking:
    """Asks, and works."""
    return Asking(runner, Signer(derive(settings.security.key, "signatures")))


@pytest.fixture
async def ada(person: SignUp, queue: DirectQueue) -> UUID:
    """Somebody with something in each place that these rights look at."""
    user_id = (await person("ada")).viewer.user_id
    await give(user_id)
    return user_id
