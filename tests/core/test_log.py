"""Lines hold events and kinds; what a library says of an exception stays out."""

import asyncio
import json
import logging
from collections.abc import Generator
from typing import Any

import pytest
import structlog

from app.core.log import QUIET, configure
from tests.fakes.logs import logging_restored


@pytest.fixture(autouse=True)
def restored() -> Generator[None, None, None]:
    """Logging as it was before."""
    with logging_restored():
        yield


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_our_events_are_json_with_time_level_and_context(capsys: pytest.CaptureFixture[str]) -> None:
    configure("INFO", as_json=True)
    with structlog.contextvars.bound_contextvars(request_id="r1"):
        structlog.get_logger("app.tests").info("thing.done", count=2)
    [line] = lines(capsys)
    assert line.pop("timestamp").endswith("Z")
    assert line == {"event": "thing.done", "count": 2, "level": "info", "request_id": "r1"}


def test_a_level_hides_what_is_below_it(capsys: pytest.CaptureFixture[str]) -> None:
    configure("warning", as_json=True)
    structlog.get_logger().info("hidden")
    structlog.get_logger().warning("shown")
    logging.getLogger("a.library").info("hidden")
    logging.getLogger("a.library").warning("shown too")
    assert [line["event"] for line in lines(capsys)] == ["shown", "shown too"]


@pytest.mark.parametrize("name", QUIET)
def test_libraries_that_tell_too_much_say_nothing_below_a_warning(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    configure("DEBUG", as_json=True)
    logging.getLogger(f"{name}.part").info("GET /?token=canary from 127.0.0.1")
    assert lines(capsys) == []


def test_an_exception_of_a_library_is_its_kind_and_place_without_its_text(capsys: pytest.CaptureFixture[str]) -> None:
    configure("INFO", as_json=True)
    try:
        raise KeyError("canary")
    except KeyError:
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application\n%s", "canary")
    [line] = lines(capsys)
    assert "canary" not in json.dumps(line)
    assert (line["event"], line["error"]) == ("uvicorn.error", "KeyError")
    assert line["module"] == __name__


async def test_what_asyncio_says_of_a_task_that_nobody_awaited_holds_no_text(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure("INFO", as_json=True)

    async def fails() -> None:
        raise KeyError("canary")

    task = asyncio.create_task(fails())
    await asyncio.wait([task])
    asyncio.get_running_loop().call_exception_handler(
        {"message": "Task exception was never retrieved", "exception": task.exception(), "future": task}
    )
    [line] = lines(capsys)
    assert "canary" not in json.dumps(line)
    assert (line["event"], line["error"], line["level"]) == ("asyncio", "KeyError", "error")


def test_an_unknown_level_is_refused() -> None:
    with pytest.raises(ValueError, match="LOUD"):
        configure("LOUD")


def test_lines_for_people_hold_the_event(capsys: pytest.CaptureFixture[str]) -> None:
    configure("INFO")
    structlog.get_logger().info("thing.done", count=2)
    assert "thing.done" in capsys.readouterr().err
