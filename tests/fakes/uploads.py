"""A client that sends pictures."""

import uuid
from collections.abc import AsyncGenerator
from typing import cast

import httpx

from tests.fakes.server import Json, RunningServer

CREATE_UPLOAD = """mutation ($input: CreateUploadInput!) { createUpload(input: $input) {
  upload { id url method headers { name value } maxBytes expiresAt }
  errors { __typename code message path } } }"""
ADD = """mutation ($input: AddReferenceImageInput!) { addReferenceImage(input: $input) {
  referenceImage { id width height contentType byteSize placeholder url hasFace saved expiresAt createdAt
    acknowledgement { statement version acknowledgedAt } }
  errors { __typename code message path ... on ConsentRequired { purpose policyVersion } } } }"""
DELETE = """mutation ($input: DeleteReferenceImageInput!) { deleteReferenceImage(input: $input) {
  deletedId errors { __typename code message path } } }"""
WORDING = "{ faceAcknowledgement { version text statements { statement text } } }"


class Sender:
    """One person who sends pictures to a server."""

    def __init__(self, server: RunningServer, token: str) -> None:
        self.server = server
        self.token = token

    async def announce(self, size: int, content_type: str = "image/png", key: str | None = None) -> Json:
        """Send createUpload and return its payload."""
        variables = {"contentType": content_type, "byteSize": size, "idempotencyKey": key or str(uuid.uuid4())}
        return await self._send(CREATE_UPLOAD, "createUpload", variables)

    async def put(self, upload: Json, content: bytes, **headers: str) -> httpx.Response:
        """PUT the bytes as the upload says; the public address is not this server's."""
        given = {header["name"].lower(): header["value"] for header in upload["headers"]}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.server.client.put(path_of(upload["url"]), content=content, headers={**given, **named})

    async def sent(self, content: bytes, content_type: str = "image/png") -> str:
        """Announce and send; return the upload's id."""
        upload = (await self.announce(len(content), content_type))["upload"]
        answer = await self.put(upload, content)
        assert answer.status_code == 204, answer.text
        return str(upload["id"])

    async def add(
        self, upload_id: str, statement: str | None = None, *, saved: bool = False, key: str = "", version: str = ""
    ) -> Json:
        """Send addReferenceImage and return its payload."""
        variables: Json = {"uploadId": upload_id, "saved": saved, "idempotencyKey": key or str(uuid.uuid4())}
        if statement is not None:
            wording = (await self.server.data(WORDING))["faceAcknowledgement"]
            variables["acknowledgement"] = {"version": version or wording["version"], "statement": statement}
        return await self._send(ADD, "addReferenceImage", variables)

    async def reference(self, content: bytes, statement: str | None = None, **options: bool) -> str:
        """Send a picture and add it; return the reference picture's id."""
        payload = await self.add(await self.sent(content), statement, **options)  # type: ignore[arg-type]
        assert payload["errors"] == [], payload
        return str(payload["referenceImage"]["id"])

    async def delete(self, id: str, key: str | None = None) -> Json:
        """Send deleteReferenceImage and return its payload."""
        return await self._send(DELETE, "deleteReferenceImage", {"id": id, "idempotencyKey": key or str(uuid.uuid4())})

    async def _send(self, document: str, field: str, variables: Json) -> Json:
        return cast(Json, (await self.server.data(document, {"input": variables}, self.token))[field])


def path_of(url: str) -> str:
    """Return path and query of an address."""
    parsed = httpx.URL(url)
    return parsed.raw_path.decode()


async def pieces(*content: bytes) -> AsyncGenerator[bytes, None]:
    """Yield the chunks of a body."""
    for piece in content:
        yield piece
