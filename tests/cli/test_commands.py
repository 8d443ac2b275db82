"""The command line as its users meet it: real processes, real exit codes, nothing left behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import psutil
from PIL import Image
from typer.testing import CliRunner

from app.cli.commands import COMMANDS, app
from app.core.security_register import SECURITY_REGISTER
from tests.fakes import forked
from tests.faults.processes import until

ROOT = Path(__file__).parents[2]
SERVICES = {"up", "serve", "demo"}
SERVERS = {"DATABASE_URL", "VALKEY_URL", "OBJECT_STORE_URL"}
PRODUCTION = {
    "ANYPEOPLE_MODE": "production",
    "ANYPEOPLE_SECRET_KEY": "x" * 40,
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
    "VALKEY_URL": "redis://127.0.0.1:1",
    "ANYPEOPLE_PUBLIC_URL": "https://anypeople.test",
    "ANYPEOPLE_SMTP_URL": "smtps://mail.anypeople.test",
    "ANYPEOPLE_SMTP_OPERATOR": "Carrier Ltd",
    "ANYPEOPLE_SMTP_COUNTRY": "IE",
    "ANYPEOPLE_SMTP_TRANSFER": "INSIDE_EEA",
    "ANYPEOPLE_SMTP_DPA": "Agreement 1",
    "ANYPEOPLE_MAIL_FROM": "AnyPeople <no-reply@anypeople.test>",
    "ANYPEOPLE_CONTACT_EMAIL": "help@anypeople.test",
    "ANYPEOPLE_CONTROLLER_NAME": "People Ltd",
    "ANYPEOPLE_CONTROLLER_ADDRESS": "1 Example Street, Dublin",
    "ANYPEOPLE_CONTROLLER_COUNTRY": "IE",
}


def bare_environment(folder: Path, **values: str) -> dict[str, str]:
    """Return this process's environment without settings of ours, but for `values`."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("ANYPEOPLE_", "AWS_")) and name not in SERVERS
    }
    return {**kept, "ANYPEOPLE_VAR": str(folder / "var"), **values}


def anypeople(folder: Path, *arguments: str, stdin: str = "", **values: str) -> subprocess.CompletedProcess[str]:
    """Run the command to its end; one that starts the service, from the very beginning of a process."""
    if arguments[0] not in SERVICES:
        return forked.run(arguments, folder, bare_environment(folder, **values), stdin, 200)
    return subprocess.run(
        [sys.executable, "-m", "app.cli", *arguments],
        env=bare_environment(folder, **values) | {"PYTHONPATH": str(ROOT)},
        cwd=folder,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )


def start_up(folder: Path, log: Path) -> subprocess.Popen[bytes]:
    """Start `anypeople up`."""
    with log.open("wb") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "app.cli", "up"],
            env=bare_environment(folder, ANYPEOPLE_PORT="0") | {"PYTHONPATH": str(ROOT)},
            cwd=folder,
            stdout=output,
            stderr=output,
        )


def left_behind(folder: Path) -> list[str]:
    """Return the processes that belong to a service in this folder."""
    found = []
    for process in psutil.process_iter(["cmdline", "environ"]):
        environment: Mapping[str, str] = process.info["environ"] or {}
        command = " ".join(process.info["cmdline"] or [])
        if str(folder) in command or environment.get("ANYPEOPLE_VAR", "").startswith(str(folder)):
            found.append(command)
    return found


def test_the_demo_makes_pictures_and_leaves_no_process_behind(tmp_path: Path) -> None:
    done = anypeople(tmp_path, "demo", "a man with a beard, on the beach", "--count", "2")

    assert done.returncode == 0, done.stderr + done.stdout
    pictures = sorted((tmp_path / "var" / "demo").glob("*.webp"))
    assert len(pictures) == 2
    for picture in pictures:
        assert str(picture) in done.stdout
        with Image.open(picture) as image:
            assert image.size == (1024, 1024)
    assert "first preview" in done.stdout
    assert left_behind(tmp_path) == []


async def test_up_ends_cleanly_and_takes_everything_with_it(tmp_path: Path) -> None:
    log = tmp_path / "up.log"
    supervisor = start_up(tmp_path, log)
    await until(lambda: "AnyPeople is up." in log.read_text(), 200, "the service is up")
    second = anypeople(tmp_path, "up", ANYPEOPLE_PORT="0")
    assert second.returncode == 1
    assert "DATABASE_URL" in second.stderr
    supervisor.send_signal(signal.SIGTERM)

    assert supervisor.wait(60) == 0, log.read_text()
    assert left_behind(tmp_path) == []


async def test_a_killed_supervisor_takes_everything_with_it(tmp_path: Path) -> None:
    log = tmp_path / "up.log"
    supervisor = start_up(tmp_path, log)
    await until(lambda: "AnyPeople is up." in log.read_text(), 200, "the service is up")
    supervisor.kill()
    supervisor.wait()

    await until(lambda: left_behind(tmp_path) == [], 60, "no process is left")


def test_production_refuses_to_start_and_names_every_unsafe_setting(tmp_path: Path) -> None:
    """Each of them alone: `tests/core/test_config.py`."""
    unsafe = {
        "ANYPEOPLE_SECRET_KEY": "short",
        "ANYPEOPLE_PUBLIC_URL": "http://anypeople.test",
        "ANYPEOPLE_ALLOWED_ORIGINS": "*",
    }
    environment = {name: value for name, value in PRODUCTION.items() if name not in SERVERS}

    done = anypeople(tmp_path, "serve", **environment | unsafe)

    assert done.returncode == 1
    assert [name for name in (*unsafe, "DATABASE_URL", "VALKEY_URL") if name not in done.stderr] == []
    assert "Traceback" not in done.stderr


def test_the_doctor_names_what_does_not_answer(tmp_path: Path) -> None:
    done = anypeople(tmp_path, "doctor", **PRODUCTION)

    assert done.returncode == 1
    lines = {line.split()[1]: line for line in done.stdout.splitlines() if line.startswith(("  ok", "  !!"))}
    assert lines["engines"].startswith("  ok")
    assert lines["postgresql"].startswith("  !!")
    assert lines["valkey"].startswith("  !!")
    assert "→" in done.stdout


def test_the_doctor_is_content_before_anything_is_set_up(tmp_path: Path) -> None:
    done = anypeople(tmp_path, "doctor")

    assert done.returncode == 0, done.stdout
    assert "embedded" in done.stdout
    for measure in SECURITY_REGISTER:
        assert measure.statement in done.stdout
        assert all(check in done.stdout for check in measure.checks)


def test_migrating_twice_changes_nothing_the_second_time(tmp_path: Path) -> None:
    first = anypeople(tmp_path, "migrate")
    second = anypeople(tmp_path, "migrate")

    assert first.stdout.startswith("Applied 0001_initial")
    assert second.stdout.startswith("The database is up to date")


def test_a_setting_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    done = anypeople(tmp_path, "doctor", ANYPEOPLE_PORT="eighty")

    assert done.returncode == 1
    assert "ANYPEOPLE_PORT" in done.stdout
    assert "Traceback" not in done.stderr


def test_every_command_says_what_it_is_for_and_another_one_is_none() -> None:
    runner = CliRunner()
    listed = runner.invoke(app, ["--help"]).output

    for command in COMMANDS:
        assert f" {command} " in listed
        described = runner.invoke(app, [command, "--help"])
        assert (described.exit_code, f"{command} [OPTIONS]" in described.output) == (0, True), described.output
    unknown = runner.invoke(app, ["nothing"])
    assert (unknown.exit_code, "No such command 'nothing'" in unknown.output) == (2, True)


def test_what_starts_the_processes_loads_none_of_what_they_run(tmp_path: Path) -> None:
    code = "import app.cli.commands.up, sys; print({'graphql', 'arq', 'starlette', 'PIL'} & set(sys.modules))"

    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout.strip()) == (0, "set()"), done.stderr
