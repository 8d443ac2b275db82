"""How tests ask for a right."""

from typing import Any

from tests.fakes.server import Json, RunningServer

REQUEST = """id right regime channel status receivedAt verifiedAt dueAt startsAt finishedAt receipt
             extension { until reason } denial { code reason } steps { holder action status count note }"""
SUBMIT = f"""mutation ($input: SubmitPrivacyRequestInput!) {{ submitPrivacyRequest(input: $input) {{
    request {{ {REQUEST} }} errors {{ code message path }} }} }}"""
CANCEL = f"""mutation ($input: CancelPrivacyRequestInput!) {{ cancelPrivacyRequest(input: $input) {{
    request {{ {REQUEST} }} errors {{ code message path }} }} }}"""
NODE = f"query ($id: ID!) {{ node(id: $id) {{ ... on PrivacyRequest {{ {REQUEST} }} }} }}"
OWN = f"{{ viewer {{ privacyRequests {{ nodes {{ {REQUEST} }} }} }} }}"
PROGRESS = f"""subscription ($id: ID!, $after: String) {{ privacyRequestProgress(id: $id, after: $after) {{
    cursor sequence type progress request {{ {REQUEST} }} }} }}"""


async def submit(server: RunningServer, token: str | None, right: str, key: str = "once", **given: Any) -> Json:
    """Ask; return the payload."""
    said = {"right": right, "idempotencyKey": key, **given}
    payload: Json = (await server.data(SUBMIT, {"input": said}, token))["submitPrivacyRequest"]
    return payload


async def cancel(server: RunningServer, token: str | None, id: str) -> Json:
    """Take back; return the payload."""
    payload: Json = (await server.data(CANCEL, {"input": {"id": id}}, token))["cancelPrivacyRequest"]
    return payload


async def own(server: RunningServer, token: str | None) -> list[Json]:
    """Return the viewer's requests, the newest first."""
    nodes: list[Json] = (await server.data(OWN, None, token))["viewer"]["privacyRequests"]["nodes"]
    return nodes
