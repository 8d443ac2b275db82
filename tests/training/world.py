"""People with finished pictures, planted by three statements, and an office that builds data sets of them."""

from collections.abc import AsyncGenerator, AsyncIterator
from uuid import UUID, uuid4

from app.consents.enforcement import PurposeLimitation
from app.consents.notices import Notices
from app.consents.objections import Stance, set_objections
from app.consents.purposes import Method, Objectionable
from app.consents.service import Choice, Way, decide
from app.core.clock import SystemClock
from app.core.consent_purposes import ConsentPurpose
from app.core.db import execute, fetch, transaction
from app.core.origin import NOWHERE
from app.core.ports import ObjectStore, StoredObject
from app.core.signing import Signer
from app.core.viewer import Role, Viewer
from app.media.service import object_key
from app.media.variants import Variant
from app.registries import ON_OBJECTION, ON_WITHDRAWAL, PERSONAL_DATA
from app.training.building import build
from app.training.office import TrainingOffice
from app.training.sets import sealed
from app.training.verification import Verdict, Verification, verify
from tests.fakes.consents import FakeNotices, consent_office

PRIVATE = ConsentPurpose.TRAINING_ON_PRIVATE_CONTENT


class KeysAsBytes:
    """`ObjectStore` in which every key has an object, whose bytes are the key; but for those that are `missing`."""

    def __init__(self) -> None:
        self.missing: set[str] = set()
        self.altered: set[str] = set()

    async def put(self, key: str, content: bytes) -> None:
        """Refuse: nothing is copied."""
        raise AssertionError(key)

    async def put_new(self, key: str, content: bytes) -> bool:
        """Refuse."""
        raise AssertionError(key)

    async def head(self, key: str) -> StoredObject | None:
        """Look."""
        return StoredObject(key, len(key))

    async def read(self, key: str, start: int = 0, end: int | None = None) -> AsyncGenerator[bytes, None]:
        """Read, in two chunks."""
        if key in self.missing:
            raise KeyError(key)
        yield key[:10].encode()
        yield key[10:].encode() if key not in self.altered else b"something else"

    async def delete(self, key: str) -> None:
        """Refuse."""
        raise AssertionError(key)

    async def list(self, prefix: str, after: str = "") -> AsyncIterator[str]:
        """Find nothing."""
        keys: tuple[str, ...] = ()
        for key in keys:
            yield key


def number(kind: int, value: int) -> UUID:
    """Return the id of a planted row: older than any data set."""
    return UUID(f"0190{kind:04x}-0000-7000-8000-{value:012x}")


def person_of(value: int) -> UUID:
    """Return the id of a planted person; they are counted from 1."""
    return number(1, value)


def generation_of(value: int) -> UUID:
    """Return the id of a planted generation, of one picture; they are counted from 1, person by person."""
    return number(2, value)


def key_of(value: int) -> str:
    """Return where the picture of a planted generation is."""
    return object_key(number(3, value), Variant.ORIGINAL)


async def plant(people: int, each: int, visibility: str = "PUBLIC") -> None:
    """Plant people with confirmed addresses, and finished generations of one picture for each of them."""
    await execute(
        """WITH made AS (
             INSERT INTO users (id, email, confirmed_email, display_name, adult_attested_at, policy_version, created_at)
             SELECT ('01900001-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, n || '@example.com',
                    n || '@example.com', 'Somebody', now(), '2026-01-01', now()
             FROM generate_series(1, $1::int) AS n RETURNING id)
           INSERT INTO subject_aliases (id, user_id) SELECT gen_random_uuid(), id FROM made""",
        people,
    )
    await execute(
        """INSERT INTO generations
             (id, user_id, prompt, engine, seed, width, height, count, visibility, status, created_at)
           SELECT ('01900002-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
                  ('01900001-0000-7000-8000-' || lpad(to_hex((n - 1) / $2::int + 1), 12, '0'))::uuid,
                  'somebody', 'slow', 1, 64, 64, 1, $3, 'SUCCEEDED', now()
           FROM generate_series(1, $1::int * $2::int) AS n""",
        people,
        each,
        visibility,
    )
    await execute(
        """WITH wanted AS (
             SELECT n, id, user_id, ('01900003-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid AS picture
             FROM (SELECT row_number() OVER (ORDER BY id) AS n, id, user_id FROM generations) AS g),
           stored AS (
             INSERT INTO pictures (id, person_id, state, width, height, placeholder, created_at, variants)
             SELECT picture, user_id, 'STORED', 64, 64, '', now(), jsonb_build_object('ORIGINAL', jsonb_build_object(
               'etag', left(encode(sha256(convert_to('pictures/' || picture || '/original.webp', 'UTF8')), 'hex'), 32)))
             FROM wanted RETURNING id)
           INSERT INTO generated_images (id, generation_id, index, picture_id)
           SELECT ('01900004-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, id, 0, picture FROM wanted"""
    )


def office(notices: Notices | None = None, store: ObjectStore | None = None) -> TrainingOffice:
    """Return an office of the tests."""
    limitation = PurposeLimitation.of(PERSONAL_DATA.values(), notices or FakeNotices(), SystemClock())
    return TrainingOffice(limitation, store or KeysAsBytes(), Signer(b"t" * 32), b"k" * 32)


async def built(at: TrainingOffice, batch: int = 500) -> str:
    """Build a data set and return its name."""
    return await build(at, None, lambda _: None, batch)


async def verified(at: TrainingOffice, name: str, batch: int = 500) -> Verification:
    """Replay a data set."""
    return await verify(at, await sealed(name), lambda _: None, batch)


async def numbers(at: TrainingOffice, name: str) -> dict[Verdict, int]:
    """Return how many items there are of each verdict."""
    return dict((await verified(at, name)).counts)


async def keys(name: str) -> set[str]:
    """Return where the pictures of a data set are, marked or not."""
    rows = await fetch(
        "SELECT picture_id FROM training_items t JOIN training_sets s ON s.id = t.set_id WHERE s.name = $1", name
    )
    return {object_key(row["picture_id"], Variant.ORIGINAL) for row in rows}


async def object_to_training(person: UUID, objected: bool = True) -> None:
    """Object, or take it back, as the API does."""
    await set_objections(
        Viewer(person, uuid4(), Role.USER),
        [Stance(Objectionable.MODEL_TRAINING, objected)],
        key=str(uuid4()),
        hash_key=b"h" * 32,
        clock=SystemClock(),
        origin=NOWHERE,
        effects=ON_OBJECTION,
    )


async def consent(person: UUID, granted: bool = True) -> None:
    """Agree to training on what is private, or take it back, as the API does."""
    async with transaction():
        said = consent_office(on_withdrawal=ON_WITHDRAWAL)
        await decide(person, [Choice(PRIVATE, granted)], None, said, Way(Method.API))
