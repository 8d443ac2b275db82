"""What somebody has with us: one of everything."""

import uuid
from base64 import urlsafe_b64decode
from collections.abc import Collection
from dataclasses import dataclass

from app.accounts.clients import register
from app.accounts.staff import suspend
from app.accounts.tokens import hash_token
from app.core import feed
from app.core.config import Settings
from app.core.db import execute, fetch, transaction
from app.core.keys import derive
from app.core.one_time import OneTimeTokens
from app.core.personal_data import Activity
from app.core.privacy_rights import PrivacyRight
from app.core.viewer import Role, Scope, Viewer
from app.outreach.announcing import NOTICE_POSTED
from app.policy.library import library
from app.policy.queries import edition_id
from app.policy.texts import DocumentKind
from app.privacy.asked import Asked
from app.privacy.requests import Requester, open_request
from app.privacy.status import Channel
from app.processors.records import About, Parcel, write
from app.processors.register import Disclosed
from schema.relay import global_id
from tests.fakes.people import POLICY_VERSION
from tests.fakes.privacy import OFFICE
from tests.fakes.server import RunningServer
from tests.fakes.uploads import Sender
from tests.media.faces import drawn_face
from tests.media.pictures import painted, saved

NEWER_TERMS = "2026-03-25"
NEXT_POLICY = "2099-01-01"
"""A version that is shipped beside what the service came with."""
REASON = "Pictures of a neighbour"
_PICTURES = "query ($id: ID!) { node(id: $id) { ... on Generation { images { id url } } } }"

_CONSENT = """mutation ($policy: String!) { setConsents(input: {policyVersion: $policy, idempotencyKey: "of the world",
  decisions: [{purpose: PREFERENCE_COOKIES, granted: true}]}) { errors { message } } }"""


@dataclass(frozen=True, slots=True)
class Belongings:
    """Global ids, but for `link`: the token in the mail that resets the password."""

    generation: str
    image: str
    image_url: str
    upload: str
    """With the bytes of a picture."""
    face: str
    """An upload, with the bytes of a picture of a face."""
    reference: str
    api_key: str
    app: str
    factor: str
    identity: str
    link: str
    notice: str
    thread: str
    request: str
    """A privacy request that waits to begin."""
    handed_over: str
    """A legal disclosure."""


async def account_of(server: RunningServer, token: str) -> str:
    """Return the id of the account."""
    return str((await server.data("{ viewer { id } }", None, token))["viewer"]["id"])


async def endow(server: RunningServer, token: str, secret: str, session: str | None = None) -> Belongings:
    """Give somebody one of everything, and a further session with that key. `secret` is in all that they write."""
    user_id = _key(await account_of(server, token))
    generation = (await server.create(token, secret, engine="faulty"))["generation"]["id"]
    await server.queue.settle()
    sender = Sender(server, token)
    reference = await sender.reference(saved(painted()))
    upload, face = await sender.sent(saved(painted())), await sender.sent(drawn_face())
    await server.queue.settle()
    [image] = (await server.data(_PICTURES, {"id": generation}, token))["node"]["images"]
    await _extend(user_id, _key(generation), _key(reference))
    await server.data(_CONSENT, {"policy": POLICY_VERSION}, token)
    client = await register("An app", ["https://app.example/back"], [Scope.PROFILE])
    await _let_in(user_id, client.id, [Scope.PROFILE])
    return Belongings(
        generation,
        image["id"],
        image["url"],
        upload,
        face,
        reference,
        await _api_key(user_id, secret),
        global_id("ConnectedApp", client.id),
        await _factor(user_id, session),
        await _identity(user_id),
        await _link(user_id),
        await _notice(user_id),
        await _thread(user_id, "PROBLEM" if session else "QUESTION"),
        await _request(user_id),
        await _handed_over(user_id),
    )


async def restricted(server: RunningServer, address: str) -> None:
    """Make a suspended account."""
    banned = await account_of(server, await server.sign_up(address.partition("@")[0]))
    moderator = Viewer(
        uuid.UUID(_key(await account_of(server, await server.sign_up("moderator")))), uuid.uuid4(), Role.USER
    )
    await suspend(moderator, uuid.UUID(_key(banned)), REASON)


async def app_token(user_id: str, scopes: Collection[Scope]) -> str:
    """Let in an app; return its access token."""
    client = await register("Another app", ["https://app.example/back"], scopes)
    return await _let_in(user_id, client.id, scopes)


async def _let_in(user_id: str, client_id: uuid.UUID, scopes: Collection[Scope]) -> str:
    token = f"anyp_a_{uuid.uuid4()}"
    await execute(
        """WITH granted AS (
             INSERT INTO app_grants (id, user_id, client_id, scopes, redirect, challenge, created_at, expires_at)
             VALUES (gen_random_uuid(), $1, $2, $3, '', '', now(), now() + interval '1 hour') RETURNING id)
           INSERT INTO app_tokens (id, grant_id, kind, token_hash, scopes, expires_at)
           SELECT gen_random_uuid(), id, 'ACCESS', $4, $3, now() + interval '1 hour' FROM granted""",
        user_id,
        client_id,
        " ".join(sorted(scopes)),
        hash_token(token),
    )
    return token


async def _train_on(generation: str) -> None:
    """Put the pictures of a generation into the one data set that there is."""
    await execute(
        """INSERT INTO training_sets (id, name, started_at, sealed_at) VALUES (gen_random_uuid(), 'a set', now(), now())
           ON CONFLICT (name) DO NOTHING"""
    )
    await execute(
        """INSERT INTO training_items (id, set_id, subject_id, picture_id, sha256, byte_size, visibility, basis,
             policy_version, decided_at, mac)
           SELECT gen_random_uuid(), s.id, a.id, i.picture_id, '', 1, 'PRIVATE', 'CONSENT', '', now(), ''
           FROM training_sets s, generated_images i JOIN generations g ON g.id = i.generation_id
           JOIN subject_aliases a ON a.user_id = g.user_id WHERE g.id = $1 AND i.picture_id IS NOT NULL""",
        generation,
    )


async def _extend(user_id: str, generation: str, reference: str) -> None:
    """Have the generation leave us, go by the reference picture, fail and be partly withheld: all that one can show."""
    about = About("Generation", uuid.UUID(generation))
    await write(Parcel("slow", Activity.IMAGE_GENERATION, uuid.UUID(user_id), frozenset({Disclosed.PROMPT}), about))
    await execute(
        """UPDATE generations SET failure_code = 'SAFETY', failure_message = 'Withheld.', failure_retryable = false
           WHERE id = $1""",
        generation,
    )
    await _train_on(generation)
    await execute(
        """INSERT INTO generated_images (id, generation_id, index, rejected_stage, rejected_categories)
           VALUES (gen_random_uuid(), $1, 1, 'output', '["nudity"]')""",
        generation,
    )
    await execute(
        """INSERT INTO generation_references (id, generation_id, position, reference_image_id)
           VALUES (gen_random_uuid(), $1, 0, $2)""",
        generation,
        reference,
    )
    await execute(
        """INSERT INTO face_acknowledgements
             (id, person_id, reference_image_id, statement, version, wording_sha256, acknowledged_at)
           VALUES (gen_random_uuid(), $1, $2, 'OWN_FACE', '1', '', now())""",
        user_id,
        reference,
    )


async def _identity(user_id: str) -> str:
    [row] = await fetch(
        """INSERT INTO identities (id, user_id, provider, subject, created_at)
           VALUES (gen_random_uuid(), $1, 'GITHUB', gen_random_uuid(), now()) RETURNING id""",
        user_id,
    )
    return global_id("LinkedIdentity", row["id"])


async def _api_key(user_id: str, name: str) -> str:
    [row] = await fetch(
        """INSERT INTO api_keys (id, user_id, name, token_hash, last_four, scopes, origins, created_at, expires_at)
           VALUES (gen_random_uuid(), $1, $2, gen_random_uuid()::text, '', 'profile', '', now(),
                   now() + interval '1 hour') RETURNING id""",
        user_id,
        name,
    )
    return global_id("ApiKey", row["id"])


async def _factor(user_id: str, session: str | None) -> str:
    """Add a passkey, whose loss was reported; and a session with that key."""
    if session is not None:
        await execute(
            """INSERT INTO sessions (id, user_id, token_hash, created_at, expires_at)
               VALUES ($1, $2, 'of another device', now(), now() + interval '1 hour')""",
            session,
            user_id,
        )
    await execute(
        """INSERT INTO account_recoveries (id, user_id, created_at, ends_at)
           VALUES (gen_random_uuid(), $1, now(), now() + interval '1 hour')""",
        user_id,
    )
    [row] = await fetch(
        """INSERT INTO passkeys (id, user_id, credential_id, public_key, sign_count, name, created_at)
           VALUES (gen_random_uuid(), $1, $2, '', 0, 'Key', now()) RETURNING id""",
        user_id,
        uuid.uuid4().bytes,
    )
    return global_id("SecondFactor", row["id"])


async def _link(user_id: str) -> str:
    [row] = await fetch(
        """INSERT INTO tickets (id, user_id, purpose, address, expires_at)
           SELECT gen_random_uuid(), id, 'RESET_PASSWORD', confirmed_email, now() + interval '1 hour'
           FROM users WHERE id = $1 RETURNING id""",
        user_id,
    )
    return OneTimeTokens(derive(Settings.load().security.key, "one-time-tokens")).token(row["id"])


async def _notice(user_id: str) -> str:
    """Tell them of the newest terms; a notice is also in the feed."""
    terms, notice_id = library().versions(DocumentKind.TERMS)[-1], uuid.uuid4()
    announcement_id = edition_id(terms.kind, terms.version)
    async with transaction():
        await execute(
            """INSERT INTO document_versions (id, kind, version, sha256, published_at, effective_at, material, summary,
                                              asks_again, published_by_id)
               SELECT $1, 'TERMS', $2, $3, now(), now(), true, 'All of it.', '', id
               FROM subject_aliases WHERE user_id = $4 ON CONFLICT DO NOTHING""",
            announcement_id,
            terms.version,
            terms.sha256,
            user_id,
        )
        await execute(
            """INSERT INTO announcements (id, document_version_id, created_at) VALUES ($1, $1, now())
               ON CONFLICT DO NOTHING""",
            announcement_id,
        )
        await execute(
            "INSERT INTO notices (id, person_id, announcement_id, created_at) VALUES ($1, $2, $3, now())",
            notice_id,
            user_id,
            announcement_id,
        )
        await feed.append(uuid.UUID(user_id), notice_id, NOTICE_POSTED, 0.0)
    return global_id("Notice", notice_id)


async def _thread(user_id: str, topic: str) -> str:
    """Have them write to support; staff may read it, so no secret is in it."""
    [row] = await fetch(
        """WITH opened AS (
             INSERT INTO support_threads (id, person_id, topic, state, created_at, last_message_at)
             VALUES (gen_random_uuid(), $1, $2, 'OPEN', now(), now()) RETURNING id)
           INSERT INTO support_messages (id, thread_id, author, text, created_at)
           SELECT gen_random_uuid(), id, 'PERSON', 'Where is my picture?', now() FROM opened RETURNING thread_id""",
        user_id,
        topic,
    )
    return global_id("SupportThread", row["thread_id"])


async def _request(user_id: str) -> str:
    """Have them ask for something, with everything that a request can have: no secret is in it."""
    person = uuid.UUID(user_id)
    async with transaction():
        asked = Asked(PrivacyRight.OPT_OUT_OF_SALE, statement="Please")
        request_id, _ = await open_request(asked, Requester(person, Channel.SIGNED_IN, proved=True), OFFICE)
        await execute("DELETE FROM jobs WHERE payload->>'request' = $1", str(request_id))
        await execute(
            """UPDATE privacy_requests SET job_id = NULL, extended_at = now(), extended_until = now(), denial = 'NONE'
               WHERE id = $1""",
            request_id,
        )
        await execute(
            """INSERT INTO privacy_request_steps (id, request_id, position, holder, action, status)
               VALUES (gen_random_uuid(), $1, 0, 'disclosures', 'CHECK', 'PENDING')""",
            request_id,
        )
    await execute(
        """INSERT INTO privacy_archives (id, request_id, person_id, place, byte_size, sha256, created_at, expires_at)
           VALUES (gen_random_uuid(), $1, $2, 'exports/none', 1, 'hash', now(), now() + interval '1 day')""",
        request_id,
        person,
    )
    return global_id("PrivacyRequest", request_id)


async def _handed_over(user_id: str) -> str:
    [row] = await fetch(
        """INSERT INTO legal_disclosures (id, subject_id, recorded_by_id, ground, categories, disclosed_on, recorded_at,
                                          shown_from, content)
           SELECT gen_random_uuid(), id, id, 'SUBPOENA', '["CONTACT"]', current_date, now(), now(),
                  '{"recipient": "A court", "basis": "An order", "scope": "The address", "reason": ""}'
           FROM subject_aliases WHERE user_id = $1 RETURNING id""",
        user_id,
    )
    return global_id("LegalDisclosure", row["id"])


def _key(id: str) -> str:
    return urlsafe_b64decode(id + "==").decode().partition(":")[2]
