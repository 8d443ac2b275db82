"""The benchmarks run, to the end, and see what is wrong. No figure is asserted."""

import subprocess
import sys
from pathlib import Path

import orjson
import pytest

from tests.benchmarks import soak
from tests.benchmarks.http_load import Load
from tests.benchmarks.report import Row, spread, table
from tests.benchmarks.socket_load import STEP, Wrong, check, frame, take_frame

ROOT = Path(__file__).parents[2]
ROWS = {
    "gallery": ("gallery page of 20", "gallery page, SQL statements"),
    "accepted": ("createGeneration accepted/s",),
    "picture": ("1024² picture",),
    "progress": ("progress to 10, events/s", "… p50 at", "… p99 at 100 events/s", "… KB of memory per subscriber"),
    "start": ("createGeneration → started", "… p99, ms"),
    "memory": ("idle memory of the web process", "idle memory of the worker process"),
    "account": ("export of 2 generations", "erase of 2 generations", "… memory grew by"),
    "cold-start": ("anypeople up → first answer", "… folder used before"),
}


def run(*arguments: str) -> str:
    """Run `python -m …`, as make does."""
    done = subprocess.run(
        [sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=800, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    "names", [("gallery", "accepted", "picture", "start", "account"), ("progress", "memory", "cold-start")]
)
def test_every_row_is_printed(names: tuple[str, ...]) -> None:
    printed = run("tests.benchmarks", "--tiny", "--only", *names)

    missing = [row for name in names for row in ROWS[name] if not any(line.startswith(row) for line in lines(printed))]
    assert missing == [], printed


@pytest.mark.timeout(900)
def test_a_short_soak_comes_to_its_verdict() -> None:
    """Whether something stays is not asked here: after two seconds pools and caches are not full yet."""
    arguments = [sys.executable, "-m", "tests.benchmarks.soak", "--sockets", "8", "--seconds", "2", "--wave", "2"]
    arguments += ["--settle", "2"]
    done = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, timeout=800, check=False)

    assert done.returncode in {0, 1}, done.stderr
    for name in soak.EXACT:
        assert any(line.startswith(name) for line in lines(done.stdout)), done.stdout + done.stderr


def lines(printed: str) -> list[str]:
    return printed.splitlines()


def test_a_missed_goal_says_so() -> None:
    rows = [
        Row("slow", spread([10]), at_least=0.5, limit=spread([100]), ratio=spread([0.1])),
        Row("fast", spread([10]), at_most=20),
        Row("unsteady", spread([10, 30]), at_most=5),
    ]

    slow, fast, unsteady = lines(table(rows))[1:]

    assert "NO" in slow.split()
    assert "yes" in fast.split()
    assert "NO" in unsteady.split()
    assert "noise" in unsteady


@pytest.mark.parametrize(
    ("head", "body"),
    [(b"HTTP/1.1 500 x", b"wanted"), (b"HTTP/1.1 200 OK", b"nothing"), (b"HTTP/1.1 200 OK", b"wanted unwished")],
)
def test_a_wrong_answer_is_kept(head: bytes, body: bytes) -> None:
    load = Load([b""], b"wanted", b"unwished")
    load.check(b"HTTP/1.1 200 OK", b"wanted")
    assert load.wrong is None

    load.check(head, body)

    assert load.wrong == head + b" " + body


def test_a_wrong_event_is_noticed() -> None:
    def event(progress: float) -> bytes:
        shown = {"type": "PROGRESS", "sequence": 2, "preview": None, "generation": None, "progress": progress}
        return orjson.dumps({"payload": {"data": {"generationProgress": shown}}})

    check(event(5 * STEP), 5)

    with pytest.raises(Wrong):
        check(event(6 * STEP), 5)


@pytest.mark.parametrize("length", [0, 125, 126, 60_000])
def test_frames_are_taken_off_whole(length: int) -> None:
    header = bytes([0x81, length]) if length < 126 else b"\x81\x7e" + length.to_bytes(2)
    buffer = bytearray(header + b"x" * length)
    last = buffer.pop()

    assert take_frame(buffer) is None
    buffer.append(last)
    assert take_frame(buffer) == (1, b"x" * length)
    assert frame(b"hi") == b"\x81\x82\0\0\0\0hi"


def test_what_stays_behind_is_named() -> None:
    begin = dict.fromkeys((*soak.EXACT, "Python objects", "web RSS, MB", "worker RSS, MB"), 10.0)

    assert soak.grown(begin, begin, sockets=2) == []
    assert soak.grown(begin, {**begin, "asyncio tasks": 11}, sockets=2) == ["asyncio tasks"]
    assert soak.grown(begin, {**begin, "Python objects": 21}, sockets=2) == ["Python objects"]
    assert soak.grown(begin, {**begin, "web RSS, MB": 11.5}, sockets=2) == ["web RSS, MB"]
