"""Who stores and who hosts is in the register; a server without a transfer mechanism cannot be configured."""

from pathlib import Path

import pytest

from app.core.concerns import ConfigurationError
from app.core.config import Settings
from app.core.object_location import parse_location
from app.core.recipient_settings import HostingSettings, StorageSettings
from app.generation.engines.illustration import IllustrationEngine
from app.generation.engines.registry import Engines
from app.integrations.mail import mailer_of
from app.main import application
from app.processors.register import Role, Transfer
from app.processors.standing import standing_processors
from app.registries import processor_register
from tests.fakes.engines import SlowEngine
from workers.settings import composed

AMAZON = parse_location("s3://people?region=eu-central-1")
ELSEWHERE = parse_location("s3://people?endpoint=https://s3.example.com&region=x")
HERE = parse_location("s3://people?endpoint=http://127.0.0.1:9000&region=x")
WHO = {"OPERATOR": "Keeper Ltd", "COUNTRY": "IE", "TRANSFER": "INSIDE_EEA", "DPA": "Agreement 2"}
NEEDED = {"SMTP": "smtps://mail.example", "STORAGE": "s3://people?region=eu-central-1", "HOSTING": ""}


def _set(monkeypatch: pytest.MonkeyPatch, kind: str, without: str = "") -> None:
    for name, value in WHO.items():
        monkeypatch.setenv(f"ANYPEOPLE_{kind}_{name}", "" if name == without else value)


@pytest.fixture
def elsewhere(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Mail, storage and machines of others."""
    monkeypatch.setenv("ANYPEOPLE_SMTP_URL", NEEDED["SMTP"])
    monkeypatch.setenv("OBJECT_STORE_URL", NEEDED["STORAGE"])
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "an-id")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a-secret")
    for kind in NEEDED:
        _set(monkeypatch, kind)
    return monkeypatch


def test_whoever_stores_and_whoever_hosts_is_in_the_register(elsewhere: pytest.MonkeyPatch) -> None:
    settings = Settings.load()
    register = processor_register(settings, Engines([IllustrationEngine()]), mailer_of(settings))

    assert [(entry.name, entry.standing) for entry in register] == [
        ("smtp", False),
        ("storage", True),
        ("hosting", True),
    ]
    for entry in register:
        assert (entry.operator, entry.country, entry.dpa) == ("Keeper Ltd", "IE", "Agreement 2")
        assert (entry.role, entry.transfer) == (Role.PROCESSOR, Transfer.INSIDE_EEA)


@pytest.mark.parametrize("kind", NEEDED)
@pytest.mark.parametrize("name", WHO)
async def test_without_it_the_service_does_not_start_and_names_the_setting(
    elsewhere: pytest.MonkeyPatch, kind: str, name: str
) -> None:
    _set(elsewhere, kind, without=name)
    settings, engines = Settings.load(), Engines([SlowEngine()])

    with pytest.raises(ConfigurationError, match=f"^ANYPEOPLE_{kind}_{name}: "):
        application(settings, engines)
    with pytest.raises(ConfigurationError, match=f"^ANYPEOPLE_{kind}_{name}: "):
        async with composed(settings, engines):
            pass


def test_a_folder_and_a_server_of_our_own_need_nobody() -> None:
    hosting, ours = HostingSettings(), StorageSettings(transfer="NONE_NEEDED")
    assert list(standing_processors(StorageSettings(), Path("var"), hosting)) == []
    for settings, place in ((StorageSettings(), HERE), (ours, ELSEWHERE)):
        [entry] = standing_processors(settings, place, hosting)
        assert (entry.role, entry.country) == (Role.OURSELVES, "local")


@pytest.mark.parametrize(("kind", "settings"), [("STORAGE", StorageSettings), ("HOSTING", HostingSettings)])
def test_what_cannot_be_read_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, kind: str, settings: type[StorageSettings] | type[HostingSettings]
) -> None:
    for name, value in (("TRANSFER", "CONSENT"), ("COUNTRY", "Atlantis")):
        monkeypatch.setenv(f"ANYPEOPLE_{kind}_{name}", value)
        with pytest.raises(ConfigurationError, match=f"ANYPEOPLE_{kind}_{name}"):
            settings.load()
        monkeypatch.delenv(f"ANYPEOPLE_{kind}_{name}")


def test_amazon_is_not_a_server_of_our_own() -> None:
    ours = StorageSettings(transfer="NONE_NEEDED")
    with pytest.raises(ConfigurationError, match="ANYPEOPLE_STORAGE_TRANSFER"):
        list(standing_processors(ours, AMAZON, HostingSettings()))
