"""Settings: what production refuses, and that whatever is wrong is named."""

import os
from pathlib import Path

import pytest

from app.core.concerns import ConfigurationError
from app.core.config import Mode, Settings
from app.core.errors import AppError

SAFE = {
    "ANYPEOPLE_MODE": "production",
    "ANYPEOPLE_SECRET_KEY": "0123456789abcdef0123456789abcdef",
    "DATABASE_URL": "postgresql://ada:secret-password@db/people",
    "VALKEY_URL": "redis://:secret-password@valkey",
    "ANYPEOPLE_PUBLIC_URL": "https://people.example",
    "ANYPEOPLE_SMTP_URL": "smtps://ada:secret-password@mail.example",
    "ANYPEOPLE_MAIL_FROM": "People <no-reply@people.example>",
    "ANYPEOPLE_CONTACT_EMAIL": "help@people.example",
    "ANYPEOPLE_CONTROLLER_NAME": "People Ltd",
    "ANYPEOPLE_CONTROLLER_ADDRESS": "1 Example Street, Dublin",
    "ANYPEOPLE_CONTROLLER_COUNTRY": "IE",
    "ANYPEOPLE_ALLOWED_ORIGINS": "https://people.example",
}


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting and no `.env`."""
    for name in list(os.environ):
        if name.upper().startswith("ANYPEOPLE_") or name.upper() in {"DATABASE_URL", "VALKEY_URL", "OBJECT_STORE_URL"}:
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def production(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Everything that production wants."""
    for name, value in SAFE.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_development_starts_with_nothing_set() -> None:
    settings = Settings.load()
    assert settings.mode is Mode.DEVELOPMENT
    assert (settings.server.host, settings.server.port) == ("127.0.0.1", 8000)
    assert settings.server.base_url == "http://127.0.0.1:8000"
    assert settings.stores.objects == Path("var/objects")
    assert settings.work.job_renewal < settings.work.job_lease


def test_production_starts_with_everything_set(production: pytest.MonkeyPatch) -> None:
    settings = Settings.load()
    assert settings.mode is Mode.PRODUCTION
    assert settings.stores.urls() == (SAFE["DATABASE_URL"], SAFE["VALKEY_URL"])
    assert settings.security.key == SAFE["ANYPEOPLE_SECRET_KEY"].encode()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ANYPEOPLE_SECRET_KEY", None),
        ("ANYPEOPLE_SECRET_KEY", "short"),
        ("ANYPEOPLE_SECRET_KEY", "x" * 31),
        ("DATABASE_URL", None),
        ("VALKEY_URL", None),
        ("ANYPEOPLE_PUBLIC_URL", None),
        ("ANYPEOPLE_PUBLIC_URL", "http://people.example"),
        ("ANYPEOPLE_SMTP_URL", None),
        ("ANYPEOPLE_MAIL_FROM", None),
        ("ANYPEOPLE_CONTACT_EMAIL", None),
        ("ANYPEOPLE_CONTROLLER_NAME", None),
        ("ANYPEOPLE_CONTROLLER_ADDRESS", " "),
        ("ANYPEOPLE_CONTROLLER_COUNTRY", None),
        ("ANYPEOPLE_PASSWORD_MEMORY", "19455"),
        ("ANYPEOPLE_ALLOWED_ORIGINS", "https://people.example, *"),
    ],
)
def test_production_refuses_what_is_unsafe_by_its_name(
    production: pytest.MonkeyPatch, name: str, value: str | None
) -> None:
    if value is None:
        production.delenv(name)
    else:
        production.setenv(name, value)
    with pytest.raises(ConfigurationError) as refused:
        Settings.load()
    _, *lines = str(refused.value).splitlines()
    assert [line.split(":")[0] for line in lines] == [name]
    production.setenv("ANYPEOPLE_MODE", "development")
    assert Settings.load().mode is Mode.DEVELOPMENT


def test_production_names_everything_at_once(production: pytest.MonkeyPatch) -> None:
    for name in SAFE:
        if name not in {"ANYPEOPLE_MODE", "ANYPEOPLE_ALLOWED_ORIGINS"}:
            production.delenv(name)
    with pytest.raises(ConfigurationError) as refused:
        Settings.load()
    assert len(str(refused.value).splitlines()) == 1 + 10


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ANYPEOPLE_MODE", "prod"),
        ("ANYPEOPLE_PORT", "eighty"),
        ("ANYPEOPLE_PORT", "65536"),
        ("ANYPEOPLE_MAX_BODY_BYTES", "1"),
        ("ANYPEOPLE_DATABASE_POOL_SIZE", "0"),
        ("ANYPEOPLE_SESSION_DAYS", "0"),
        ("ANYPEOPLE_SESSION_MAX_DAYS", "29"),
        ("ANYPEOPLE_JOB_LEASE", "0"),
        ("ANYPEOPLE_JOB_LEASE", "ten"),
        ("ANYPEOPLE_CONCURRENCY", "101"),
        ("ANYPEOPLE_LOG_JSON", "perhaps"),
        ("ANYPEOPLE_LOG_LEVEL", "LOUD"),
    ],
)
def test_a_value_that_cannot_be_read_is_refused_by_the_name_of_its_setting(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError, match=rf"\b{name}: "):
        Settings.load()


def test_a_lease_that_lapses_before_it_is_renewed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANYPEOPLE_JOB_LEASE", "3.0")
    with pytest.raises(ConfigurationError, match="ANYPEOPLE_JOB_RENEWAL"):
        Settings.load()


def test_no_message_quotes_a_secret(production: pytest.MonkeyPatch) -> None:
    production.setenv("ANYPEOPLE_SECRET_KEY", "a-secret-key")
    production.setenv("ANYPEOPLE_PUBLIC_URL", "")
    with pytest.raises(ConfigurationError) as refused:
        Settings.load()
    assert "a-secret-key" not in str(refused.value)
    assert "secret-password" not in str(refused.value)


def test_settings_that_are_printed_show_no_secret(production: pytest.MonkeyPatch) -> None:
    settings = Settings.load()
    printed = repr((settings.stores, settings.security, settings.server))
    assert "secret-password" not in printed
    assert SAFE["ANYPEOPLE_SECRET_KEY"] not in printed


@pytest.mark.parametrize(
    ("value", "expected"),
    [("", ()), (" ", ()), ("a", ("a",)), ("a,b", ("a", "b")), (" a , , b ,", ("a", "b"))],
)
def test_lists_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch, value: str, expected: tuple[str, ...]) -> None:
    monkeypatch.setenv("ANYPEOPLE_ALLOWED_ORIGINS", value)
    monkeypatch.setenv("ANYPEOPLE_ENGINES", value)
    settings = Settings.load()
    assert settings.server.allowed_origins == settings.work.engines == expected


def test_a_file_of_settings_is_read_and_the_environment_wins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("ANYPEOPLE_PORT=9000\nANYPEOPLE_SESSION_DAYS=7\nOTHER=1\n")
    monkeypatch.setenv("ANYPEOPLE_PORT", "9001")
    settings = Settings.load()
    assert (settings.server.port, settings.security.session_lifetime.days) == (9001, 7)


@pytest.mark.parametrize("name", ["DATABASE_URL", "VALKEY_URL"])
def test_a_missing_server_is_named(production: pytest.MonkeyPatch, name: str) -> None:
    production.setenv("ANYPEOPLE_MODE", "development")
    production.delenv(name)
    with pytest.raises(ConfigurationError, match=name):
        Settings.load().stores.urls()


def test_a_missing_key_is_named() -> None:
    settings = Settings.load()
    with pytest.raises(AppError, match="ANYPEOPLE_SECRET_KEY"):
        settings.security.key  # noqa: B018


def test_trusted_proxies_are_addresses_and_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANYPEOPLE_TRUSTED_PROXIES", "10.0.0.5, 2001:db8::/32")
    assert [str(each) for each in Settings.load().server.trusted_proxies] == ["10.0.0.5/32", "2001:db8::/32"]
    for wrong in ("*", "proxy.example", "10.0.0.5/8"):
        monkeypatch.setenv("ANYPEOPLE_TRUSTED_PROXIES", wrong)
        with pytest.raises(ConfigurationError, match="ANYPEOPLE_TRUSTED_PROXIES"):
            Settings.load()
