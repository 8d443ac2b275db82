"""What the operator has to say before anything can leave."""

import re

import pytest

from app.core.concerns import ConfigurationError
from app.generation.engines.openai.settings import OpenAISettings
from app.generation.engines.registry import Engines
from app.processors.register import Role, Transfer
from tests.architecture.checks.repository import ROOT

ABROAD = {
    "BASE_URL": "https://api.example.com/v1/",
    "API_KEY": "sk-secret",
    "MODEL": "a-model",
    "OPERATOR": "Example Inc",
    "COUNTRY": "US",
    "TRANSFER": "SCC",
    "DPA": "Agreement 7",
}
LOCAL = {"BASE_URL": "http://localhost:8080/v1", "MODEL": "a-model"}


@pytest.fixture
def configure(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> pytest.MonkeyPatch:
    monkeypatch.chdir(tmp_path_factory.mktemp("no-env-file"))
    for name, value in ABROAD.items():
        monkeypatch.setenv(f"ANYPEOPLE_OPENAI_{name}", value)
    return monkeypatch


def test_a_server_elsewhere_is_a_processor(configure: pytest.MonkeyPatch) -> None:
    [engine] = Engines.configured(["openai"])
    entry = OpenAISettings.load().processor

    assert (entry.role, entry.transfer, entry.country) == (Role.PROCESSOR, Transfer.SCC, "US")
    assert entry.operator in engine.description
    assert engine.processor == entry
    assert entry.dpa == "Agreement 7"
    assert engine.retention is None
    assert not engine.capabilities.seeded
    assert not engine.capabilities.previews


def test_an_agreement_is_the_retention_proof(configure: pytest.MonkeyPatch) -> None:
    configure.setenv("ANYPEOPLE_OPENAI_RETENTION_AGREEMENT", "Zero data retention, order form 2026-11")
    [engine] = Engines.configured(["openai"])
    assert engine.retention is not None
    assert engine.retention.source == "Zero data retention, order form 2026-11"


def test_a_server_on_this_machine_needs_less(configure: pytest.MonkeyPatch) -> None:
    for name in ABROAD:
        configure.delenv(f"ANYPEOPLE_OPENAI_{name}")
    for name, value in LOCAL.items():
        configure.setenv(f"ANYPEOPLE_OPENAI_{name}", value)
    [engine] = Engines.configured(["openai"])
    assert OpenAISettings.load().processor.role is Role.OURSELVES
    assert "on this machine" in engine.description


@pytest.mark.parametrize("name", ABROAD)
def test_what_is_missing_is_named(configure: pytest.MonkeyPatch, name: str) -> None:
    configure.delenv(f"ANYPEOPLE_OPENAI_{name}")
    with pytest.raises(ConfigurationError, match=f"ANYPEOPLE_OPENAI_{name}"):
        Engines.configured(["illustration", "openai"])


def test_all_that_is_missing_is_named_at_once(configure: pytest.MonkeyPatch) -> None:
    for name in ABROAD:
        configure.delenv(f"ANYPEOPLE_OPENAI_{name}")
    with pytest.raises(ConfigurationError) as refused:
        Engines.configured(["openai"])
    assert all(f"ANYPEOPLE_OPENAI_{name}:" in refused.value.message for name in ABROAD)


def test_nothing_is_needed_where_the_engine_is_not_named(configure: pytest.MonkeyPatch) -> None:
    for name in ABROAD:
        configure.delenv(f"ANYPEOPLE_OPENAI_{name}")
    assert [engine.name for engine in Engines.configured(["illustration"])] == ["illustration"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BASE_URL", "http://api.example.com/v1"),
        ("BASE_URL", "http://10.0.0.1/v1"),
        ("BASE_URL", "http://127.0.0.1.example.com/v1"),
        ("BASE_URL", "https://user:password@api.example.com/v1"),
        ("BASE_URL", "https://api.example.com/v1?key=1"),
        ("BASE_URL", "ftp://api.example.com"),
        ("BASE_URL", "https://"),
        ("BASE_URL", "https://[::1"),
        ("API_KEY", "sk-sécret"),
        ("API_KEY", "sk-secret\r\nx-other: 1"),
        ("COUNTRY", "Atlantis"),
        ("TRANSFER", "CONSENT"),
        ("PARTIAL_IMAGES", "4"),
        ("TIMEOUT", "0"),
        ("MAX_COUNT", "11"),
        ("SIDE_STEP", "100"),
        ("MAX_SIDE", "512"),
        ("QUALITY", "x" * 99),
    ],
)
def test_what_is_unsafe_is_refused_by_name_without_its_value(
    configure: pytest.MonkeyPatch, name: str, value: str
) -> None:
    configure.setenv(f"ANYPEOPLE_OPENAI_{name}", value)
    with pytest.raises(ConfigurationError, match=f"ANYPEOPLE_OPENAI_{name}") as refused:
        Engines.configured(["openai"])
    assert value not in refused.value.message or len(value) < 5
    assert "sk-s" not in refused.value.message


def test_the_key_is_not_printed(configure: pytest.MonkeyPatch) -> None:
    settings = OpenAISettings.load()
    assert "sk-secret" not in repr(settings) + str(settings.processor)


def test_every_setting_is_documented_with_its_default(configure: pytest.MonkeyPatch) -> None:
    for name in ABROAD:
        configure.delenv(f"ANYPEOPLE_OPENAI_{name}")
    lines = re.findall(r"^(#?)ANYPEOPLE_OPENAI_(\w+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE)

    assert {name.lower() for _, name, _ in lines} == OpenAISettings.model_fields.keys()
    stated = {name.lower(): value for commented, name, value in lines if not commented}
    assert OpenAISettings.model_validate(stated) == OpenAISettings()
