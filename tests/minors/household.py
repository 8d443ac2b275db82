"""A child with an account, an adult who made a picture from theirs, and staff: over the real server."""

from dataclasses import dataclass
from uuid import UUID

from app.accounts.staff import promote
from app.core.db import execute, fetch
from app.core.viewer import Role, Scope
from tests.fakes.server import Json, RunningServer
from tests.fakes.uploads import Sender, path_of
from tests.gallery.test_gallery import GALLERY, made, show
from tests.media.pictures import painted, saved
from tests.schema.belongings import app_token
from tests.schema.world import key_of

FLAG = """mutation ($input: FlagMinorInput!) { flagMinor(input: $input) {
  user { id status } purgeAt errors { __typename code path message } } }"""
LIFT = """mutation ($input: LiftMinorFlagInput!) { liftMinorFlag(input: $input) {
  user { id status } errors { __typename code path message } } }"""
KEY = """mutation { createApiKey(input: {name: "Studio", scopes: [GENERATIONS_READ], idempotencyKey: "one"}) {
  secret errors { message } } }"""
WHO = "{ viewer { id } }"
IMAGES = """query ($id: ID!) { node(id: $id) { ... on Generation { images { url } } } }"""
REMAINING = (
    "users",
    "sessions",
    "api_keys",
    "app_grants",
    "app_tokens",
    "gallery_items",
    "pictures",
    "generated_images",
    "reference_images",
)


@dataclass(frozen=True, slots=True)
class Household:
    """Who is there, by their tokens, and what is the child's."""

    server: RunningServer
    child: str
    child_id: str
    adult: str
    officer: str
    moderator: str
    api_key: str
    app: str
    made: str
    """The child's published generation."""
    derived: str
    """What the adult published that was made from the child's reference picture."""
    reference: str
    upload: Json
    """Announced, and not sent yet."""

    async def shown(self) -> list[Json]:
        """Return what everybody sees in the gallery."""
        return list((await self.server.data(GALLERY, {}))["gallery"]["nodes"])

    async def images(self, token: str, generation: str) -> list[str]:
        """Return the paths of the signed links of a generation's pictures."""
        found = (await self.server.data(IMAGES, {"id": generation}, token))["node"]["images"]
        return [path_of(image["url"]) for image in found]

    async def status_of(self, path: str) -> int:
        """Return what a link answers with, to anybody."""
        return (await self.server.client.get(path)).status_code

    async def flag(self, token: str | None = None, key: str = "a flag", **changes: str) -> Json:
        """Send flagMinor and return its payload."""
        given = {"id": self.child_id, "reason": "A school photo", "idempotencyKey": key, **changes}
        payload: Json = (await self.server.data(FLAG, {"input": given}, token or self.moderator))["flagMinor"]
        return payload

    async def lift(self, token: str | None = None) -> Json:
        """Send liftMinorFlag and return its payload."""
        given = {"id": self.child_id, "reason": "An identity card"}
        payload: Json = (await self.server.data(LIFT, {"input": given}, token or self.officer))["liftMinorFlag"]
        return payload


async def household(server: RunningServer) -> Household:
    """Make them."""
    names = ("child", "adult", "officer", "moderator")
    child, adult, officer, moderator = [await server.sign_up(name) for name in names]
    await promote("officer@example.com", Role.PRIVACY_OFFICER)
    await promote("moderator@example.com", Role.MODERATOR)
    sender = Sender(server, child)
    reference = await sender.reference(saved(painted()), saved=True)
    of_child = await made(server, child, "a child at play")
    of_adult = await made(server, adult, "a child in a garden")
    await derive(of_adult, reference)
    for token, generation in ((child, of_child), (adult, of_adult)):
        await show(server, token, generation, prompt=True)
    child_id = (await server.data(WHO, None, child))["viewer"]["id"]
    return Household(
        server,
        child,
        child_id,
        adult,
        officer,
        moderator,
        (await server.data(KEY, None, child))["createApiKey"]["secret"],
        await app_token(key_of(child_id), [Scope.GENERATIONS_READ]),
        of_child,
        of_adult,
        reference,
        (await sender.announce(len(saved(painted()))))["upload"],
    )


async def derive(generation: str, reference: str) -> None:
    """Say that a generation was made from a reference picture, whoever's: the API gives nobody those of others."""
    await execute(
        """INSERT INTO generation_references (id, generation_id, position, reference_image_id)
           VALUES (gen_random_uuid(), $1, 0, $2)""",
        UUID(key_of(generation)),
        UUID(key_of(reference)),
    )


async def remaining() -> dict[str, list[Json]]:
    """Return all that a flag must not lose."""
    return {table: await fetch(f"SELECT * FROM {table} ORDER BY id") for table in REMAINING}
