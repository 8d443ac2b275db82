"""What the operator has to say before anybody is sent to a provider."""

import re

import pytest

from app.accounts.providers import Provider, provider_processor, provider_register
from app.core.concerns import ConfigurationError
from app.core.identity_settings import ClientSettings, GitHubSettings, GoogleSettings
from app.processors.register import Disclosed, Role, Transfer
from tests.architecture.checks.repository import ROOT

KINDS: dict[str, type[ClientSettings]] = {"GOOGLE": GoogleSettings, "GITHUB": GitHubSettings}
ALL = {
    "CLIENT_ID": "an-app",
    "CLIENT_SECRET": "canary-secret",
    "OPERATOR": "Example Ltd",
    "COUNTRY": "IE",
    "TRANSFER": "INSIDE_EEA",
}


@pytest.fixture
def configure(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> pytest.MonkeyPatch:
    monkeypatch.chdir(tmp_path_factory.mktemp("no-env-file"))
    for kind in KINDS:
        for name, value in ALL.items():
            monkeypatch.setenv(f"ANYPEOPLE_{kind}_{name}", value)
    return monkeypatch


def test_a_provider_is_a_processor_that_gets_no_more_than_that_somebody_signs_in(
    configure: pytest.MonkeyPatch,
) -> None:
    register = provider_register(GoogleSettings.load(), GitHubSettings.load())

    assert [entry.name for entry in register] == ["google", "github"]
    for entry in register:
        assert (entry.role, entry.transfer, entry.country) == (Role.CONTROLLER, Transfer.INSIDE_EEA, "IE")
        assert entry.categories == {Disclosed.SIGN_IN}
    assert "canary-secret" not in repr(GoogleSettings.load())


def test_without_a_client_id_nothing_is_offered_and_nothing_is_needed(configure: pytest.MonkeyPatch) -> None:
    for kind in KINDS:
        for name in ALL:
            configure.delenv(f"ANYPEOPLE_{kind}_{name}")
    assert list(provider_register(GoogleSettings.load(), GitHubSettings.load())) == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", [name for name in ALL if name != "CLIENT_ID"])
def test_what_is_missing_is_named(configure: pytest.MonkeyPatch, kind: str, name: str) -> None:
    configure.delenv(f"ANYPEOPLE_{kind}_{name}")
    with pytest.raises(ConfigurationError, match=f"ANYPEOPLE_{kind}_{name}"):
        KINDS[kind].load()


UNSAFE = (
    ("GOOGLE_ISSUER", "http://accounts.example"),
    ("GOOGLE_ISSUER", "http://127.0.0.1.example.com"),
    ("GOOGLE_ISSUER", "https://user:password@accounts.example"),
    ("GOOGLE_ISSUER", "https://[::1"),
    ("GOOGLE_ISSUER", "https://accounts.example?x=1"),
    ("GITHUB_URL", "ftp://github.example"),
    ("GITHUB_API_URL", "http://10.0.0.1"),
    ("GITHUB_COUNTRY", "Atlantis"),
    ("GOOGLE_TRANSFER", "CONSENT"),
    ("GOOGLE_TIMEOUT", "0"),
)


@pytest.mark.parametrize(("name", "value"), UNSAFE)
def test_what_is_unsafe_is_refused_by_name(configure: pytest.MonkeyPatch, name: str, value: str) -> None:
    configure.setenv(f"ANYPEOPLE_{name}", value)
    with pytest.raises(ConfigurationError, match=f"ANYPEOPLE_{name}") as refused:
        KINDS[name.partition("_")[0]].load()
    assert "password@" not in refused.value.message
    assert "canary-secret" not in refused.value.message


def test_a_server_on_this_machine_needs_less(configure: pytest.MonkeyPatch) -> None:
    for name in ("OPERATOR", "COUNTRY", "TRANSFER"):
        configure.delenv(f"ANYPEOPLE_GOOGLE_{name}")
    configure.setenv("ANYPEOPLE_GOOGLE_ISSUER", "http://localhost:9400")
    assert provider_processor(Provider.GOOGLE, GoogleSettings.load()).role is Role.OURSELVES


@pytest.mark.parametrize("kind", KINDS)
def test_every_setting_is_documented_with_its_default(configure: pytest.MonkeyPatch, kind: str) -> None:
    for name in ALL:
        configure.delenv(f"ANYPEOPLE_{kind}_{name}")
    lines = re.findall(rf"^(#?)ANYPEOPLE_{kind}_(\w+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE)
    settings = KINDS[kind]
    assert {name.lower() for _, name, _ in lines} == settings.model_fields.keys()
    stated = {name.lower(): value for commented, name, value in lines if not commented}
    assert settings.model_validate(stated) == settings()
