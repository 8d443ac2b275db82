"""Whether a data set is what was sealed, and each decision what the records of that time allow: replayed item by item.

A decision that was right stays right. What has changed since is told apart: excluded, or gone.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from app.consents.notices import Notices
from app.core.consent_purposes import ConsentPurpose
from app.core.db import Row, execute, fetch, transaction
from app.core.personal_data import Activity, Basis
from app.core.signing import Forged
from app.generation.status import GenerationStatus
from app.generation.wishes import Visibility
from app.training.eligibility import ACTIVITIES
from app.training.manifest import BATCH, SEALED, Digest, line, mac
from app.training.marking import GONE, JOINS, STANDING, Exclusion, answers_about, standing
from app.training.office import TrainingOffice

PRIVATE = ConsentPurpose.TRAINING_ON_PRIVATE_CONTENT
MOST_NAMED = 100
"""Wrong items that are named; all of them are counted."""


class Verdict(StrEnum):
    """What there is to say of an item."""

    ELIGIBLE = "ELIGIBLE"
    EXCLUDED = "EXCLUDED"
    GONE = "GONE"
    WRONG = "WRONG"


@dataclass(slots=True)
class Verification:
    """What replaying a data set came to."""

    counts: Counter[Verdict] = field(default_factory=Counter)
    because: Counter[Exclusion] = field(default_factory=Counter)
    """Why items are excluded or gone."""
    wrong: list[tuple[UUID, str]] = field(default_factory=list)
    """The first wrong items, and what is wrong with each."""
    faults: list[str] = field(default_factory=list)
    """What is wrong with the set as a whole."""

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults and not self.counts[Verdict.WRONG]

    def add(self, item: UUID, faults: Sequence[str], exclusion: Exclusion | None) -> None:
        """Take what was found of the next item."""
        if faults:
            self.counts[Verdict.WRONG] += 1
            if len(self.wrong) < MOST_NAMED:
                self.wrong.append((item, " ".join(faults)))
        elif exclusion is None:
            self.counts[Verdict.ELIGIBLE] += 1
        else:
            self.counts[Verdict.GONE if exclusion in GONE else Verdict.EXCLUDED] += 1
            self.because[exclusion] += 1


Tell = Callable[[int], None]
"""Is told how many items were looked at."""


async def verify(office: TrainingOffice, data_set: Row, tell: Tell, batch: int = BATCH) -> Verification:
    """Replay every decision of a sealed data set. One snapshot is read, by as many statements as there are batches."""
    found, digest, notices, after = Verification(), Digest(), _Past(office.limitation.notices), UUID(int=0)
    async with transaction():
        await execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        while items := await _items(data_set["id"], after, batch):
            answers = await answers_about(items, office.limitation)
            for item in items:
                digest.add(line(item))
                faults = [*_changed(office.key, data_set["id"], item), *await _undue(item, data_set, notices)]
                found.add(item["id"], faults, standing(item, answers))
            after = items[-1]["id"]
            tell(digest.items)
    found.faults += _unsealed(office, data_set, digest)
    return found


def _unsealed(office: TrainingOffice, data_set: Row, digest: Digest) -> list[str]:
    try:
        signed = office.signer.verify(data_set["signature"], SEALED)
    except Forged:
        return ["Its signature is not ours, or was changed."]
    if signed.get("set") != str(data_set["id"]) or signed.get("name") != data_set["name"]:
        return ["Its signature is that of another data set."]
    if (signed.get("items"), signed.get("sha256")) != (data_set["items"], data_set["sha256"]):
        return ["Its number of items or its hash was changed: it is not what was signed."]
    if (digest.items, digest.sha256) == (data_set["items"], data_set["sha256"]):
        return []
    return [f"It was sealed with {data_set['items']} items and has {digest.items}, or some of them were changed."]


def _changed(key: bytes, set_id: UUID, item: Row) -> list[str]:
    if mac(key, set_id, item) != item["mac"]:
        return ["It was changed, or added by hand."]
    return []


async def _undue(item: Row, data_set: Row, notices: "_Past") -> list[str]:
    """Say why an item should not have been taken when it was, by the records of then and by what never changes."""
    then = await notices.at(item["decided_at"])
    public = item["recorded"] == Visibility.PUBLIC
    basis = ACTIVITIES[Visibility.PUBLIC if public else Visibility.PRIVATE].basis
    wrong = {
        "Its basis is not that of its visibility.": item["basis"] != basis,
        "It was decided before the data set was begun, or after it was sealed.": not (
            data_set["started_at"] <= item["decided_at"] <= data_set["sealed_at"]
        ),
        "Another policy was in force.": item["policy_version"] != then.version,
        "The person had objected.": public and bool(item["objected"]),
        "The consent that it names did not count.": basis is Basis.CONSENT and not _consented(item, then),
        "It names a consent and rests on none.": basis is not Basis.CONSENT and item["consent_id"] is not None,
        **_unlike_picture(item),
    }
    return [words for words, applies in wrong.items() if applies]


def _consented(item: Row, then: "_Then") -> bool:
    """Return whether the last decision at that time was the one that is named, and a yes that counted."""
    if item["last_consent"] is None or item["last_consent"] != item["consent_id"]:
        return False
    return bool(item["granted"]) and (then.asked_since is None or item["consented_at"] >= then.asked_since)


def _unlike_picture(item: Row) -> Mapping[str, bool]:
    """Compare an item with its picture, as long as there is one: whose, of what, and which bytes never changes."""
    if item["user_id"] is None or not item["stored"]:
        return {}
    return {
        "The picture is another person's.": item["owner_id"] != item["user_id"],
        "The picture was made by a reference picture.": item["from_reference"],
        "The picture was not finished.": item["status"] != GenerationStatus.SUCCEEDED,
        "Its hash is not that of the picture.": not item["sha256"].startswith(item["etag"]),
    }


@dataclass(frozen=True, slots=True)
class _Then:
    version: str
    asked_since: datetime | None


class _Past:
    """Which policy was in force at a moment, and since when it asked for the consent anew; each moment is read once."""

    def __init__(self, notices: Notices) -> None:
        self._notices = notices
        self._latest: tuple[datetime, _Then] | None = None

    async def at(self, moment: datetime) -> _Then:
        """Return what was so: two statements for each batch that the set was built in."""
        if self._latest is None or self._latest[0] != moment:
            version = (await self._notices.in_force(moment)).version
            self._latest = moment, _Then(version, (await self._notices.asked_again(moment)).get(PRIVATE))
        return self._latest[1]


async def _items(set_id: UUID, after: UUID, batch: int) -> list[Row]:
    """Return the next items: with what holds of them now, and what was on record when they were decided."""
    return await fetch(
        f"""SELECT t.*, {STANDING}, p.person_id AS owner_id, g.status, c.granted,
              p.variants -> 'ORIGINAL' ->> 'etag' AS etag, o.objected, c.id AS last_consent,
              c.decided_at AS consented_at,
              EXISTS (SELECT FROM generation_references r WHERE r.generation_id = g.id) AS from_reference
            FROM training_items t {JOINS}
            LEFT JOIN LATERAL (
              SELECT objected FROM objection_records r
              WHERE r.principal_id = t.subject_id AND r.activity = $4 AND r.decided_at <= t.decided_at
              ORDER BY r.sequence DESC LIMIT 1) o ON TRUE
            LEFT JOIN LATERAL (
              SELECT id, granted, decided_at FROM consent_records r
              WHERE r.principal_id = t.subject_id AND r.purpose = $5 AND r.decided_at <= t.decided_at
              ORDER BY r.sequence DESC LIMIT 1) c ON TRUE
            WHERE t.set_id = $1 AND t.id > $2 ORDER BY t.id LIMIT $3""",  # noqa: S608
        set_id,
        after,
        batch,
        Activity.MODEL_TRAINING.value,
        PRIVATE.value,
    )
