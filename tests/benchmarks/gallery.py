"""A page of the gallery: 20 items with their authors and 2 images each."""

import asyncio
from typing import Any

import httpx
import orjson

from app.core.config import Settings
from app.main import application
from tests.benchmarks.http_load import request
from tests.benchmarks.population import Populace
from tests.benchmarks.report import Row, WrongAnswer, spread
from tests.benchmarks.rig import Rig, Web, send
from tests.benchmarks.sizes import Size
from tests.benchmarks.traffic import Target, throughput
from tests.fakes.statements import counted

PAGE = 20
QUERY = """query Gallery($first: Int!) {
  gallery(first: $first) {
    pageInfo { hasNextPage endCursor }
    nodes { id prompt style publishedAt author { id displayName }
            images { id index width height contentType byteSize placeholder url(variant: SMALL) } } } }"""
BODY = orjson.dumps({"query": QUERY, "variables": {"first": PAGE}})
"""A client sends the whole document with each request."""
SAME_TRIES = 5
"""A picture's address changes now and then, so two answers may differ by chance."""


async def measure(machine: Rig, populace: Populace, size: Size) -> list[Row]:
    """Return pages a second, and statements a page."""
    with machine.web("tests.benchmarks.bare") as bare, machine.web("app.cli", "serve") as serve:
        length = await asyncio.to_thread(_check_same, bare, serve, populace.tokens[0])
        limit = Target(bare, [request(BODY, token, "/gallery") for token in populace.tokens], '"endCursor"', '"errors"')
        ours = Target(serve, [request(BODY, token) for token in populace.tokens], '"endCursor"', '"errors"')
        what = f"gallery page of {PAGE}, {length / 1000:.1f} kB, pages/s"
        pages = await throughput(machine, size, what, limit, ours, at_least=0.15)
    statements = await _statements(populace.tokens[0])
    return [pages, Row("gallery page, SQL statements (session included)", spread([statements]), at_most=3)]


def _check_same(bare: Web, serve: Web, token: str) -> int:
    """Return the length of the data. Raises WrongAnswer where the two do not answer with the same bytes."""
    for _ in range(SAME_TRIES):
        limit, ours = (_data(send(port, path, BODY, token)) for port, path in _both(bare, serve))
        if limit == ours:
            return len(limit)
    raise WrongAnswer(f"the limit and we answer differently:\n{limit!r:.600}\n{ours!r:.600}")


def _both(bare: Web, serve: Web) -> list[tuple[int, str]]:
    return [(bare.port, "/gallery"), (serve.port, "/graphql")]


def _data(answer: bytes) -> bytes:
    """Return `data` as it was sent: what comes with it (`extensions`) is ours alone."""
    parsed: dict[str, Any] = orjson.loads(answer)
    if len(parsed.get("data", {}).get("gallery", {}).get("nodes", ())) != PAGE:
        raise WrongAnswer(f"this is no page of {PAGE}: {answer!r:.600}")
    data = orjson.dumps(parsed["data"])
    if data not in answer:
        raise WrongAnswer("the answer is not written as orjson would write it")
    return data


async def _statements(token: str) -> int:
    """Count what one page sends to PostgreSQL."""
    app = application(Settings.load())
    transport = httpx.ASGITransport(app)
    headers = {"content-type": "application/json", "authorization": f"Bearer {token}"}
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://in-this-process") as client,
    ):
        with counted() as statements:
            _data((await client.post("/graphql", content=BODY, headers=headers)).content)
        return len(statements)
