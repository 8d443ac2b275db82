"""The service as operators run it: in production mode, behind TLS."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from app.core.config import MIN_PASSWORD_MEMORY, Settings
from app.generation.engines.registry import Engines
from tests.fakes.server import RunningServer, running_server
from tests.fakes.tls import tls_front
from workers.runner import Runner

SAFE = {
    "MODE": "production",
    "PUBLIC_URL": "https://people.example",
    "PASSWORD_MEMORY": str(MIN_PASSWORD_MEMORY),
    "SMTP_URL": "smtps://mail.example",
    "SMTP_OPERATOR": "Carrier Ltd",
    "SMTP_COUNTRY": "IE",
    "SMTP_TRANSFER": "INSIDE_EEA",
    "SMTP_DPA": "Agreement 1",
    "MAIL_FROM": "no-reply@people.example",
    "CONTACT_EMAIL": "help@people.example",
    "CONTROLLER_NAME": "People Ltd",
    "CONTROLLER_ADDRESS": "1 Example Street, Dublin",
    "CONTROLLER_COUNTRY": "IE",
}
"""Settings with which production starts, beside servers and key."""


def be_in_production(monkeypatch: pytest.MonkeyPatch, **settings: str) -> None:
    """Have this test's environment be one of production."""
    for name, value in {**SAFE, **settings}.items():
        monkeypatch.setenv(f"ANYPEOPLE_{name}", value)


@asynccontextmanager
async def in_production(
    engines: Engines, runner: Runner, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[tuple[RunningServer, str], None]:
    """Serve in production mode; yields the server and the `https://` address that people use."""
    async with tls_front(folder) as front:
        be_in_production(monkeypatch, PUBLIC_URL=front.address)
        async with running_server(Settings.load(), engines, runner) as server:
            front.port = urlsplit(server.address).port or 0
            yield server, front.address
