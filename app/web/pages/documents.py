"""`/privacy` and `/terms`: what is in force, every version, and what is different between two of them.

They are the same for everybody: no session is asked for, no cookie is set, and any cache may keep them for a while.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.core.days import day
from app.core.ports import Clock
from app.policy.changes import Change, changes
from app.policy.clause import Clause
from app.policy.clauses import CLAUSES
from app.policy.evidence import Evidence, shipped
from app.policy.queries import Edition, Listed, listed
from app.policy.texts import Document, DocumentKind
from app.policy.wording import Facts, html_of, inline_html_of
from app.web.conditions import is_listed
from app.web.pages.rendering import public_page

KEPT_FOR = timedelta(minutes=5)
"""A version that takes effect is shown that late at most."""
SECTIONS = {DocumentKind.PRIVACY: "/privacy", DocumentKind.TERMS: "/terms"}


@dataclass(frozen=True, slots=True)
class DocumentPages:
    """The pages of one kind of document."""

    kind: DocumentKind
    facts: Facts
    clock: Clock

    def routes(self) -> list[Route]:
        """Return the pages' routes."""
        path = SECTIONS[self.kind]
        return [
            Route(path, self.current),
            Route(f"{path}/versions", self.versions),
            Route(f"{path}/{{version}}", self.version),
            Route(f"{path}/{{version}}/changes", self.changes),
        ]

    async def current(self, request: Request) -> Response:
        """Show what is in force."""
        all_of_it = await listed(self.kind)
        return self._text(request, all_of_it, self._in_force(all_of_it))

    async def version(self, request: Request) -> Response:
        """Show one version."""
        all_of_it = await listed(self.kind)
        found = _named(all_of_it, request.path_params["version"])
        return self._text(request, all_of_it, found) if found else self._missing()

    async def versions(self, request: Request) -> Response:
        """Show which versions there are."""
        all_of_it = await listed(self.kind)
        rows = [(each, self._standing(all_of_it, each.edition)) for each in all_of_it]
        return self._kept(request, "versions.html", {"rows": rows, "title": all_of_it[0].edition.document.title})

    async def changes(self, request: Request) -> Response:
        """Show what is different from another version (`since`), or from the one before."""
        all_of_it = await listed(self.kind)
        found = _named(all_of_it, request.path_params["version"])
        since = request.query_params.get("since")
        other = _named(all_of_it, since) if since else None
        if found is None or (since and other is None):
            return self._missing()
        before = other.edition.document if other else found.previous
        values = {
            "edition": found.edition,
            "before": before,
            "standing": self._standing(all_of_it, found.edition),
            "sections": self._sections(before, found.edition.document),
            "others": [each.edition.document.version for each in all_of_it if each is not found],
        }
        return self._kept(request, "changes.html", values)

    def _sections(self, before: Document | None, after: Document) -> list[tuple[str, list[tuple[str, str]]]]:
        def shown(change: Change) -> tuple[str, str]:
            return change.type.value, inline_html_of(self.facts.fill(change.text))

        grouped = groupby(changes(before, after), key=lambda change: change.section)
        return [(section, [shown(change) for change in found]) for section, found in grouped]

    def _text(self, request: Request, all_of_it: Sequence[Listed], shown: Listed) -> Response:
        values = {
            "edition": shown.edition,
            "previous": shown.previous,
            "standing": self._standing(all_of_it, shown.edition),
            "text": html_of(self.facts.fill(shown.edition.document.text)),
            "clauses": _clauses(shown.edition.document),
            "run": shipped().last_run,
        }
        return self._kept(request, "document.html", values)

    def _in_force(self, all_of_it: Sequence[Listed]) -> Listed:
        now = self.clock.now()
        return next((each for each in all_of_it if each.edition.effective_at <= now), all_of_it[-1])

    def _standing(self, all_of_it: Sequence[Listed], edition: Edition) -> str:
        if edition == self._in_force(all_of_it).edition:
            return f"in force since {day(edition.effective_at)}"
        if edition.effective_at > self.clock.now():
            return f"takes effect on {day(edition.effective_at)}"
        return f"not in force any more; it was from {day(edition.effective_at)}"

    def _kept(self, request: Request, template: str, values: Mapping[str, object]) -> Response:
        """Answer with a page that any cache may keep, or with nothing where the asker has it."""
        answer = public_page(template, {"section": SECTIONS[self.kind], "day": day, **values})
        answer.headers["cache-control"] = f"public, max-age={int(KEPT_FOR.total_seconds())}"
        answer.headers["etag"] = f'"{hashlib.sha256(answer.body).hexdigest()[:32]}"'
        if is_listed(", ".join(request.headers.getlist("if-none-match")), answer.headers["etag"]):
            kept = {name: answer.headers[name] for name in ("cache-control", "etag", "content-security-policy")}
            return Response(status_code=304, headers=kept)
        return answer

    def _missing(self) -> Response:
        answer = public_page("no_version.html", {"section": SECTIONS[self.kind]}, 404)
        answer.headers["cache-control"] = "no-store"
        return answer


def _clauses(document: Document) -> list[tuple[Clause, str]]:
    """Return every clause with how it stands for a version, in few words; the terms have none."""
    if document.kind is not DocumentKind.PRIVACY:
        return []
    evidence, version = shipped(), frozenset(document.sentences())
    return [(each, _word(each, evidence, version)) for each in CLAUSES]


def _word(clause: Clause, evidence: Evidence, version: Collection[str]) -> str:
    if clause.planned is None and not clause.said(version):
        return "not promised by this version"
    tested = evidence.last_run is not None or clause.planned is not None
    return evidence.state(clause).value.lower() if tested else "not tested yet"


def _named(all_of_it: Sequence[Listed], version: str) -> Listed | None:
    return next((each for each in all_of_it if each.edition.document.version == version), None)


def document_routes(facts: Facts, clock: Clock) -> list[Route]:
    """Return the routes of both documents."""
    return [route for kind in DocumentKind for route in DocumentPages(kind, facts, clock).routes()]
