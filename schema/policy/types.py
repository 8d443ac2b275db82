"""The privacy policy and the terms, as everybody sees them; and that somebody accepted one."""

from datetime import datetime

import strawberry

from app.policy import wording
from app.policy.acceptances import Accepted
from app.policy.changes import Change, ChangeType, changes
from app.policy.clauses import CLAUSES
from app.policy.evidence import shipped
from app.policy.queries import Listed
from app.policy.texts import DocumentKind
from schema.consents.enums import ConsentPurpose
from schema.context import Info
from schema.directives import Cost, ListSize
from schema.policy.clause_types import Clause
from schema.relay import Connection, Node, connection, global_id

strawberry.enum(DocumentKind, description="The privacy policy, or the terms: they are read together.")
strawberry.enum(ChangeType, name="PolicyChangeType", description="What became of a sentence.")

MAX_CHANGES = 500
"""Sentences of both versions together."""


@strawberry.type(description="A sentence that only one of two versions has.", directives=[Cost(weight=0)])
class PolicyChange:
    """`app.policy.changes.Change`."""

    type: ChangeType = strawberry.field(description="Whether the later version has it.")
    section: str = strawberry.field(description="The heading that it stands under; empty above the first.")
    text: str = strawberry.field(description="Markdown.")

    @classmethod
    def from_record(cls, record: Change, facts: wording.Facts) -> "PolicyChange":
        """Build from what was found."""
        return cls(type=record.type, section=facts.fill(record.section), text=facts.fill(record.text))


@strawberry.type(description="A version of the privacy policy or of the terms. It is never changed.")
class Policy(Node):
    """`app.policy.queries.Listed`."""

    record: strawberry.Private[Listed]
    kind: DocumentKind = strawberry.field(description="Which of the two texts.")
    version: str = strawberry.field(description="For `signUp`, `acceptPolicy`; unique within its kind.")
    title: str = strawberry.field(description="Its heading.")
    effective_at: datetime = strawberry.field(description="Since when it is in force, or will be.")
    published_at: datetime | None = strawberry.field(
        description="When it was published; null for what the service began with before it wrote that down."
    )
    sha256: str = strawberry.field(description="Of its file, before the operator's name and addresses are filled in.")
    material: bool = strawberry.field(
        description="Whether it changes what people may expect: then all of them were told before."
    )
    summary: str = strawberry.field(description="What it changes, in short; empty for what the service began with.")
    asks_again: list[ConsentPurpose] = strawberry.field(
        description="Consents that count no more once it is in force: people are asked again."
    )

    @classmethod
    def from_record(cls, record: Listed) -> "Policy":
        """Build from a query's record."""
        edition, document = record.edition, record.edition.document
        return cls(
            id=global_id("Policy", edition.id),
            record=record,
            kind=document.kind,
            version=document.version,
            title=document.title,
            effective_at=edition.effective_at,
            published_at=edition.published_at,
            sha256=document.sha256,
            material=edition.material,
            summary=edition.summary,
            asks_again=list(edition.asks_again),
        )

    @strawberry.field(description="The whole text below its title, as Markdown.")
    def text(self, info: Info) -> str:
        """No statement."""
        return info.context.ports.facts.fill(self.record.edition.document.text)

    @strawberry.field(description="The same as HTML without scripts and styles, to be put below the title.")
    def html(self, info: Info) -> str:
        """No statement."""
        return wording.html_of(self.text(info))

    @strawberry.field(
        description="What it leaves out and adds, against the version before, in the order of the text.",
        directives=[ListSize(assumed_size=MAX_CHANGES)],
    )
    def changes(self, info: Info) -> list[PolicyChange]:
        """No statement: the version before came with it."""
        found = changes(self.record.previous, self.record.edition.document)[:MAX_CHANGES]
        return [PolicyChange.from_record(change, info.context.ports.facts) for change in found]

    @strawberry.field(
        description="What it promises, clause by clause, with the code that keeps each one and the tests that show it. "
        "Planned ones are not published yet. The terms have none. At most 100.",
        directives=[ListSize(assumed_size=100)],
    )
    def clauses(self) -> list[Clause]:
        """No statement: the register and the evidence are part of the program."""
        if self.kind is not DocumentKind.PRIVACY:
            return []
        evidence, version = shipped(), frozenset(self.record.edition.document.sentences())
        return [Clause.from_entry(each, evidence, version) for each in CLAUSES]


PolicyConnection = Connection[Policy]


def page(records: list[Listed], first: int, after: str | None) -> PolicyConnection:
    """Build a page from up to `first + 1` versions."""
    return connection(
        [Policy.from_record(each) for each in records], [each.edition.id for each in records], first, after
    )


@strawberry.type(description="That somebody accepted a version. It is never changed.")
class PolicyAcceptance:
    """`app.policy.acceptances.Accepted`."""

    kind: DocumentKind = strawberry.field(description="Which of the two texts.")
    version: str = strawberry.field(description="Which version of it.")
    sha256: str = strawberry.field(description="Of that version.")
    accepted_at: datetime = strawberry.field(description="When.")

    @classmethod
    def from_record(cls, record: Accepted) -> "PolicyAcceptance":
        """Build from a query's record."""
        return cls(kind=record.kind, version=record.version, sha256=record.sha256, accepted_at=record.accepted_at)
