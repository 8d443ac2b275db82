"""What lies in no table is declared too: no key, no cookie and no kind of disclosure that no store has."""

from pathlib import Path

import pytest

from app.processors.register import Disclosed
from app.registries import STORES
from tests.architecture.__main__ import COOKIES
from tests.architecture.checks.repository import ROOT, python_files
from tests.architecture.checks.stores import undeclared, unknown_cookies, unknown_disclosures

OURS = ("app", "schema", "workers")
FILES = python_files(ROOT, OURS)


def test_every_key_and_cookie_of_the_code_is_declared() -> None:
    assert undeclared(FILES, ROOT, STORES) == []
    assert unknown_disclosures(Disclosed, STORES) == []
    assert unknown_cookies(COOKIES, STORES) == []


@pytest.mark.parametrize(
    ("store", "fault"),
    [
        ("budgets and limits", "app/integrations/budgets.py: a key in Valkey begins with 'anypeople:budget:'"),
        ("signals", "app/integrations/valkey.py: a key in Valkey begins with 'anypeople:signals'"),
        ("job queue", "app/integrations/valkey.py: a key in Valkey begins with 'anypeople:queue:'"),
        ("objects of pictures", "app/media/service.py: an object's key begins with 'pictures/'"),
        ("objects of uploads", "app/media/uploads.py: an object's key begins with 'uploads/'"),
        ("probes of the object store", "app/cli/checkup.py: an object's key begins with 'doctor/'"),
    ],
)
def test_a_store_that_left_the_registry_is_missed(store: str, fault: str) -> None:
    rest = {name: each for name, each in STORES.items() if name != store}
    places = [ROOT / fault.split(":")[0]]

    assert any(found.startswith(fault) for found in undeclared(places, ROOT, rest))


@pytest.mark.parametrize("store", ["cookies of sign-in", "cookies of sign-in with others", "cookies of choice"])
def test_a_cookie_that_left_the_registry_is_missed(store: str) -> None:
    rest = {name: each for name, each in STORES.items() if name != store}

    assert unknown_cookies(COOKIES, rest) == [
        f"{key}: a cookie that no store declares (STORES)" for key in sorted(STORES[store].keys)
    ]
    assert unknown_cookies([], {store: STORES[store]}) == [
        f"{key}: a store declares it, but it is no cookie" for key in sorted(STORES[store].keys)
    ]


@pytest.mark.parametrize(
    "store", ["carriers of mail", "inference providers", "providers of sign-in", "storage and hosting"]
)
def test_a_recipient_that_left_the_registry_is_missed(store: str) -> None:
    rest = {name: each for name, each in STORES.items() if name != store}

    assert unknown_disclosures(Disclosed, rest) == [
        f"{key}: it leaves, but no store of a processor has it (STORES)" for key in sorted(STORES[store].keys)
    ]


def test_what_a_store_declares_and_nobody_sends_is_named() -> None:
    assert unknown_disclosures({"PROMPT"}, {"a": STORES["carriers of mail"]}) == [
        "PROMPT: it leaves, but no store of a processor has it (STORES)",
        "ADDRESS: a store declares it, but it never leaves",
    ]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ('KEY = "anypeople:horoscope:"', "a key in Valkey begins with 'anypeople:horoscope:', which no store declares"),
        ('key = f"anypeople:{star}"', "a key in Valkey begins with 'anypeople:', which no store declares (STORES)"),
        ('key = f"horoscopes/{star}"', "an object's key begins with 'horoscopes/', which no store declares (STORES)"),
        ('answer.set_cookie("star", "1")', "sets a cookie by itself: app/web/cookies.py does"),
        ('headers = {"Set-Cookie": "star=1"}', "sets a cookie by itself: app/web/cookies.py does"),
    ],
)
def test_what_nobody_declared_is_named(line: str, fault: str, tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app/example.py").write_text(f"{line}\n")

    [found] = undeclared([tmp_path / "app/example.py"], tmp_path, STORES)

    assert found.startswith(f"app/example.py: {fault}")
