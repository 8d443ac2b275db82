"""Training as a person sees it: whether their pictures may be used, and what all that they say changes, at once."""

from pathlib import Path

from app.consents.notices import PublishedNotices
from app.core import jobs
from app.core.db import execute, fetch, transaction
from app.generation.wishes import Visibility
from app.integrations.local_store import LocalObjectStore
from app.training.eligibility import IN_WORDS, YES_IN_WORDS, TrainingRefusal
from app.training.manifest import SEALED
from app.training.marking import MARK_LAPSED
from app.training.verification import Verdict
from tests.consents.test_api import OBJECT, decide
from tests.fakes.browsing import browsing, send_form, sign_in
from tests.fakes.people import POLICY_VERSION
from tests.fakes.server import Json, RunningServer
from tests.fakes.statements import counted
from tests.fakes.uploads import Sender
from tests.media.pictures import painted, saved
from tests.training.world import built, numbers, office, verified

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


BOTH = """{ viewer {
  generations { nodes { visibility training { explanation dataSets { name pictures excludedAt excludedBecause } } } }
  dataSets(first: 1) { nodes { name pictures excludedBecause } pageInfo { hasNextPage } } } }"""
SETS = "{ trainingSets(first: 5) { nodes { name items excluded sha256 signature sealedAt } } }"
IDS = "{ viewer { id generations { nodes { id visibility } } } }"
VISIBILITY = (
    """mutation ($id: ID!) { setGenerationVisibility(input: {id: $id, visibility: PRIVATE}) { errors { code } } }"""
)
DELETE = """mutation ($id: ID!) { deleteGenerations(input: {ids: [$id], idempotencyKey: "d"}) { errors { code } } }"""
SUSPEND = """mutation ($id: ID!) { suspendUser(input: {id: $id, reason: "a test"}) { errors { code } } }"""


async def said_of(server: RunningServer, token: str) -> dict[str, str | None]:
    """Return why pictures of each visibility are excluded from the data set that holds them; None: they are not."""
    nodes = (await server.data(BOTH, None, token))["viewer"]["generations"]["nodes"]
    return {node["visibility"]: each["excludedBecause"] for node in nodes for each in node["training"]["dataSets"]}


async def pictures(server: RunningServer, *names: str) -> dict[str, str]:
    """Have people make a public and a private picture each, to whose use they agree; return their tokens."""
    tokens = {name: await server.sign_up(name) for name in names}
    for token in tokens.values():
        for visibility in ("PUBLIC", "PRIVATE"):
            await server.create(token, visibility=visibility)
        await decide(server, token, TRAINING_ON_PRIVATE_CONTENT=True)
    await server.queue.settle()
    return tokens


async def test_a_no_marks_what_holds_the_pictures_before_the_answer_comes(
    server: RunningServer, tmp_path: Path
) -> None:
    people = await pictures(server, "ada", "bob", "cleo", "dan", "eve")
    at = office(PublishedNotices(), store=LocalObjectStore(tmp_path / "objects", durable=False))
    name = await built(at)
    assert await numbers(at, name) == {Verdict.ELIGIBLE: 10}
    ids = {each: (await server.data(IDS, None, token))["viewer"] for each, token in people.items()}
    public = {
        each: {node["visibility"]: node["id"] for node in one["generations"]["nodes"]} for each, one in ids.items()
    }
    free = {"PUBLIC": None, "PRIVATE": None}
    assert [await said_of(server, token) for token in people.values()] == [free] * 5

    async with browsing(server) as browser:  # ada objects on the page of her account
        await sign_in(browser)
        await send_form(browser, "/account/privacy", {"version": POLICY_VERSION, "object-MODEL_TRAINING": "yes"})
    await decide(server, people["bob"], TRAINING_ON_PRIVATE_CONTENT=False)
    objection = {"objections": [{"activity": "MODEL_TRAINING", "objected": True}], "idempotencyKey": "o"}
    await server.data(OBJECT, {"input": objection}, people["bob"])
    await server.data(VISIBILITY, {"id": public["cleo"]["PUBLIC"]}, people["cleo"])
    await server.data(DELETE, {"id": public["dan"]["PUBLIC"]}, people["dan"])

    assert await said_of(server, people["ada"]) == {"PUBLIC": "OBJECTED", "PRIVATE": None}
    assert await said_of(server, people["bob"]) == {"PUBLIC": "OBJECTED", "PRIVATE": "NO_CONSENT"}
    nodes = (await server.data(BOTH, None, people["cleo"]))["viewer"]["generations"]["nodes"]
    assert [node["training"]["dataSets"][0]["excludedBecause"] for node in nodes] == [None, "MADE_PRIVATE"]
    assert await said_of(server, people["dan"]) == {"PRIVATE": None}
    assert await said_of(server, people["eve"]) == free
    found = await verified(at, name)
    assert (found.counts, found.holds) == ({Verdict.ELIGIBLE: 5, Verdict.EXCLUDED: 4, Verdict.GONE: 1}, True)
    marks = await fetch("SELECT excluded_because FROM training_items WHERE excluded_at IS NOT NULL")
    assert sorted(row["excluded_because"] for row in marks) == [
        "MADE_PRIVATE",
        "NO_CONSENT",
        "OBJECTED",
        "OBJECTED",
        "PICTURE_DELETED",
    ]

    assert (await server.execute(SETS, None, people["ada"]))["data"]["trainingSets"] is None
    await execute("UPDATE users SET role = 'ADMIN' WHERE email = 'ada@example.com'")
    await server.data(SUSPEND, {"id": ids["eve"]["id"]}, people["ada"])
    [shown] = (await server.data(SETS, None, people["ada"]))["trainingSets"]["nodes"]
    assert (shown["name"], shown["items"], shown["excluded"]) == (name, 10, 7)
    assert at.signer.verify(shown["signature"], SEALED)["sha256"] == shown["sha256"]


async def test_the_person_is_told_in_words_and_sees_their_own_data_sets_only(
    server: RunningServer, tmp_path: Path
) -> None:
    people = await pictures(server, "ada", "eve")
    at = office(PublishedNotices(), store=LocalObjectStore(tmp_path / "objects", durable=False))
    first = await built(at)
    await server.data(
        DELETE,
        {"id": (await server.data(IDS, None, people["eve"]))["viewer"]["generations"]["nodes"][0]["id"]},
        people["eve"],
    )
    await execute("UPDATE users SET status = 'RESTRICTED' WHERE email = 'eve@example.com'")
    second = await built(at)

    ada = (await server.data(BOTH, None, people["ada"]))["viewer"]
    assert ada["dataSets"]["nodes"] == [{"name": second, "pictures": 2, "excludedBecause": None}]
    assert ada["dataSets"]["pageInfo"]["hasNextPage"]
    assert [[each["name"] for each in node["training"]["dataSets"]] for node in ada["generations"]["nodes"]] == [
        [second, first],
        [second, first],
    ]
    eve = (await server.data(BOTH, None, people["eve"]))["viewer"]
    [left] = eve["generations"]["nodes"]
    assert [each["name"] for each in left["training"]["dataSets"]] == [first]
    assert left["training"]["explanation"] == IN_WORDS[TrainingRefusal.RESTRICTED]
    assert [node["training"]["explanation"] for node in ada["generations"]["nodes"]] == [
        YES_IN_WORDS[Visibility.PRIVATE],
        YES_IN_WORDS[Visibility.PUBLIC],
    ]

    assert await said_of(server, people["eve"]) == {"PUBLIC": None}, "the restriction told nobody"
    async with transaction():
        await jobs.record(MARK_LAPSED, {})
    await server.queue.settle()
    assert await said_of(server, people["eve"]) == {"PUBLIC": "RESTRICTED"}
    assert await said_of(server, people["ada"]) == {"PUBLIC": None, "PRIVATE": None}


async def test_nothing_of_what_is_made_by_a_reference_is_eligible(server: RunningServer) -> None:
    ada = await server.sign_up("ada")
    reference = await Sender(server, ada).reference(saved(painted()))
    await server.create(ada, visibility="PUBLIC", references=[{"imageId": reference}])
    await server.queue.settle()

    assert await eligibility(server, ada) == {"PUBLIC": no("MADE_FROM_REFERENCE")}
    await execute("UPDATE users SET confirmed_email = NULL")
    assert await eligibility(server, ada) == {"PUBLIC": no("MADE_FROM_REFERENCE", "ADDRESS_NOT_CONFIRMED")}
