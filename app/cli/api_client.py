"""A client of our own API, as anybody could write it: HTTP for commands, one WebSocket for what is watched."""

import secrets
import uuid
from collections.abc import AsyncGenerator
from typing import Any

import httpx
import orjson
from websockets.asyncio.client import connect

PROTOCOL = "graphql-transport-ws"

POLICY = "query Policy { policy { version } }"
SIGN_UP = """mutation SignUp($input: SignUpInput!) {
  signUp(input: $input) { token errors { message path } }
}"""
CREATE = """mutation Create($input: CreateGenerationInput!) {
  createGeneration(input: $input) { generation { id seed } errors { message path } }
}"""
FOLLOW = """subscription Follow($id: ID!) {
  generationProgress(id: $id) {
    type progress preview
    generation { notes failure { message } images { index width height url } }
  }
}"""


class RequestFailed(Exception):
    """The API refused; the message is the API's."""


class ApiClient:
    """Talks to one service."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._http = httpx.AsyncClient(trust_env=False, timeout=30)
        self._token: str | None = None

    async def close(self) -> None:
        """Close the connection."""
        await self._http.aclose()

    async def execute(self, query: str, variables: dict[str, Any]) -> dict[str, Any]:
        """Return an operation's only root field. Raises RequestFailed for errors of either kind."""
        headers = {"authorization": f"Bearer {self._token}"} if self._token else {}
        answer = (
            await self._http.post(
                f"{self._url}/graphql", json={"query": query, "variables": variables}, headers=headers
            )
        ).json()
        if answer.get("errors"):
            raise RequestFailed(answer["errors"][0]["message"])
        (result,) = answer["data"].values()
        if result.get("errors"):
            raise RequestFailed(result["errors"][0]["message"])
        return dict(result)

    async def sign_up(self) -> None:
        """Make a demo account by the policy that is in force, and use its token from here on."""
        account = {
            "email": f"demo-{uuid.uuid4().hex}@example.com",
            "password": secrets.token_urlsafe(24),
            "displayName": "Demo",
            "adult": True,
            "policyVersion": (await self.execute(POLICY, {}))["version"],
        }
        self._token = (await self.execute(SIGN_UP, {"input": account}))["token"]

    async def create(self, prompt: str, count: int) -> str:
        """Queue a generation and return its id."""
        wish = {"generation": {"prompt": prompt, "count": count}, "idempotencyKey": str(uuid.uuid4())}
        return str((await self.execute(CREATE, {"input": wish}))["generation"]["id"])

    async def follow(self, generation_id: str) -> AsyncGenerator[dict[str, Any], None]:
        """Yield the events of `generationProgress` until it completes. Raises RequestFailed."""
        address = self._url.replace("http", "ws", 1) + "/graphql"
        async with connect(address, subprotocols=[PROTOCOL], proxy=None, max_size=2**20) as socket:  # type: ignore[list-item]
            init = {"type": "connection_init", "payload": {"authorization": f"Bearer {self._token}"}}
            await socket.send(orjson.dumps(init), text=True)
            async for frame in socket:
                message = orjson.loads(frame)
                match message["type"]:
                    case "connection_ack":
                        request = {"query": FOLLOW, "variables": {"id": generation_id}}
                        await socket.send(orjson.dumps({"id": "1", "type": "subscribe", "payload": request}), text=True)
                    case "next":
                        if message["payload"].get("errors"):
                            raise RequestFailed(message["payload"]["errors"][0]["message"])
                        yield message["payload"]["data"]["generationProgress"]
                    case "error":
                        raise RequestFailed(message["payload"][0]["message"])
                    case "complete":
                        return

    async def download(self, url: str) -> bytes:
        """Return a picture's bytes. Raises RequestFailed."""
        answer = await self._http.get(url)
        if answer.status_code != httpx.codes.OK:
            raise RequestFailed(f"the picture's address answered {answer.status_code}")
        return answer.content
