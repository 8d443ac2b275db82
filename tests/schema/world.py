"""Two people who have everything that one can have, apps of one of them, and all that the database says of them."""

import base64
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from app.analytics.events import Client, Event, Occurrence
from app.analytics.service import hour_of, write_events
from app.analytics.visits import VisitKind, count_visit
from app.core.clock import SystemClock
from app.core.db import execute, fetch, transaction
from app.core.viewer import Role, Scope
from schema.relay import global_id
from tests.fakes.server import Json, RunningServer
from tests.schema.belongings import Belongings, account_of, app_token, endow, restricted

SESSION = "0199aaaa-0000-7000-8000-00000000000a"
"""Key of a session of the owner's beside the one that they use."""
SECRET = "somebody whom nobody else may know of"
BANNED = "banned@example.com"
"""The address of a suspended account."""
AUTHOR = "author@example.com"
"""The address of somebody who shows pictures in the gallery."""


class Who(StrEnum):
    """Kinds of viewers. Staff are somebody else with a role; an app acts for the owner, with one scope."""

    NOBODY = "nobody"
    OTHER = "other"
    OWNER = "owner"
    SUPPORT = "support"
    PRIVACY_OFFICER = "privacy officer"
    MODERATOR = "moderator"
    ADMIN = "admin"
    PROFILE = "app with profile"
    PROFILE_EMAIL = "app with profile:email"
    GENERATIONS_READ = "app with generations:read"
    GENERATIONS_WRITE = "app with generations:write"
    ADMIN_APP = "administrator's app with every scope"

    @property
    def role(self) -> Role:
        """The role of this viewer's account."""
        name = self.name.removesuffix("_APP")
        return Role[name] if name in Role.__members__ else Role.USER

    @property
    def scopes(self) -> frozenset[Scope] | None:
        """What the app may do; None for a person."""
        if self is Who.ADMIN_APP:
            return frozenset(Scope)
        return frozenset({Scope[self.name]}) if self.name in Scope.__members__ else None

    @property
    def owns(self) -> bool:
        """Whether the owner's things are this viewer's."""
        return self is Who.OWNER or self.name in Scope.__members__


@dataclass(frozen=True, slots=True)
class World:
    """A server with its accounts. Jobs do not run any more: what changes is what a test did."""

    server: RunningServer
    tokens: dict[Who, str | None]
    users: dict[Who, str]
    owner: Belongings
    other: Belongings
    author_profile: str
    client: str
    """The id of the app that was registered last."""
    shown: str
    """The id of what the author shows in the gallery."""

    @property
    def generation(self) -> str:
        """The owner's."""
        return self.owner.generation

    @property
    def image(self) -> str:
        """The owner's."""
        return self.owner.image

    @property
    def private(self) -> tuple[str, ...]:
        """What only the owner may read."""
        return SECRET, "owner@example.com", self.owner.image_url.split("?")[0].rsplit("/", 1)[0]

    def of(self, who: Who) -> Belongings:
        """What is this viewer's own."""
        return self.owner if who.owns else self.other

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
        """Give the other person's account the role of this viewer: staff are somebody else with a role."""
        await execute("UPDATE users SET role = $1 WHERE email = 'other@example.com'", who.role.value)

    async def contents(self, about: Who | None = None) -> dict[str, str]:
        """Return a fingerprint of each table, or of those of its rows that name a person."""
        whole, named = await self.contents_beside(about or Who.OTHER)
        return named if about else whole

    async def contents_beside(self, about: Who) -> tuple[dict[str, str], dict[str, str]]:
        """Return a fingerprint of each table, and of those of its rows that name a person, as of one moment."""
        prints = " UNION ALL ".join(_fingerprint(table) for table in await _tables())
        rows = await fetch(prints, key_of(self.users[about]))
        return {row["name"]: row["whole"] for row in rows}, {row["name"]: row["named"] for row in rows}

    async def remember(self) -> None:
        """Keep what is stored now, for `restore`."""
        await execute("CREATE SCHEMA remembered")
        for table in await _tables():
            await execute(f'CREATE TABLE remembered."{table}" AS TABLE "{table}"')

    async def restore(self, tables: Collection[str]) -> None:
        """Make these tables what they were; what refers to what is not looked at meanwhile."""
        async with transaction():
            await execute("SET LOCAL session_replication_role = replica")
            for table in tables:
                await execute(f'DELETE FROM "{table}"')
                await execute(f'INSERT INTO "{table}" SELECT * FROM remembered."{table}"')


def key_of(id: str) -> str:
    """Return the key in a global id."""
    return base64.urlsafe_b64decode(id + "==").decode().partition(":")[2]


async def _tables() -> list[str]:
    return [row["name"] for row in await fetch("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'")]


def _fingerprint(table: str) -> str:
    return f"""SELECT '{table}' AS name,
      count(*) || ' ' || coalesce(md5(string_agg(line, '|' ORDER BY line)), '') AS whole,
      count(*) FILTER (WHERE of_them)
        || ' ' || coalesce(md5(string_agg(line, '|' ORDER BY line) FILTER (WHERE of_them)), '') AS named
      FROM (SELECT t::text AS line, strpos(t::text, $1) > 0 AS of_them FROM "{table}" t) AS lines"""


async def populate(server: RunningServer) -> World:
    """Make the world."""
    owner, other, author = [await server.sign_up(name) for name in ("owner", "other", "author")]
    shown = (await server.create(author, "somebody to be seen"))["generation"]["id"]
    own = await endow(server, owner, SECRET, SESSION)
    others = await endow(server, other, "somebody else")
    await restricted(server, BANNED)
    server.queue.work_with(None)
    now = SystemClock().now()
    await write_events([(hour_of(now), Occurrence(Event.GALLERY_VIEWED, Client.ANONYMOUS))] * 5)
    await count_visit(now.date(), "forgot", VisitKind.NEW)
    await server.data(SHOW, {"id": shown}, author)
    [item] = (await server.data("{ gallery { nodes { id author { id } } } }"))["gallery"]["nodes"]
    accounts = [await account_of(server, token) for token in (owner, other)]
    users = {who: accounts[0] if who.owns else accounts[1] for who in Who}
    tokens: dict[Who, str | None] = {}
    for who in Who:
        tokens[who] = await app_token(key_of(users[who]), who.scopes) if who.scopes else other
    tokens |= {Who.OWNER: owner}
    tokens[Who.NOBODY] = None
    [row] = await fetch("SELECT id FROM app_clients ORDER BY id DESC LIMIT 1")
    client = global_id("AppClient", row["id"])
    await execute(SWEPT)
    return World(server, tokens, users, own, others, item["author"]["id"], client, item["id"])


SWEPT = """WITH run AS (
    INSERT INTO retention_runs (id, at, started_at) VALUES (gen_random_uuid(), now(), now()) RETURNING id)
  INSERT INTO retention_counts (id, run_id, sweep, ended) SELECT gen_random_uuid(), id, 'mails', 1 FROM run"""
"""A report for staff."""
SHOW = """mutation ($id: ID!) {
  setGenerationVisibility(input: {id: $id, visibility: PUBLIC}) { errors { code } } }"""
