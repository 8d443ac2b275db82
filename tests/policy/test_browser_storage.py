"""What is kept in browsers besides cookies is declared, and shown beside them."""

import re
from pathlib import Path

import pytest

from app.policy.browser_storage import STORED
from tests.fakes.server import RunningServer

WEB = Path(__file__).parents[2] / "app/web"
STORES = re.compile(r"\b(localStorage|sessionStorage|indexedDB|document\.cookie|caches\.open)\b")
WRITER = "graphiql/source/storage.js"


def writers(folder: Path) -> set[str]:
    """Return the scripts of ours below a folder that name a store of the browser."""
    ours = (path for path in folder.rglob("*.*s*") if path.suffix in (".js", ".jsx", ".mjs"))
    return {
        path.relative_to(folder).as_posix()
        for path in ours
        if "node_modules" not in path.parts and STORES.search(path.read_text())
    }


def test_one_script_alone_writes_into_the_browser() -> None:
    assert writers(WEB) == {WRITER}


@pytest.mark.parametrize("line", ["localStorage.a = 1", "document.cookie = 'a=1'", "indexedDB.open('a')"])
def test_another_script_that_writes_is_seen(line: str, tmp_path: Path) -> None:
    (tmp_path / "new.js").write_text(f"{line};")

    assert writers(tmp_path) == {"new.js"}


async def test_the_page_about_cookies_says_what_else_is_kept(server: RunningServer) -> None:
    shown = (await server.client.get("/cookies")).text

    for items in STORED:
        assert f"<code>{items.prefix}</code>" in shown
        assert items.page in shown
