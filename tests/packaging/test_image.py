"""The Dockerfile: linted, and its steps done by hand as far as that goes without Docker."""

import asyncio
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.architecture.checks.repository import ROOT
from tests.architecture.checks.tracked import tracked
from tests.fakes.server import RunningServer
from tests.faults.processes import free_port
from tests.packaging.dockerfile import DOCKERFILE, Stage, stages

PACKAGES = ("app", "schema", "workers", "migrations")


@pytest.fixture(scope="module")
def build() -> Stage:
    return stages(DOCKERFILE.read_text())[0]


@pytest.fixture(scope="module")
def final() -> Stage:
    return stages(DOCKERFILE.read_text())[-1]


def lint(file: Path) -> subprocess.CompletedProcess[str]:
    linter = Path(sys.executable).parent / "hadolint"
    return subprocess.run([linter, "--no-color", file], capture_output=True, text=True, check=False)


def test_the_dockerfile_is_clean(tmp_path: Path) -> None:
    bad = tmp_path / "Dockerfile"
    bad.write_text("FROM debian:latest\nRUN cd /tmp && apt-get install curl\n")

    assert lint(bad).returncode == 1
    done = lint(DOCKERFILE)
    assert (done.returncode, done.stdout) == (0, "")


def test_both_stages_have_the_same_pinned_base(build: Stage, final: Stage) -> None:
    assert re.fullmatch(r"python:3\.\d+-slim-\w+", build.image)
    assert final.image == build.image  # else the copied environment has no interpreter


def test_only_locked_packages_are_installed(build: Stage) -> None:
    installs = [part for step in build.all("RUN") for part in step.split("&&") if " install " in part]

    assert len(installs) == 2
    assert "--require-hashes --only-binary :all: --requirement requirements.lock" in installs[0]
    assert "--no-deps --no-build-isolation ." in installs[1]


def test_the_image_takes_only_what_was_built_and_runs_as_nobody(final: Stage) -> None:
    assert final.all("COPY") == ["--from=build /opt/anypeople /opt/anypeople"]
    assert not [step for step in final.all("RUN") if "apt" in step or "pip" in step]
    uid, gid = final.one("USER").split(":")
    assert int(uid) >= 10000
    assert f"--uid {uid} --gid {gid}" in " ".join(final.all("RUN"))
    assert (final.one("ENTRYPOINT"), final.one("CMD")) == ('["anypeople"]', '["serve"]')
    assert final.one("STOPSIGNAL") == "SIGTERM"


def test_the_image_sets_settings_that_exist(final: Stage) -> None:
    documented = re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    names = [word.partition("=")[0] for word in final.one("ENV").split()]

    assert "ANYPEOPLE_MODE" in names
    assert [name for name in names if name.startswith("ANYPEOPLE_") and name not in documented] == []


def test_the_context_is_what_is_copied(build: Stage) -> None:
    lines = (ROOT / ".dockerignore").read_text().splitlines()

    assert lines[1] == "*"
    assert {line.removeprefix("!") for line in lines if line.startswith("!")} == set(build.copied())
    assert "**/__pycache__" in lines


def test_what_is_copied_builds_a_wheel_with_everything_that_runs(build: Stage, tmp_path: Path) -> None:
    context, built = tmp_path / "context", tmp_path / "built"
    files = [name for name in tracked() if name.split("/")[0] in build.copied()]
    for name in files:
        (context / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, context / name)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    command = [*pip, "wheel", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(built), "."]
    done = subprocess.run(command, cwd=context, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    (wheel,) = built.glob("anypeople-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if ".dist-info/" not in name]
        (entry_points,) = (name for name in archive.namelist() if name.endswith("entry_points.txt"))
        assert "anypeople = app.cli.commands:main" in archive.read(entry_points).decode()
    assert "schema/schema.graphql" in names
    assert sorted(names) == sorted(name for name in files if name.split("/")[0] in PACKAGES)


def ask(command: list[str], port: int) -> int:
    environment: Mapping[str, str] = {**os.environ, "ANYPEOPLE_PORT": str(port), "http_proxy": "http://127.0.0.1:1"}
    command = [sys.executable, *command[1:]]
    return subprocess.run(command, env=environment, stderr=subprocess.DEVNULL, timeout=10, check=False).returncode


async def test_the_health_check_asks_the_server(final: Stage, server: RunningServer) -> None:
    port = int(server.address.rpartition(":")[2])
    answers = await asyncio.to_thread(ask, final.health_command(), port)

    assert answers == 0
    assert await asyncio.to_thread(ask, final.health_command(), free_port()) != 0
