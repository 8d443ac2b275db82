import shutil
from pathlib import Path

import pytest

from app.embedded import EmbeddedPostgres


@pytest.fixture(scope="session")
def stopped_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that was started once, to copy: making one takes half a second."""
    folder = tmp_path_factory.mktemp("stopped") / "data"
    with EmbeddedPostgres(folder, durable=False):
        pass
    return folder


@pytest.fixture
def data(stopped_database: Path, tmp_path: Path) -> Path:
    """A data folder of the test's own, started before. As root's copy it belongs to root."""
    return Path(shutil.copytree(stopped_database, tmp_path / "data"))
