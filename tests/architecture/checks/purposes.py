"""Query functions: each is the viewer's own view, or names an activity and asks whether it is allowed."""

import ast
from collections.abc import Collection, Iterator
from pathlib import Path

Function = ast.AsyncFunctionDef | ast.FunctionDef
UNBOUND = "takes neither a viewer nor an Activity"
UNASKED = "takes an Activity and does not ask `allows` with it"
UNLIMITED = "reads many people and leaves nobody out: `reachable(activity, …)`"
OPEN = "is on the list of public reads, and is none (any more)"


def unasked(sources: dict[str, str], public: Collection[str]) -> list[str]:
    """Name the public query functions that nothing limits. `sources` are modules by name, `public` the reviewed reads
    that everybody may do."""
    found, listed = [], set(public)
    for module, source in sources.items():
        tree = ast.parse(source)
        for function in _public(tree):
            name = f"{module}.{function.name}"
            parameters = _parameters(function)
            if "Activity" in parameters.values():
                found += [f"{name}: {fault}" for fault in _faults(function, parameters)]
            elif "Viewer" not in parameters.values():
                if name in listed:
                    listed.discard(name)
                else:
                    found.append(f"{name}: {UNBOUND}")
    return found + [f"{name}: {OPEN}" for name in sorted(listed)]


def modules(folder: Path) -> dict[str, str]:
    """Return the query modules of every domain, and every other module of `app/` with a function that takes an
    Activity first or second, as reads do."""
    queries = {
        f"{path.parent.name}.queries": path.read_text() for path in sorted((folder / "app").glob("*/queries.py"))
    }
    queue = {"privacy.queue": (folder / "app/privacy/queue.py").read_text()}
    return {**queries, **queue, "accounts.staff": _reads((folder / "app/accounts/staff.py").read_text())}


def _reads(source: str) -> str:
    """Return only what takes an Activity: the rest of that module are commands."""
    tree = ast.parse(source)
    tree.body = [each for each in _public(tree) if "Activity" in _parameters(each).values()]
    return ast.unparse(tree)


def _public(tree: ast.Module) -> Iterator[Function]:
    for each in tree.body:
        if isinstance(each, ast.AsyncFunctionDef) and not each.name.startswith("_"):
            yield each


def _parameters(function: Function) -> dict[str, str]:
    """Return the annotation of each parameter, without what is optional."""
    every = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    return {each.arg: ast.unparse(each.annotation) if each.annotation else "" for each in every}


def _faults(function: Function, parameters: dict[str, str]) -> Iterator[str]:
    activity = next(name for name, kind in parameters.items() if kind == "Activity")
    asked = [call for call in _calls(function, "allows") if activity in _names(call.args[1:2])]
    if not asked:
        yield UNASKED
    everybody = any(ast.unparse(call.args[0]) == "None" for call in asked)
    if everybody and not any(activity in _names(call.args[:1]) for call in _calls(function, "reachable")):
        yield UNLIMITED


def _calls(function: Function, name: str) -> list[ast.Call]:
    """Return the calls of that name; an `allows` that nobody awaits is none."""
    awaited = {id(each.value) for each in ast.walk(function) if isinstance(each, ast.Await)}
    return [
        each
        for each in ast.walk(function)
        if isinstance(each, ast.Call)
        and isinstance(each.func, ast.Name)
        and each.func.id == name
        and (name != "allows" or id(each) in awaited)
    ]


def _names(nodes: list[ast.expr]) -> set[str]:
    return {each.id for node in nodes for each in ast.walk(node) if isinstance(each, ast.Name)}
