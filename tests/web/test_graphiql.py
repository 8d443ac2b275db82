"""The pages for developers: what they allow a browser, how their files are served, and what production has of it."""

import gzip
import hashlib
import json
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import httpx
import pytest
from graphql import build_schema, parse, validate
from starlette.applications import Starlette

from app.core.config import Settings
from app.main import application
from app.web.graphiql.bundle import FOLDER, LICENCES, Bundle
from app.web.graphiql.page import graphiql_routes
from app.web.negotiation import accepts_gzip
from app.web.pages.rendering import STYLE
from tests.architecture.checks.locks import machine_traces
from tests.architecture.checks.repository import ROOT
from tests.fakes.people import POLICY_VERSION
from tests.fakes.production import be_in_production
from tests.fakes.server import RunningServer

BUNDLE = Bundle.read()
SOURCES = ROOT / "app/web/graphiql/source"
SCHEMA = ROOT / "schema/schema.graphql"
FOREVER = "public, max-age=31536000, immutable"


def client_of(app: Starlette) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    """A server of the pages alone."""
    app = Starlette(routes=graphiql_routes("https://pictures.example/base"))
    async with client_of(app) as client:
        yield client


def policy_of(answer: httpx.Response) -> Mapping[str, str]:
    directives = (part.strip().partition(" ") for part in answer.headers["content-security-policy"].split(";"))
    return {name: sources for name, _, sources in directives}


async def test_the_page_may_load_from_its_own_server_only(client: httpx.AsyncClient) -> None:
    answer = await client.get("/graphiql")

    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert policy_of(answer) == {
        "default-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
        "script-src": "'self'",
        "worker-src": "'self'",
        "style-src": "'self' 'unsafe-inline'",
        "font-src": "'self'",
        "img-src": "'self' data: https://pictures.example",
        "connect-src": "'self' wss://pictures.example",
    }
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert answer.headers["cache-control"] == "no-cache"
    assert f'src="/graphiql/{BUNDLE.script}"' in answer.text
    assert f'href="/graphiql/{BUNDLE.style}"' in answer.text
    assert "://" not in answer.text


async def test_the_landing_page_has_no_script(server: RunningServer) -> None:
    answer = await server.client.get("/")

    assert set(policy_of(answer)) == {*POLICY_OF_ALL, "style-src", "img-src"}
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert f"<style>{STYLE}</style>" in answer.text
    assert "<script" not in answer.text
    for link in ("/graphiql", "/account", "/healthz", "/readyz"):
        assert f'href="{link}"' in answer.text


POLICY_OF_ALL = ("default-src", "base-uri", "form-action", "frame-ancestors")


@pytest.mark.parametrize("name", sorted(BUNDLE.assets))
async def test_a_file_is_sent_as_it_lies_there(client: httpx.AsyncClient, name: str) -> None:
    answer = await client.get(f"/graphiql/{name}", headers={"accept-encoding": "br, gzip"})

    assert answer.status_code == 200
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) == len(BUNDLE.assets[name].zipped)
    assert answer.headers["cache-control"] == ("no-cache" if name == LICENCES else FOREVER)
    assert answer.headers["vary"] == "accept-encoding"
    assert answer.headers["content-security-policy"] == "default-src 'none'"
    assert answer.content == BUNDLE.assets[name].plain()


async def test_types_of_files(client: httpx.AsyncClient) -> None:
    kinds = {"js": "text/javascript", "css": "text/css", "ttf": "font/ttf", "txt": "text/plain"}
    for name in BUNDLE.assets:
        answer = await client.head(f"/graphiql/{name}")
        assert answer.headers["content-type"].partition(";")[0] == kinds[name.rpartition(".")[2]]


async def test_a_client_without_gzip_gets_it_plain(client: httpx.AsyncClient) -> None:
    path = f"/graphiql/{BUNDLE.style}"
    plain = await client.get(path, headers={"accept-encoding": "identity"})
    zipped = await client.get(path, headers={"accept-encoding": "gzip"})

    assert "content-encoding" not in plain.headers
    assert int(plain.headers["content-length"]) == len(plain.content)
    assert plain.content == zipped.content
    assert plain.headers["etag"] != zipped.headers["etag"]
    assert plain.headers["vary"] == zipped.headers["vary"] == "accept-encoding"


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
async def test_a_file_that_is_known_is_not_sent_again(client: httpx.AsyncClient, encoding: str) -> None:
    path, headers = f"/graphiql/{BUNDLE.script}", {"accept-encoding": encoding}
    tag = (await client.head(path, headers=headers)).headers["etag"]
    other = "identity" if encoding == "gzip" else "gzip"

    again = await client.get(path, headers={**headers, "if-none-match": f'"x", W/{tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert again.headers["cache-control"] == FOREVER
    assert (await client.get(path, headers={"accept-encoding": other, "if-none-match": tag})).status_code == 200


async def test_files_and_pages_can_be_asked_for_by_head_and_by_nothing_else(client: httpx.AsyncClient) -> None:
    for path in ("/graphiql", f"/graphiql/{BUNDLE.script}"):
        head, got = await client.head(path), await client.get(path)
        assert head.status_code == 200
        assert head.headers == got.headers
        assert (await client.post(path)).status_code == 405


@pytest.mark.parametrize("name", ["manifest.json", "nothing.js", f"{BUNDLE.script}.gz", "..%2fbundle.py", "%2e%2e"])
async def test_there_is_no_other_file(client: httpx.AsyncClient, name: str) -> None:
    answer = await client.get(f"/graphiql/{name}")

    assert answer.status_code == 404


async def test_production_has_graphiql_for_who_is_signed_in_and_nothing_else(
    settings: Settings, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = ("/", "/graphiql", f"/graphiql/{BUNDLE.script}", "/dev/mail")
    async with client_of(application(settings)) as development:
        assert [(await development.get(path)).status_code for path in paths] == [200, 200, 200, 200]

    be_in_production(monkeypatch)
    async with client_of(application(Settings.load())) as production:
        assert [(await production.get(path)).status_code for path in paths] == [404, 303, 200, 404]
        assert (await production.get("/healthz")).status_code == 200


@pytest.mark.parametrize(
    ("accept_encoding", "expected"),
    [
        ("gzip", True),
        ("GZIP;q=0.1", True),
        ("br;q=1.0, gzip;q=0.8, *;q=0.1", True),
        ("*", True),
        ("gzip;q=0", False),
        ("*;q=0", False),
        ("*, gzip;q=0", False),
        ("gzip;q=lots", False),
        ("identity", False),
        ("", False),
    ],
)
def test_gzip_is_for_who_takes_it(accept_encoding: str, expected: bool) -> None:
    assert accepts_gzip([accept_encoding]) is expected


def test_who_says_nothing_of_encodings_gets_none() -> None:
    assert accepts_gzip([]) is False


def test_the_bundle_was_built_from_its_sources() -> None:
    """`make graphiql` mends this."""
    digest = hashlib.sha256()
    for path in sorted(path for path in SOURCES.iterdir() if path.name != "node_modules"):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")

    assert json.loads((FOLDER / "manifest.json").read_text())["sources"] == digest.hexdigest()


def test_every_package_of_the_page_has_its_licence() -> None:
    text = (FOLDER / LICENCES).read_text()

    for package in ("graphiql", "graphql", "graphql-ws", "monaco-editor", "react-dom", "@graphiql/plugin-explorer"):
        version = json.loads((SOURCES / "package.json").read_text())["dependencies"].get(package)
        assert f"\n{package} {version} (" in text
    assert "Permission is hereby granted" in text


def test_the_bundle_tells_nothing_of_who_built_it(tmp_path: Path) -> None:
    """The check of committed files does not look into gzipped ones."""
    for path in FOLDER.glob("*.gz"):
        (tmp_path / path.stem).write_bytes(gzip.decompress(path.read_bytes()))
        assert b"sourceMappingURL" not in (tmp_path / path.stem).read_bytes()

    assert machine_traces(tmp_path, [path.name for path in tmp_path.iterdir()]) == []


def test_the_tour_of_the_page_is_valid() -> None:
    tour = (SOURCES / "welcome.graphql").read_text()

    assert validate(build_schema(SCHEMA.read_text()), parse(tour)) == []
    assert f'policyVersion: "{POLICY_VERSION}"' in tour
