"""The real application under the real uvicorn, in the test's own loop."""

import asyncio
import uuid
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager
from typing import Any, cast

import httpx
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from app.core import jobs
from app.core.config import Settings
from app.core.hub import Hub
from app.core.ports import Compute
from app.generation.engines.registry import Engines
from app.main import Server, application, server_config
from schema.transport.http import GraphQLEndpoint
from tests.fakes.carriers import DirectQueue
from tests.fakes.people import POLICY_VERSION, settle_in
from tests.fakes.serving import started
from workers.runner import Runner

SIGN_UP = """mutation ($input: SignUpInput!) {
  signUp(input: $input) { token user { id } errors { __typename code message path } } }"""
CREATE = """mutation ($input: CreateGenerationInput!) {
  createGeneration(input: $input) {
    generation { id status prompt seed } errors { __typename code message path } } }"""
FOLLOW = """subscription ($id: ID!, $after: String) {
  generationProgress(id: $id, after: $after) {
    cursor sequence type progress preview generation { id status images { index } } } }"""

Json = dict[str, Any]


class StoppingServer(Server):
    """Ours, which a test may stop before its end."""

    _stopping: asyncio.Task[None] | None = None

    def stop(self) -> None:
        """Begin to end."""
        self._stopping = self._stopping or asyncio.create_task(super().shutdown())

    async def shutdown(self, *_: object, **__: object) -> None:
        """End, once."""
        self.stop()
        assert self._stopping is not None
        await self._stopping


class RunningServer:
    """A client's view of the server, and the queue behind it."""

    def __init__(self, address: str, queue: DirectQueue, client: httpx.AsyncClient, server: "StoppingServer") -> None:
        self.address = address
        self.queue = queue
        self.client = client
        self.server = server

    def stop(self) -> None:
        """Begin to end, as on SIGTERM; the end is waited for where the server was started."""
        self.server.stop()

    async def post(self, query: str, variables: Json | None = None, token: str | None = None) -> httpx.Response:
        """POST an operation."""
        headers = {"authorization": f"Bearer {token}"} if token else {}
        return await self.client.post("/graphql", json={"query": query, "variables": variables}, headers=headers)

    async def execute(self, query: str, variables: Json | None = None, token: str | None = None) -> Json:
        """Return the answer's JSON."""
        return cast(Json, (await self.post(query, variables, token)).json())

    async def data(self, query: str, variables: Json | None = None, token: str | None = None) -> Json:
        """Return the answer's data; any error fails the test."""
        answer = await self.execute(query, variables, token)
        assert "errors" not in answer, answer
        return cast(Json, answer["data"])

    async def sign_up(self, name: str = "ada") -> str:
        """Make an account, confirm its address, and return its token."""
        account = {
            "email": f"{name}@example.com",
            "password": "correct horse battery",
            "displayName": name.title(),
            "adult": True,
            "policyVersion": POLICY_VERSION,
        }
        token = str((await self.data(SIGN_UP, {"input": account}))["signUp"]["token"])
        await self.queue.settle()
        self.queue.sent.clear()
        await settle_in(str(account["email"]))
        return token

    async def create(self, token: str, prompt: str = "a person", key: str | None = None, **wish: Any) -> Json:
        """Send createGeneration and return its payload."""
        generation = {"prompt": prompt, "width": 64, "height": 64, **wish}
        variables = {"input": {"generation": generation, "idempotencyKey": key or str(uuid.uuid4())}}
        return cast(Json, (await self.data(CREATE, variables, token))["createGeneration"])

    @asynccontextmanager
    async def socket(self, token: str | None = None) -> AsyncGenerator[ClientConnection, None]:
        """Open a WebSocket and initialise it."""
        url = self.address.replace("http", "ws") + "/graphql"
        async with connect(url, subprotocols=[Subprotocol("graphql-transport-ws")], proxy=None) as socket:
            await send(socket, {"type": "connection_init", "payload": authorization(token)})
            yield socket

    async def follow(self, token: str, id: str, after: str | None = None) -> list[Json]:
        """Return all events of a generation, to its end."""
        async with aclosing(self.events(token, id, after)) as events:
            return [event async for event in events]

    async def events(self, token: str, id: str, after: str | None = None) -> AsyncGenerator[Json, None]:
        """Yield the events of a generation, until it completes."""
        async with self.socket(token) as socket:
            assert (await receive(socket))["type"] == "connection_ack"
            variables = {"id": id, "after": after}
            await send(socket, {"id": "1", "type": "subscribe", "payload": {"query": FOLLOW, "variables": variables}})
            while (message := await receive(socket))["type"] != "complete":
                assert message["type"] == "next", message
                assert "errors" not in message["payload"], message
                yield message["payload"]["data"]["generationProgress"]


def endpoint_of(server: RunningServer) -> GraphQLEndpoint:
    """Return the endpoint behind `/graphql`."""
    app = server.server.config.app
    assert isinstance(app, Starlette)
    [endpoint] = [route.app for route in app.routes if isinstance(route, WebSocketRoute)]
    assert isinstance(endpoint, GraphQLEndpoint)
    return endpoint


def hub_of(server: RunningServer) -> Hub:
    """Return the hub that subscriptions wait at."""
    return endpoint_of(server).ports.hub


def authorization(token: str | None) -> Json:
    """Return the payload of `connection_init`."""
    return {"authorization": f"Bearer {token}"} if token else {}


async def send(socket: ClientConnection, message: Json) -> None:
    """Send a frame."""
    await socket.send(httpx.Request("POST", "http://x", json=message).content.decode())


async def receive(socket: ClientConnection) -> Json:
    """Return the next frame; 30 seconds are a failure."""
    async with asyncio.timeout(30):
        return cast(Json, httpx.Response(200, content=await socket.recv()).json())


def web_client(address: str = "") -> httpx.AsyncClient:
    """Return a client of servers without TLS: reading the world's certificates would take it 70 ms."""
    return httpx.AsyncClient(base_url=address, trust_env=False, timeout=20, verify=False)


@asynccontextmanager
async def running_server(
    settings: Settings, engines: Engines, runner: Runner, compute: Compute | None = None
) -> AsyncGenerator[RunningServer, None]:
    """Serve until the block ends. Without `compute` it looks at uploads in a process of its own."""
    server = StoppingServer(server_config(settings, application(settings, engines, compute)))
    queue = DirectQueue()
    async with started(server) as address:
        try:
            jobs.carry_with(queue)
            queue.work_with(runner.run)
            async with web_client(address) as client:
                yield RunningServer(address, queue, client, server)
        finally:
            await queue.close()
