"""Structured logs: what happened, with the request's id. Never who, never what was asked for.

Events are names (`job.failed`), values are ids, codes, counts and durations. No personal data, no query sources, no
addresses: `tests/faults/test_log_canary.py` plants canaries and searches for them.
"""

import logging
import sys

import structlog

QUIET = (
    *("tortoise", "arq", "uvicorn", "asyncio", "websockets", "PIL", "strawberry"),
    *("httpx", "httpcore", "httpx2", "httpcore2", "authlib", "joserfc"),
)
"""Libraries whose debug and info lines hold parameter values or addresses: only warnings of theirs are kept."""


def configure(level: str = "INFO", *, as_json: bool = False) -> None:
    """Send structured lines to standard error; `level` is a name that `logging` knows. Raises ValueError."""
    number = logging.getLevelName(level.upper())
    if not isinstance(number, int):
        raise ValueError(f"unknown log level {level}")
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[*shared, structlog.processors.format_exc_info, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, _drop_traceback],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    logging.basicConfig(level=number, handlers=[handler], force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(max(number, logging.WARNING))


def _drop_traceback(_logger: object, _name: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Keep the kind and the place of a library's exception; neither its text nor the line's may quote anybody.

    What asyncio says of a task holds the text of the task's exception, so the line becomes the library's name.
    """
    record = event.get("_record")
    if record is not None and record.exc_info:
        kind, _, place = record.exc_info
        while place is not None and place.tb_next is not None:
            place = place.tb_next
        event["event"] = record.name
        event["error"] = kind.__name__ if kind else None
        event["module"] = place.tb_frame.f_globals.get("__name__") if place else None
        event["line"] = place.tb_lineno if place else None
        record.exc_info = record.exc_text = None
        event.pop("exc_info", None)
    return event
