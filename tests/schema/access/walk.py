"""The walk: every root field with all that is below it, as every viewer, and what it changes."""

from typing import Any

from app.core.feed import encode_cursor
from schema.executable import build
from tests.fakes.server import Json, receive, send
from tests.schema.access.case import NOTHING, Case
from tests.schema.access.documents import documents, everything, field_of
from tests.schema.access.matrix import Seen
from tests.schema.world import Who, World

SCHEMA = build()._schema
WATCHED = ("generationProgress", "generationEvents", "noticePosted", "privacyRequestProgress")
"""The root fields that are subscribed to."""
Path = tuple[Any, ...]


class Walk:
    """What was seen on the way, and what is wrong."""

    def __init__(self, world: World) -> None:
        """`world` remembers what it was."""
        self.world = world
        self.seen = Seen()
        self.faults: list[str] = []
        self._before: dict[str, str] = {}
        self._owners: dict[str, str] = {}

    async def become(self, who: Who) -> None:
        """Be that viewer from now on."""
        await self.world.become(who)
        self._before, self._owners = await self.world.contents_beside(Who.OWNER)

    async def ask(self, case: Case, who: Who) -> None:
        """Ask as the viewer, note how the answer and what changed differ from what the case says, and undo it."""
        world, root = self.world, (case.field_name,)
        arguments: Json = case.arguments(world, who)
        answer: Json = {}
        for document in documents(SCHEMA, case.type_name, case.field_name, case.types):
            part = await world.ask(who, document, arguments)
            self.seen.add(who, case.type_name, part, world.users[who])
            answer = _together(answer, part)

        after, owners = await world.contents_beside(Who.OWNER)
        changed = frozenset(name for name in after if after[name] != self._before[name])
        denied = [tuple(error.get("path", ())) for error in answer.get("errors", [])]
        faults = []
        value = (answer.get("data") or {case.field_name: "no data"})[case.field_name]
        if root not in denied and not _has(value, case.shown(world, who), root, denied):
            faults.append(f"answers {answer}")
        wanted = NOTHING if root in denied else case.changed_by(who)
        if changed != wanted:
            faults.append(f"changes {sorted(changed)} and not {sorted(wanted)}")
        if not who.owns:
            faults += self._traces(case, answer, owners, allowed=root not in denied)
        self.faults += [f"{case.name}, {who}: {fault}" for fault in faults]
        if changed:
            await world.restore(changed)
            await world.become(who)

    def _traces(self, case: Case, answer: Json, owners: dict[str, str], *, allowed: bool) -> list[str]:
        """Return what somebody else is told of the owner, or changed of what is stored about them, `owners`."""
        secrets = [secret for secret in self.world.private if secret in str(answer)]
        if allowed and case.shows_the_owner:
            secrets = [secret for secret in secrets if secret != "owner@example.com"]
        faults = [f"tells {secret}" for secret in secrets]
        if not (allowed and case.leaves_a_trace) and owners != self._owners:
            faults.append("changes what is stored about the owner")
        return faults

    async def watch(self, who: Who) -> None:
        """Follow what is the viewer's own, with all that is below an event."""
        for name in WATCHED:
            own = self.world.of(who)
            ids = {"generationProgress": own.generation, "privacyRequestProgress": own.request}
            variables = {"id": ids[name]} if name in ids else {"after": encode_cursor(1)}
            async with self.world.server.socket(self.world.tokens[who]) as socket:
                assert (await receive(socket))["type"] == "connection_ack"
                payload = {"query": everything(SCHEMA, "Subscription", name), "variables": variables}
                await send(socket, {"id": "1", "type": "subscribe", "payload": payload})
                message = await receive(socket)
            answer = message["payload"]
            if message["type"] == "error":
                answer = {"data": {name: None}, "errors": [{**error, "path": [name]} for error in answer]}
            self.seen.add(who, "Subscription", answer, self.world.users[who])


def _together(one: Any, other: Any) -> Any:
    """Return two answers to parts of one question as one."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one | {key: _together(one[key], value) if key in one else value for key, value in other.items()}
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return [_together(*pair) for pair in zip(one, other, strict=True)]
    return other


def _has(value: Any, shown: Any, path: Path, denied: list[Path]) -> bool:
    """Whether an answer has what is shown; of what is denied the matrix says whether it should be."""
    if path in denied:
        return value is None
    if isinstance(shown, dict) and isinstance(value, dict):
        keys = {field_of(key): key for key in value}
        named = ((keys.get(name, name), wanted) for name, wanted in shown.items())
        return all(key in value and _has(value[key], wanted, (*path, key), denied) for key, wanted in named)
    if isinstance(shown, list) and isinstance(value, list):
        pairs = enumerate(zip(value, shown, strict=False))
        return len(value) == len(shown) and all(_has(*pair, (*path, index), denied) for index, pair in pairs)
    return bool(value == shown)
