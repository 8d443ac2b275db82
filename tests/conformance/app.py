"""A third-party app with `gql`: the same as `app.ts`, with Authlib for the authorization server.

python app.py ISSUER CLIENT_ID
"""

import asyncio
import json
import sys
import time
import uuid
from collections.abc import AsyncGenerator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from authlib.common.security import generate_token
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from gql import Client, GraphQLRequest
from gql.client import AsyncClientSession
from gql.transport.exceptions import TransportError, TransportQueryError, TransportServerError
from gql.transport.httpx import HTTPXAsyncTransport
from gql.transport.websockets import WebsocketsTransport
from websockets.exceptions import ConnectionClosed

SCOPE = "profile generations:read generations:write"
VIEWER = GraphQLRequest("{ viewer { displayName } }")
ADDRESS = GraphQLRequest("{ viewer { email } }")
CREATE = """mutation ($input: CreateGenerationInput!) {
  createGeneration(input: $input) { generation { id } errors { code message } } }"""
FOLLOW = "subscription ($id: ID!) { generationProgress(id: $id) { type } }"
EVENTS = GraphQLRequest("subscription { generationEvents { type } }")
Json = dict[str, Any]


def show(**line: object) -> None:
    """Print what happened."""
    print(json.dumps(line), flush=True)


@dataclass
class Callback:
    """Where the person comes back to: this machine, at whatever port is free (RFC 8252)."""

    redirect: str
    arrived: asyncio.Future[str] = field(default_factory=asyncio.Future)


@asynccontextmanager
async def listening() -> AsyncGenerator[Callback, None]:
    """Wait for the person's browser."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = (await reader.readline()).decode()
        writer.write(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 5\r\n\r\nDone.")
        await writer.drain()
        writer.close()
        callback.arrived.set_result(line.split(" ")[1])

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    callback = Callback(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/signed-in")
    async with server:
        yield callback


class App:
    """The app of somebody else."""

    def __init__(self, issuer: str, client_id: str, described: Json) -> None:
        assert described["issuer"] == issuer
        self.issuer = issuer
        self.described = described
        self.oauth = AsyncOAuth2Client(
            client_id,
            scope=SCOPE,
            token_endpoint_auth_method="none",
            revocation_endpoint_auth_method="none",
            code_challenge_method="S256",
            trust_env=False,
        )

    async def sign_in(self) -> Json:
        """Send the person to the authorization server; return the tokens."""
        verifier = generate_token(48)
        async with listening() as callback:
            self.oauth.redirect_uri = callback.redirect
            address, state = self.oauth.create_authorization_url(
                self.described["authorization_endpoint"], code_verifier=verifier
            )
            show(open=address)
            back = await callback.arrived
        answer = parse_qs(urlsplit(back).query)
        assert answer["state"] == [state]
        assert answer["iss"] == [self.issuer]  # RFC 9207
        tokens: Json = await self.oauth.fetch_token(
            self.described["token_endpoint"], authorization_response=back, state=state, code_verifier=verifier
        )
        return tokens

    async def refresh(self, token: str) -> Json:
        """Return new tokens."""
        tokens: Json = await self.oauth.refresh_token(self.described["token_endpoint"], refresh_token=token)
        return tokens

    async def revoke(self, token: str) -> None:
        """Give back what the app has."""
        answer = await self.oauth.revoke_token(self.described["revocation_endpoint"], token=token)  # type: ignore[no-untyped-call]
        assert answer.status_code == 200, answer.text

    def ask(self, tokens: Json) -> Client:
        """Return a client for what is answered once."""
        headers = {"authorization": f"Bearer {tokens['access_token']}"}
        return Client(transport=HTTPXAsyncTransport(f"{self.issuer}/graphql", headers=headers, trust_env=False))

    def follow(self, tokens: Json) -> Client:
        """Return a client for what goes on."""
        address = f"{self.issuer.replace('http', 'ws')}/graphql"
        payload = {"authorization": f"Bearer {tokens['access_token']}"}
        return Client(transport=WebsocketsTransport(address, init_payload=payload, connect_args={"proxy": None}))


async def refused(attempt: Awaitable[object]) -> Json:
    """Return how something was refused."""
    try:
        await attempt
    except OAuthError as error:
        return {"refused": error.error, "status": 400}
    except TransportQueryError as error:
        [told] = error.errors or []
        return {"message": told["message"], "code": told["extensions"]["code"]}
    except TransportServerError as error:
        return {"status": error.code}
    raise AssertionError("it was allowed")


async def make(app: App, tokens: Json, session: AsyncClientSession) -> None:
    """Ask for a picture and follow it to its end."""
    generation = {"prompt": "a person", "width": 64, "height": 64}
    wish = {"input": {"generation": generation, "idempotencyKey": str(uuid.uuid4())}}
    made = await session.execute(GraphQLRequest(CREATE, variable_values=wish))
    id = made["createGeneration"]["generation"]["id"]
    async with app.follow(tokens) as socket:
        async for event in socket.subscribe(GraphQLRequest(FOLLOW, variable_values={"id": id})):
            show(event=event["generationProgress"]["type"])


async def listen(app: App, tokens: Json) -> int | None:
    """Listen to what happens until the server ends it; return the code that it closes with."""
    try:
        async with app.follow(tokens) as socket:
            async for _ in socket.subscribe(EVENTS):
                pass
    except TransportError as error:
        closed = error.__cause__
        return closed.rcvd.code if isinstance(closed, ConnectionClosed) and closed.rcvd else None
    return None


async def main(issuer: str, client_id: str) -> None:
    """Sign in twice: once until a refresh token is used again, once until the app gives back what it has."""
    async with httpx.AsyncClient(trust_env=False) as http:
        found = await http.get(f"{issuer}/.well-known/oauth-authorization-server")
    app = App(issuer, client_id, found.raise_for_status().json())
    first = await app.sign_in()
    show(scope=first["scope"])
    async with app.ask(first) as session:
        show(**await session.execute(VIEWER))
        show(outside=await refused(session.execute(ADDRESS)))
        await make(app, first, session)
    second = await app.refresh(first["refresh_token"])
    async with app.ask(second) as session:
        show(refreshed=await session.execute(VIEWER))
        show(reused=await refused(app.refresh(first["refresh_token"])))
        show(successor=await refused(app.refresh(second["refresh_token"])))
        show(ended=await refused(session.execute(VIEWER)))

    third = await app.sign_in()
    ending = asyncio.create_task(listen(app, third))
    await asyncio.sleep(0.5)
    started = time.monotonic()
    await app.revoke(third["refresh_token"])
    show(closed=await ending, opened=1)
    show(seconds=time.monotonic() - started)
    show(done=True)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
