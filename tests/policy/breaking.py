"""A plugin of pytest that breaks one mechanism at a time and runs the test that should notice.

`pytest -p tests.policy.breaking --broken FILE CHECK…` runs each check once for each mutation that names it, with the
mechanism replaced in every module that imported it, and writes down which of them went red.
"""

import sys
from collections.abc import Generator
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

import orjson
import pytest

from tests.policy.mutations import CONTROLS, MUTATIONS, Mutation

OURS = ("app", "schema", "workers", "tests")
FIXTURE = "mutation"


class Outcomes:
    """Which mutations were noticed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._noticed = dict.fromkeys((mutation.name for mutation in (*MUTATIONS, *CONTROLS)), False)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Note a case that failed: while it was set up counts too, as long as the mechanism was broken by then."""
        report = yield
        mutation = getattr(item, "callspec").params[FIXTURE]  # noqa: B009 - only functions with cases have it
        if report.failed and report.when != "teardown":
            self._noticed[mutation.name] = True
        return report

    def pytest_sessionfinish(self) -> None:
        """Write the file."""
        self._path.write_bytes(orjson.dumps(self._noticed))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--broken`."""
    parser.addoption("--broken", type=Path, required=True, help="where to write which mutations were noticed")


def pytest_configure(config: pytest.Config) -> None:
    """Note what happens."""
    config.pluginmanager.register(Outcomes(config.getoption("broken")))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make a case of each mutation."""
    check = metafunc.definition.nodeid.partition("[")[0]
    found = [mutation for mutation in (*MUTATIONS, *CONTROLS) if mutation.check == check]
    metafunc.parametrize(FIXTURE, found, ids=lambda mutation: mutation.name, indirect=True)


@pytest.fixture(autouse=True)
def mutation(request: pytest.FixtureRequest) -> Generator[Mutation, None, None]:
    """Break the mechanism for one test, before any other fixture of it is made."""
    found: Mutation = request.param
    with pytest.MonkeyPatch.context() as patch:
        replace_everywhere(patch, found.breaks, found.by)
        yield found


def replace_everywhere(patch: pytest.MonkeyPatch, target: str, by: Any) -> None:
    """Replace `module:name`, or `module:Class.name`, wherever a module of ours has it."""
    original = resolve_name(target)
    module, _, path = target.partition(":")
    if "." in path:
        owner, _, name = path.rpartition(".")
        patch.setattr(resolve_name(f"{module}:{owner}"), name, by)
        return
    for name, holder in list(sys.modules.items()):
        if name.partition(".")[0] in OURS and name != Mutation.__module__:
            for attribute, value in list(vars(holder).items()):
                if value is original:
                    patch.setattr(holder, attribute, by)
