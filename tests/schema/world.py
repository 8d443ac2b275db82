"""Two people, one of whom has a generation with a picture; and everything that is in the database about them."""

import base64
from dataclasses import dataclass
from enum import StrEnum

from app.accounts.clients import register
from app.accounts.tokens import hash_token
from app.core.db import execute, fetch
from app.core.viewer import Role, Scope
from schema.relay import global_id
from tests.fakes.server import Json, RunningServer
from tests.fakes.uploads import Sender
from tests.media.pictures import painted, saved

SESSION = "0199aaaa-0000-7000-8000-00000000000a"
"""Key of a session of the owner's beside the one that they use."""
SECRET = "somebody whom nobody else may know of"
_VIEWER = "{ viewer { id } }"
_PICTURES = "query ($id: ID!) { node(id: $id) { ... on Generation { images { id url } } } }"


class Who(StrEnum):
    """Kinds of viewers."""

    NOBODY = "nobody"
    OTHER = "other"
    OWNER = "owner"
    SUPPORT = "support"
    PRIVACY_OFFICER = "privacy officer"
    MODERATOR = "moderator"
    ADMIN = "admin"

    @property
    def role(self) -> Role:
        """The role of this viewer's account."""
        return Role[self.name] if self.name in Role.__members__ else Role.USER


@dataclass(frozen=True, slots=True)
class World:
    """A server with two accounts. Jobs do not run any more: what changes is what a test did."""

    server: RunningServer
    tokens: dict[Who, str | None]
    users: dict[Who, str]
    generation: str
    image: str
    image_url: str
    upload: str
    """The owner's, with the bytes of a picture."""
    reference: str
    api_key: str
    app: str

    @property
    def private(self) -> tuple[str, ...]:
        """What only the owner may read."""
        return SECRET, "owner@example.com", self.image_url.split("?")[0].rsplit("/", 1)[0]

    async def ask(self, who: Who, document: str, variables: Json | None = None, operation: str | None = None) -> Json:
        """Return the answer to an operation."""
        token = self.tokens[who]
        answer = await self.server.client.post(
            "/graphql",
            json={"query": document, "variables": variables, "operationName": operation},
            headers={"authorization": f"Bearer {token}"} if token else {},
        )
        content: Json = answer.json()
        return content

    async def become(self, who: Who) -> None:
        """Give the other person's account the role of this viewer (staff are somebody else with a role), signed in."""
        await execute("UPDATE users SET role = $1 WHERE email = 'other@example.com'", who.role.value)
        for token, person in ((self.tokens[who], self.users[who]) for who in (Who.OTHER, Who.OWNER)):
            await execute(  # what a case before this one may have ended
                """INSERT INTO sessions (id, user_id, token_hash, created_at, expires_at)
                   VALUES (gen_random_uuid(), $1, $2, now(), now() + interval '1 hour')
                   ON CONFLICT (token_hash) DO NOTHING""",
                key_of(person),
                hash_token(str(token)),
            )

        await self.add_session()

    async def add_session(self) -> None:
        """Have the owner signed in once more."""
        await execute(
            """INSERT INTO sessions (id, user_id, token_hash, created_at, expires_at)
               VALUES ($1, $2, 'of another device', now(), now() + interval '1 hour')
               ON CONFLICT (token_hash) DO NOTHING""",
            SESSION,
            key_of(self.users[Who.OWNER]),
        )

    async def contents(self, about: Who | None = None) -> dict[str, str]:
        """Return a fingerprint of each table, or of those of its rows that name a person."""
        person = key_of(self.users[about]) if about else ""
        tables = await fetch("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'")
        return {table["name"]: await _fingerprint(table["name"], person) for table in tables}


def key_of(id: str) -> str:
    """Return the key in a global id."""
    return base64.urlsafe_b64decode(id + "==").decode().partition(":")[2]


async def _fingerprint(table: str, person: str) -> str:
    [row] = await fetch(
        f"""SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') AS fingerprint
            FROM "{table}" t WHERE strpos(t::text, $1) > 0""",
        person,
    )
    return str(row["fingerprint"])


async def populate(server: RunningServer) -> World:
    """Make the world."""
    owner, other = await server.sign_up("owner"), await server.sign_up("other")
    generation = (await server.create(owner, SECRET, engine="faulty"))["generation"]["id"]
    await server.queue.settle()
    sender = Sender(server, owner)
    reference = await sender.reference(saved(painted()))
    upload = await sender.sent(saved(painted()))
    await server.queue.settle()
    server.queue.work_with(None)
    [image] = (await server.data(_PICTURES, {"id": generation}, owner))["node"]["images"]
    ids = [(await server.data(_VIEWER, None, token))["viewer"]["id"] for token in (other, owner)]
    users = dict.fromkeys(Who, ids[0]) | {Who.OWNER: ids[1]}
    [row] = await fetch(
        """INSERT INTO api_keys (id, user_id, name, token_hash, last_four, scopes, origins, created_at, expires_at)
           VALUES (gen_random_uuid(), $1, $2, '', '', 'profile', '', now(), now() + interval '1 hour') RETURNING id""",
        key_of(users[Who.OWNER]),
        SECRET,
    )
    api_key = global_id("ApiKey", row["id"])
    client = await register("An app", ["https://app.example/back"], [Scope.PROFILE])
    await execute(
        """INSERT INTO app_grants (id, user_id, client_id, scopes, redirect, challenge, created_at, expires_at)
           VALUES (gen_random_uuid(), $1, $2, 'profile', '', '', now(), now() + interval '1 hour')""",
        key_of(users[Who.OWNER]),
        client.id,
    )
    app = global_id("ConnectedApp", client.id)
    tokens = dict.fromkeys(Who, other) | {Who.NOBODY: None, Who.OWNER: owner}
    return World(server, tokens, users, generation, image["id"], image["url"], upload, reference, api_key, app)
