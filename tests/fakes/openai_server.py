"""A server that speaks OpenAI's image API: keeps what it was asked, replays by idempotency key, misbehaves on demand.

`tests/conformance/test_openai_fake.py` drives it with the official client: what that client understands is true.
"""

import asyncio
import base64
import email
import email.policy
import hashlib
import io
from collections import defaultdict, deque
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
from PIL import Image
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from tests.fakes.serving import serving

KEY = "sk-a-key-of-the-tests"
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a multipart form."""

    name: str
    filename: str | None
    content_type: str
    content: bytes


@dataclass(slots=True)
class Call:
    """One request as it came in."""

    path: str
    headers: dict[str, str]
    fields: Json
    parts: list[Part]

    @property
    def index(self) -> int | None:
        """The index at the end of the idempotency key."""
        last = self.headers.get("idempotency-key", "").rpartition(":")[2]
        return int(last) if last.isdigit() else None


Behaviour = Callable[["FakeOpenAI", Call], Response]


@dataclass
class FakeOpenAI:
    """The server's state. What `will` lists is done first, by index where one is given, then it behaves."""

    address: str = ""
    calls: list[Call] = field(default_factory=list)
    disconnects: int = 0
    fetched: list[dict[str, str]] = field(default_factory=list)
    urls: bool = False
    redirects: int = 0
    pause: float = 0.0
    """Seconds between the events of a stream."""
    _planned: dict[int | None, deque[Behaviour]] = field(default_factory=lambda: defaultdict(deque))
    _made: dict[tuple[str, bytes], bytes] = field(default_factory=dict)
    _stored: dict[str, bytes] = field(default_factory=dict)

    @property
    def base_url(self) -> str:
        """What a client is configured with."""
        return f"{self.address}/v1"

    def will(self, *behaviours: Behaviour, index: int | None = None) -> None:
        """Do this with the next requests (of that index)."""
        self._planned[index].extend(behaviours)

    def behave(self, call: Call) -> Response:
        """Answer as planned."""
        for planned in (self._planned[call.index], self._planned[None]):
            if planned:
                return planned.popleft()(self, call)
        return good(self, call)

    def picture(self, call: Call) -> bytes:
        """Return the picture for a request: the same for the same key and request, else a new one."""
        content = orjson.dumps(call.fields, option=orjson.OPT_SORT_KEYS)
        made = self._made.get((call.headers.get("idempotency-key", ""), content))
        if made is None:
            seed = call.fields.get("seed")
            colour = hashlib.sha256(str(len(self._made) if seed is None else seed).encode()).digest()
            made = paint(colour, *map(int, call.fields["size"].split("x")))
            self._made[call.headers.get("idempotency-key", str(len(self._made))), content] = made
        return made

    def store(self, content: bytes) -> str:
        """Keep a picture and return its address."""
        name = hashlib.sha256(content).hexdigest()[:16]
        self._stored[name] = content
        return f"{self.address}/results/{name}"

    async def images(self, request: Request) -> Response:
        """`POST /v1/images/generations` and `/v1/images/edits`."""
        call = await _call(request)
        self.calls.append(call)
        if call.headers.get("authorization") != f"Bearer {KEY}":
            return error(401, code="invalid_api_key", message="Incorrect API key provided.")(self, call)
        return self.behave(call)

    async def result(self, request: Request) -> Response:
        """`GET /results/…`: what a `url` answer points to."""
        self.fetched.append(dict(request.headers))
        if self.redirects:
            self.redirects -= 1
            return RedirectResponse(str(request.url))
        content = self._stored.get(request.path_params["name"])
        return Response(content, media_type="image/png") if content else Response(status_code=404)


def good(server: FakeOpenAI, call: Call) -> Response:
    """Make the picture."""
    if call.fields.get("stream"):
        return StreamingResponse(events(server, call, pause=server.pause), media_type="text/event-stream")
    content = server.picture(call)
    if server.urls and call.fields.get("response_format") != "b64_json":
        entry = {"url": server.store(content)}
    else:
        entry = {"b64_json": base64.b64encode(content).decode()}
    return JSONResponse({"created": 1, "data": [entry], "size": call.fields["size"], "output_format": "png"})


async def events(
    server: FakeOpenAI, call: Call, *, pause: float = 0.0, completes: bool = True
) -> AsyncGenerator[bytes, None]:
    """Yield the events of a stream: partial pictures, then the finished one."""
    kind = "image_edit" if call.path.endswith("edits") else "image_generation"
    about = {"background": "opaque", "created_at": 1, "output_format": "png", "quality": "high"}
    about["size"] = call.fields["size"]
    encoded = base64.b64encode(server.picture(call)).decode()
    usage = {"input_tokens": 1, "output_tokens": 1, "total_tokens": 2}
    usage |= {"input_tokens_details": {"image_tokens": 0, "text_tokens": 1}}  # type: ignore[dict-item]
    for number in range(int(call.fields.get("partial_images", 0))):
        yield event(f"{kind}.partial_image", {**about, "b64_json": encoded, "partial_image_index": number})
        await asyncio.sleep(pause)
    if completes:
        yield event(f"{kind}.completed", {**about, "b64_json": encoded, "usage": usage})


def event(kind: str, content: Json) -> bytes:
    """Return a server-sent event."""
    return b"event: %s\ndata: %s\n\n" % (kind.encode(), orjson.dumps({"type": kind, **content}))


def error(status: int, *, code: str, message: str = "No.", type: str = "error", **headers: str) -> Behaviour:
    """Answer with an error object."""
    body = {"error": {"message": message, "type": type, "param": None, "code": code}}
    return lambda server, call: JSONResponse(
        body, status, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )


def refused(stage: str, *categories: str) -> Behaviour:
    """Refuse as the safety check does."""
    body = {
        "message": f"Your request was rejected by the safety system. safety_violations=[{','.join(categories)}].",
        "type": "image_generation_user_error",
        "param": None,
        "code": "moderation_blocked",
        "moderation_details": {"moderation_stage": stage, "categories": list(categories)},
    }
    return lambda server, call: JSONResponse({"error": body}, 400)


def raw(content: bytes, media_type: str = "application/json", status: int = 200, **headers: str) -> Behaviour:
    """Answer with exactly these bytes."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda server, call: Response(content, status, named, media_type)


def cut(server: FakeOpenAI, call: Call) -> Response:
    """Send partial pictures, then end without the finished one."""
    return StreamingResponse(events(server, call, completes=False), media_type="text/event-stream")


def endless(server: FakeOpenAI, call: Call) -> Response:
    """Send a partial picture, then nothing until the client goes away, which is counted."""

    async def stream() -> AsyncGenerator[bytes, None]:
        try:
            async for chunk in events(server, call, pause=30.0):
                yield chunk
        except asyncio.CancelledError:
            server.disconnects += 1
            raise

    return StreamingResponse(stream(), media_type="text/event-stream")


def silent(seconds: float) -> Behaviour:
    """Send headers, then nothing for a while."""

    async def stream() -> AsyncGenerator[bytes, None]:
        await asyncio.sleep(seconds)
        yield b"{}"

    return lambda server, call: StreamingResponse(stream(), media_type="application/json")


def paint(colour: bytes, width: int, height: int) -> bytes:
    """Return a PNG of one colour."""
    output = io.BytesIO()
    Image.new("RGB", (width, height), (colour[0], colour[1], colour[2])).save(output, "PNG", compress_level=1)
    return output.getvalue()


async def _call(request: Request) -> Call:
    body, headers = await request.body(), dict(request.headers)
    if not headers.get("content-type", "").startswith("multipart/"):
        return Call(request.url.path, headers, orjson.loads(body), [])
    head = f"Content-Type: {headers['content-type']}\r\n\r\n".encode()
    message = email.message_from_bytes(head + body, policy=email.policy.HTTP)
    parts = [
        Part(
            str(part.get_param("name", header="content-disposition")),
            part.get_filename(),
            part.get_content_type(),
            bytes(part.get_payload(decode=True)),
        )
        for part in message.iter_parts()
    ]
    fields: Json = {part.name: part.content.decode() for part in parts if part.filename is None}
    fields["stream"] = fields.get("stream") == "true"
    return Call(request.url.path, headers, fields, [part for part in parts if part.filename is not None])


@asynccontextmanager
async def running_openai() -> AsyncGenerator[FakeOpenAI, None]:
    """Serve on a free port until the block ends."""
    fake = FakeOpenAI()
    routes = [
        Route("/v1/images/generations", fake.images, methods=["POST"]),
        Route("/v1/images/edits", fake.images, methods=["POST"]),
        Route("/results/{name}", fake.result),
    ]
    async with serving(routes) as fake.address:
        yield fake
