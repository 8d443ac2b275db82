"""The clause register, as everybody sees it."""

from collections.abc import Collection
from datetime import datetime

import strawberry

from app.policy.activities import Source
from app.policy.clause import Clause as Entry
from app.policy.evidence import ClauseState, Evidence, Run
from schema.directives import Cost

strawberry.enum(
    ClauseState,
    description="`KEPT`: its tests were green in the last run. `PLANNED`: not built, so not published. `BROKEN`: "
    "published, but a test was red or did not run.",
)


@strawberry.type(description="A run of all tests.", directives=[Cost(weight=0)])
class TestRun:
    """`app.policy.evidence.Run`."""

    finished_at: datetime = strawberry.field(description="When it ended.")
    commit: str = strawberry.field(description="What was tested; `-dirty` where files differed from that commit.")

    @classmethod
    def from_run(cls, run: Run) -> "TestRun":
        """Build from the evidence."""
        return cls(finished_at=run.finished_at, commit=run.commit)


@strawberry.type(
    description="A promise of the policy, with the code that keeps it and the tests that show it.",
    directives=[Cost(weight=0)],
)
class Clause:
    """`app.policy.clause.Clause`."""

    id: str = strawberry.field(description="Such as `P05.2`: stable, not a global id.")
    title: str = strawberry.field(description="What it is about.")
    sentences: list[str] = strawberry.field(
        description="Of this version, word by word; none while planned, or where another version says it first."
    )
    given: str = strawberry.field(description="What the text that we were given says of it, in our words.")
    interpretation: str = strawberry.field(description="How we read it.")
    source: Source = strawberry.field(
        description="Whether the text that we were given says it, or it was decided by us where that text has a gap."
    )
    kept_by: list[str] = strawberry.field(description="`module:name` of the code that keeps it.")
    checks: list[str] = strawberry.field(description="Tests that fail where it is not kept.")
    state: ClauseState = strawberry.field(description="How it stands.")
    planned: str | None = strawberry.field(description="What is not built yet.")
    last_green: TestRun | None = strawberry.field(description="The last run in which all of its tests were green.")

    @classmethod
    def from_entry(cls, entry: Entry, evidence: Evidence, version: Collection[str]) -> "Clause":
        """Build from the register, what the tests said, and the sentences of a version."""
        run = evidence.last_green(entry.checks)
        return cls(
            id=entry.id,
            title=entry.title,
            sentences=list(entry.said(version)),
            given=entry.given,
            interpretation=entry.interpretation,
            source=entry.source,
            kept_by=list(entry.kept_by),
            checks=list(entry.checks),
            state=evidence.state(entry),
            planned=entry.planned,
            last_green=TestRun.from_run(run) if run else None,
        )
