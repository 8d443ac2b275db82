"""Whether pictures may train models: what each thing that a person says changes, at once."""

from app.core.db import execute
from tests.consents.test_api import OBJECT, decide
from tests.fakes.server import Json, RunningServer
from tests.fakes.statements import counted

TRAINING = "{ viewer { generations { nodes { visibility status training { eligible basis reasons } } } } }"


async def eligibility(server: RunningServer, token: str) -> dict[str, Json]:
    """Return what holds of the pictures of each visibility."""
    nodes = (await server.data(TRAINING, None, token))["viewer"]["generations"]["nodes"]
    return {node["visibility"]: node["training"] for node in nodes}


def no(*reasons: str) -> Json:
    return {"eligible": False, "basis": None, "reasons": list(reasons)}


def yes(basis: str) -> Json:
    return {"eligible": True, "basis": basis, "reasons": []}


async def test_what_is_said_decides_what_may_be_trained_on(server: RunningServer) -> None:
    ada = await server.sign_up("ada")
    for visibility in ("PUBLIC", "PRIVATE"):
        await server.create(ada, visibility=visibility)
    assert await eligibility(server, ada) == {
        "PUBLIC": no("NO_PICTURES"),
        "PRIVATE": no("NO_PICTURES", "NO_CONSENT"),
    }
    await server.queue.settle()
    public, private = yes("LEGITIMATE_INTEREST"), yes("CONSENT")

    assert await eligibility(server, ada) == {"PUBLIC": public, "PRIVATE": no("NO_CONSENT")}
    await decide(server, ada, TRAINING_ON_PRIVATE_CONTENT=True)
    assert await eligibility(server, ada) == {"PUBLIC": public, "PRIVATE": private}
    objection = {"objections": [{"activity": "MODEL_TRAINING", "objected": True}], "idempotencyKey": "o"}
    await server.data(OBJECT, {"input": objection}, ada)
    assert await eligibility(server, ada) == {"PUBLIC": no("OBJECTED"), "PRIVATE": private}
    await decide(server, ada, TRAINING_ON_PRIVATE_CONTENT=False)
    assert (await eligibility(server, ada))["PRIVATE"] == no("NO_CONSENT")
    await execute("UPDATE users SET status = 'RESTRICTED'")
    assert await eligibility(server, ada) == {"PUBLIC": no("RESTRICTED"), "PRIVATE": no("RESTRICTED")}


async def test_a_page_takes_as_many_statements_as_one(server: RunningServer) -> None:
    ada = await server.sign_up("ada")
    await decide(server, ada, TRAINING_ON_PRIVATE_CONTENT=True)
    counts = []
    for _ in range(2):
        for visibility in ("PUBLIC", "PRIVATE"):
            await server.create(ada, visibility=visibility)
        await server.queue.settle()
        with counted() as statements:
            await server.data(TRAINING, None, ada)
        counts.append(len(statements))

    assert counts[0] == counts[1]
