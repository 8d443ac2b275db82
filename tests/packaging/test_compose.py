"""compose.yaml: by its own schema, and by what we promise of it."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from ruamel.yaml import YAML

from app.core.object_location import Bucket, parse_location
from tests.architecture.checks.repository import ROOT
from tests.packaging.dockerfile import DOCKERFILE, stages

COMPOSE = ROOT / "compose.yaml"
OURS = {"web", "worker", "migrate"}
OF_THE_IMAGES = {"postgresql": {"POSTGRES_USER", "POSTGRES_DB"}}
"""Variables of other people's images that nobody has to set."""
Services = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def services() -> Services:
    return dict(YAML(typ="safe").load(COMPOSE)["services"])


@pytest.fixture(scope="module")
def documented() -> set[str]:
    return set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))


def check(file: Path) -> int:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(file)]
    return subprocess.run(command, capture_output=True, check=False).returncode


def test_it_is_a_compose_file(tmp_path: Path) -> None:
    bad = tmp_path / "compose.yaml"
    bad.write_text("services: {web: {image: x:1, depends_upon: [y]}}\n")

    assert check(bad) == 1
    assert check(COMPOSE) == 0


def test_every_image_is_pinned(services: Services) -> None:
    assert set(services) == OURS | {"postgresql", "valkey", "s3"}
    for name, service in services.items():
        image, _, tag = service["image"].partition(":")
        assert image, name
        assert re.match(r"\d+\.\d+", tag), name
    assert "dockerfile" not in services["web"]["build"]


def test_every_variable_is_documented(services: Services, documented: set[str]) -> None:
    for name, service in services.items():
        assert set(service.get("environment", {})) - documented <= OF_THE_IMAGES.get(name, set()), name
    used = set(re.findall(r"\$\{(\w+)", COMPOSE.read_text()))
    assert used == {"POSTGRES_PASSWORD", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}
    assert used <= documented


def test_no_secret_is_written_down(services: Services) -> None:
    for service in services.values():
        for name, value in service.get("environment", {}).items():
            if any(word in name for word in ("PASSWORD", "SECRET", "_KEY")):
                assert re.fullmatch(r"\$\{\w+:\?[^}]+\}", value), name


def test_only_the_web_is_reached_from_outside(services: Services) -> None:
    assert {name for name, service in services.items() if "ports" in service} == {"web"}
    assert services["web"]["ports"] == ["127.0.0.1:8000:8000"]
    assert {name for name, service in services.items() if "outside" in service["networks"]} == OURS
    assert YAML(typ="safe").load(COMPOSE)["networks"]["stores"] == {"internal": True}


def test_whatever_is_waited_for_can_be_waited_for(services: Services) -> None:
    for name, service in services.items():
        for other, condition in service.get("depends_on", {}).items():
            if condition["condition"] == "service_healthy":
                assert "test" in services[other]["healthcheck"], (name, other)
            else:
                assert services[other]["restart"] == "no", (name, other)
    assert set(services["web"]["depends_on"]) == set(services) - {"web", "worker"}


def test_the_addresses_name_services(services: Services) -> None:
    environment = services["worker"]["environment"]
    place = parse_location(environment["OBJECT_STORE_URL"])

    assert isinstance(place, Bucket)
    assert f"-bucket={place.name}" in services["s3"]["command"]
    for url in (environment["DATABASE_URL"], environment["VALKEY_URL"], place.endpoint or ""):
        assert urlsplit(re.sub(r"\$\{[^}]+\}", "x", url)).hostname in services, url


def test_our_processes_are_commands_of_the_image_and_own_nothing(services: Services) -> None:
    assert {name: services[name]["command"] for name in OURS} == {
        "web": ["serve"],
        "worker": ["worker"],
        "migrate": ["migrate"],
    }
    port = services["web"]["environment"]["ANYPEOPLE_PORT"]
    assert stages(DOCKERFILE.read_text())[-1].one("EXPOSE") == port
    for name in OURS:
        assert services[name]["read_only"] is True
        assert services[name]["cap_drop"] == ["ALL"]
        assert "volumes" not in services[name]
