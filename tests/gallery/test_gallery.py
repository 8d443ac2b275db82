"""The gallery: what an author shows, and nothing else."""

import uuid
from typing import Any

from app.core.db import execute, fetch
from tests.fakes.server import Json, RunningServer
from tests.fakes.statements import counted

SHOW = """mutation ($input: SetGenerationVisibilityInput!) { setGenerationVisibility(input: $input) {
  generation { visibility showPrompt } errors { code } } }"""
GALLERY = """query ($first: Int! = 20, $after: String, $search: String, $style: String) {
  gallery(first: $first, after: $after, search: $search, style: $style) {
    pageInfo { hasNextPage endCursor }
    nodes { id prompt style publishedAt author { id displayName } images { index width url(variant: SMALL) } } } }"""
PROFILE = """query ($id: ID!) { node(id: $id) { __typename
  ... on Profile { displayName gallery { nodes { prompt } } } ... on GalleryItem { prompt } } }"""


async def show(server: RunningServer, token: str, id: str, visibility: str = "PUBLIC", prompt: bool = False) -> None:
    variables = {"input": {"id": id, "visibility": visibility, "showPrompt": prompt}}
    payload = (await server.data(SHOW, variables, token))["setGenerationVisibility"]
    assert payload == {"generation": {"visibility": visibility, "showPrompt": prompt}, "errors": []}


async def nodes(server: RunningServer, **variables: object) -> list[Json]:
    return list((await server.data(GALLERY, dict(variables)))["gallery"]["nodes"])


async def made(server: RunningServer, token: str, prompt: str, **wish: Any) -> str:
    id = str((await server.create(token, prompt=prompt, **wish))["generation"]["id"])
    await server.queue.settle()
    return id


async def test_what_is_shown_can_be_seen_by_everybody_until_it_is_not_shown_any_more(server: RunningServer) -> None:
    token = await server.sign_up()
    id = await made(server, token, "a quiet person", count=2)
    assert await nodes(server) == []

    await show(server, token, id)
    [item] = await nodes(server)

    assert item["author"]["displayName"] == "Ada"
    assert item["prompt"] is None
    assert [image["index"] for image in item["images"]] == [0, 1]
    picture = await server.client.get(item["images"][0]["url"].replace("http://images.test", server.address))
    assert picture.status_code == 200
    await show(server, token, id, "PRIVATE")
    assert await nodes(server) == []
    assert (await server.data(PROFILE, {"id": item["id"]}))["node"] is None
    assert (await server.data(PROFILE, {"id": item["author"]["id"]}))["node"] is None


async def test_a_wish_to_be_shown_is_kept_when_the_pictures_are_done(server: RunningServer) -> None:
    token = await server.sign_up()

    await made(server, token, "a loud person", visibility="PUBLIC", showPrompt=True)
    await made(server, token, "refused person", engine="faulty", visibility="PUBLIC", showPrompt=True)

    assert [item["prompt"] for item in await nodes(server)] == ["a loud person"]


async def test_the_search_finds_only_prompts_that_are_shown(server: RunningServer) -> None:
    token = await server.sign_up()
    shown = await made(server, token, "a person with 100% red_hair", style="plain")
    hidden = await made(server, token, "a secret person with red_hair")
    await show(server, token, shown, prompt=True)
    await show(server, token, hidden)

    assert len(await nodes(server)) == 2
    assert [item["prompt"] for item in await nodes(server, search="RED_hair")] == ["a person with 100% red_hair"]
    assert await nodes(server, search="secret") == []
    assert await nodes(server, search="redXhair") == []
    assert await nodes(server, search="1%0") == []
    assert await nodes(server, search="red\0", style="photo\0") == []
    assert len(await nodes(server, search="100%")) == 1
    assert [item["style"] for item in await nodes(server, style="plain")] == ["plain"]
    await show(server, token, shown)
    assert await nodes(server, search="red_hair") == []


async def test_deleting_a_generation_takes_it_off_the_gallery(server: RunningServer) -> None:
    token = await server.sign_up()
    id = await made(server, token, "a person")
    await show(server, token, id)
    url = (await nodes(server))[0]["images"][0]["url"].replace("http://images.test", server.address)

    delete = "mutation ($input: DeleteGenerationsInput!) { deleteGenerations(input: $input) { deletedIds } }"
    await server.data(delete, {"input": {"ids": [id], "idempotencyKey": str(uuid.uuid4())}}, token)

    assert await nodes(server) == []
    assert (await server.client.get(url)).status_code == 404
    assert await fetch("SELECT id FROM gallery_items") == []


async def test_a_page_of_twenty_takes_two_statements_and_pages_follow_each_other(server: RunningServer) -> None:
    token = await server.sign_up()
    for number in range(23):
        await server.create(token, prompt=f"person {number}", visibility="PUBLIC", showPrompt=True)
    await server.queue.settle()

    with counted() as statements:
        first = (await server.data(GALLERY))["gallery"]
    second = (await server.data(GALLERY, {"after": first["pageInfo"]["endCursor"]}))["gallery"]

    assert len(statements) == 2, statements.sent
    assert (len(first["nodes"]), first["pageInfo"]["hasNextPage"]) == (20, True)
    assert (len(second["nodes"]), second["pageInfo"]["hasNextPage"]) == (3, False)
    ids = [item["id"] for item in first["nodes"] + second["nodes"]]
    assert len(set(ids)) == 23


async def test_a_profile_shows_what_its_person_shows_and_nothing_private(server: RunningServer) -> None:
    ada, eve = await server.sign_up("ada"), await server.sign_up("eve")
    await show(server, ada, await made(server, ada, "shown by ada"), prompt=True)
    await made(server, ada, "private to ada")
    await show(server, eve, await made(server, eve, "shown by eve"), prompt=True)
    [item] = [item for item in await nodes(server) if item["author"]["displayName"] == "Ada"]

    profile = (await server.data(PROFILE, {"id": item["author"]["id"]}))["node"]

    assert profile == {
        "__typename": "Profile",
        "displayName": "Ada",
        "gallery": {"nodes": [{"prompt": "shown by ada"}]},
    }
    assert (await server.data(PROFILE, {"id": item["id"]}))["node"] == {
        "__typename": "GalleryItem",
        "prompt": "shown by ada",
    }


async def test_a_style_that_cannot_be_is_nobodys(server: RunningServer) -> None:
    assert await nodes(server, style="pla\x00in") == []


async def test_a_hundred_nodes_of_the_gallery_cost_as_many_statements_as_one(server: RunningServer) -> None:
    token = await server.sign_up()
    for number in range(3):
        await made(server, token, f"person {number}", visibility="PUBLIC")
    items = await nodes(server)
    ids = [item["id"] for item in items] + [items[0]["author"]["id"]]
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"

    with counted() as statements:
        answer = await server.data(query, {"ids": ids * 25})

    assert [node["id"] for node in answer["nodes"]] == ids * 25
    assert len(statements.about("FROM gallery_items g JOIN")) == 1
    assert len(statements.about("FROM generated_images")) == 1
    assert len(statements.about("FROM users u")) == 1


async def test_who_is_restricted_to_storage_shows_nothing_and_still_sees_it_themselves(server: RunningServer) -> None:
    ada, eve = await server.sign_up("ada"), await server.sign_up("eve")
    for token in (ada, eve):
        await show(server, token, await made(server, token, "a person"))
    [_, item] = await nodes(server)
    assert item["author"]["displayName"] == "Ada"

    await execute("UPDATE users SET status = 'RESTRICTED' WHERE email = 'ada@example.com'")

    assert [one["author"]["displayName"] for one in await nodes(server)] == ["Eve"]
    for hidden in (item["id"], item["author"]["id"]):
        assert (await server.data(PROFILE, {"id": hidden}))["node"] is None
    own = "{ viewer { status generations { nodes { visibility } } } }"
    assert (await server.data(own, None, ada))["viewer"] == {
        "status": "RESTRICTED",
        "generations": {"nodes": [{"visibility": "PUBLIC"}]},
    }
