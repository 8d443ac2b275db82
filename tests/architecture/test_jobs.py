"""Kinds of jobs, their handlers and their queues fit together."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.core.jobs import JobKind
from app.generation.service import RUN_GENERATION
from app.registries import JOB_KINDS, by_name
from tests.architecture.checks.jobs import unregistered
from tests.architecture.checks.repository import ROOT, python_files
from workers.carriers import QUEUES
from workers.context import WorkerContext
from workers.runner import Runner
from workers.schedule import CRON
from workers.settings import HANDLERS


def test_every_kind_has_a_handler_a_queue_and_an_entry() -> None:
    assert JOB_KINDS.keys() == HANDLERS.keys()
    assert {kind.queue for kind in JOB_KINDS.values()} <= set(QUEUES)
    assert {entry.kind.name for entry in CRON} <= JOB_KINDS.keys()
    assert unregistered(python_files(ROOT, ["app", "workers"]), JOB_KINDS) == []


def test_a_kind_that_nobody_registered_is_named(tmp_path: Path) -> None:
    file = tmp_path / "service.py"
    file.write_text('A = JobKind("generation.run", queue="bulk")\nB = JobKind(name="stray", queue="bulk")\n')

    assert unregistered([file], JOB_KINDS) == ["service.py:2: 'stray' is not in app/registries.py"]


def test_a_runner_refuses_a_kind_without_a_handler(worker_context: WorkerContext) -> None:
    context = worker_context
    handlers = {name: handler for name, handler in HANDLERS.items() if name != RUN_GENERATION.name}

    with pytest.raises(ValueError, match=r"generation\.run"):
        Runner(context, JOB_KINDS, handlers)


def test_a_runner_refuses_a_handler_without_a_kind(worker_context: WorkerContext) -> None:
    context = worker_context

    with pytest.raises(ValueError, match="stray"):
        Runner(context, JOB_KINDS, {**HANDLERS, "stray": HANDLERS[RUN_GENERATION.name]})


def test_two_kinds_of_one_name_are_refused() -> None:
    twin: JobKind = replace(RUN_GENERATION, queue="bulk")

    with pytest.raises(ValueError, match=r"generation\.run is registered twice"):
        by_name([RUN_GENERATION, twin], lambda kind: kind.name)
