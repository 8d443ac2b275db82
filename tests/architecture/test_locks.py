"""What is installed is pinned by hash, and nothing committed tells of the machine that it was made on."""

from pathlib import Path

import pytest

from tests.architecture.checks.locks import disagreements, machine_traces, pins, resolved_packages
from tests.architecture.checks.repository import ROOT
from tests.architecture.checks.tracked import tracked

HASH = "--hash=sha256:" + "a" * 64
LOCK = f"""# made
one==1.0 \\
    {HASH} \\
    {HASH}
    # via two
two[x]==2.0 ; sys_platform == 'win32' \\
    {HASH}
"""


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_every_pin_has_a_hash_and_no_address(name: str) -> None:
    found, faults = pins((ROOT / name).read_text())

    assert len(found) > 50
    assert faults == []


def test_developers_run_what_is_deployed() -> None:
    runtime, _ = pins((ROOT / "requirements.lock").read_text())
    development, _ = pins((ROOT / "requirements-dev.lock").read_text())

    assert disagreements(runtime, development) == []


def test_a_lock_is_read() -> None:
    assert pins(LOCK) == (frozenset({("one", "1.0"), ("two", "2.0")}), [])


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("three==3.0", "without a hash: three"),
        (f"three>=3.0 {HASH}", f"not pinned: three>=3.0 {HASH}"),
        ("three @ file:three.whl", "not pinned: three @ file:three.whl"),
        ("--index-url https://example.com/", "an address: --index-url https://example.com/"),
        ("# from https://example.com/", "an address: # from https://example.com/"),
    ],
)
def test_a_careless_line_of_a_lock_is_named(line: str, fault: str) -> None:
    assert fault in pins(f"{LOCK}{line}\n")[1]


def test_locks_that_differ_are_named() -> None:
    runtime, _ = pins(LOCK)
    other = frozenset({("one", "1.1"), ("two", "2.0"), ("three", "3.0")})

    assert disagreements(runtime, other) == ["one==1.0 is not in the developers' lock"]


def test_package_locks_name_hashes_and_no_addresses() -> None:
    locks = [path for path in tracked() if path.endswith("package-lock.json")]

    assert [fault for path in locks for fault in resolved_packages((ROOT / path).read_text())] == []


def test_a_careless_package_lock_is_named() -> None:
    text = """{"packages": {
        "": {"name": "ours"}, "node_modules/good": {"integrity": "sha512-x"}, "node_modules/bare": {},
        "node_modules/told": {"resolved": "file:told.tgz", "integrity": "sha512-x"}}}"""

    assert resolved_packages(text) == ["node_modules/bare", "node_modules/told"]


def test_committed_files_do_not_tell_where_they_were_made() -> None:
    assert machine_traces(ROOT, tracked()) == []


@pytest.mark.parametrize(
    "trace",
    [
        "/".join(("", "work", "main", "app")),
        "cd " + "/".join(("", "root", ".cache")),
        ".".join(("registry", "npmjs", "org")),
        ".".join(("pypi", "org")),
        "https:" + "//pypi.example.com/simple",
    ],
)
def test_a_trace_of_a_machine_is_named(trace: str, tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text(f"one\nsee {trace} two\n")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\xff")

    assert machine_traces(tmp_path, ["notes.md", "picture.png"]) == [f"notes.md:2: see {trace} two"]


def test_other_addresses_and_folders_are_no_traces(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("https://example.com/work/ app/work/x schema/root/y the root/ folder\n")

    assert machine_traces(tmp_path, ["notes.md"]) == []
