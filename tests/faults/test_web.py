"""Web processes: one that is killed before it could answer, and one that learns of another's sign-out."""

import asyncio
from pathlib import Path

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from app.core.db import fetch
from schema.relay import global_id
from tests.fakes.server import CREATE, authorization, receive, send
from tests.faults.processes import Client, Processes, free_port, until
from tests.schema.test_sessions import SIGN_OUT
from tests.schema.test_websocket import subscribe


async def test_a_request_whose_answer_died_with_the_process_may_be_sent_again(
    processes: Processes, database: str, tmp_path: Path
) -> None:
    order = tmp_path / "die"
    client = Client(int(processes.environment["ANYPEOPLE_PORT"]))
    first = processes.start("tests.fakes.dying_web", "first", DIE_AFTER_COMMIT=str(order))
    await until(client.ready, 60, "the first web server is ready")
    await client.sign_up()
    order.touch()
    with pytest.raises(httpx.RemoteProtocolError):
        await client.create("key")
    assert first.wait(60) != 0
    assert len(await fetch("SELECT id FROM generations")) == 1

    order.unlink()
    processes.start("tests.fakes.dying_web", "second", DIE_AFTER_COMMIT=str(order))
    await until(client.ready, 60, "the second web server is ready")
    again = await client.create("key")
    other = {"generation": {"prompt": "somebody else", "width": 64, "height": 64}, "idempotencyKey": "key"}
    refused = (await client.execute(CREATE, {"input": other}))["createGeneration"]
    await client.http.aclose()

    [generation] = await fetch("SELECT id FROM generations")
    assert again == global_id("Generation", generation["id"])
    assert [error["code"] for error in refused["errors"]] == ["IDEMPOTENCY_MISMATCH"]
    assert [row["kind"] for row in await fetch("SELECT kind FROM jobs WHERE kind <> 'mail.send'")] == ["generation.run"]
    assert [row["type"] for row in await fetch("SELECT type FROM feed_entries")] == ["QUEUED"]


async def test_a_socket_ends_whichever_process_signs_its_session_out(processes: Processes, client: Client) -> None:
    port = free_port()
    processes.start("tests.fakes.web", "other", ANYPEOPLE_PORT=str(port))
    other = Client(port)
    other.token = client.token
    await until(other.ready, 60, "the other web server is ready")
    id = await client.create("key")
    url = f"ws://127.0.0.1:{processes.environment['ANYPEOPLE_PORT']}/graphql"
    async with connect(url, subprotocols=[Subprotocol("graphql-transport-ws")], proxy=None) as socket:
        await send(socket, {"type": "connection_init", "payload": authorization(client.token)})
        assert (await receive(socket))["type"] == "connection_ack"
        await send(socket, subscribe(id))
        assert (await receive(socket))["type"] == "next"

        await other.execute(SIGN_OUT, {"everywhere": False})
        async with asyncio.timeout(20):
            await socket.wait_closed()
    await other.http.aclose()

    assert socket.close_code == 4403
