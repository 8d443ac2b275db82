"""Who may talk to the outside, and how: client libraries are imported where a port or the gate stands around them.

Default deny: a library that nobody looked at is a fault, and so is a place that has no use for its allowance.
"""

import ast
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from enum import Enum
from functools import cache
from pathlib import Path

from tests.architecture.checks.repository import ROOT, nodes, python_files

OURS = ("app", "schema", "workers", "migrations")


class Way(Enum):
    """Where what a place opens leads to."""

    GATE = "to others, inside of `Gate.disclose` or `Gate.ask`"
    STANDING = "to whoever stores for us: a standing entry of the register, without a row for each object"
    STORES = "to PostgreSQL and Valkey, which are ours or whoever's hosts us"
    OURSELVES = "to processes of ours on this machine"


ALLOWED: Mapping[str, Mapping[str, Way]] = {
    "aiosmtplib": {"app/integrations/smtp.py": Way.GATE},
    "authlib": {"app/integrations/oauth.py": Way.GATE, "app/integrations/oidc.py": Way.GATE},
    "httpx": {
        "app/processors/fetcher.py": Way.GATE,
        "app/generation/engines/openai": Way.GATE,
        "app/cli": Way.OURSELVES,
    },
    "httpx2": {"app/integrations/oauth.py": Way.GATE},
    "obstore": {"app/integrations/s3_store.py": Way.STANDING},
    "socket": {
        "app/processors/addresses.py": Way.GATE,
        "app/embedded/valkey.py": Way.STORES,
        "app/cli/supervisor.py": Way.OURSELVES,
    },
    "arq": {
        "app/integrations/valkey.py": Way.STORES,
        "app/main.py": Way.STORES,
        "app/composition/ports.py": Way.STORES,
        "workers/carriers.py": Way.STORES,
    },
    "redis": {
        "app/integrations/valkey.py": Way.STORES,
        "app/integrations/budgets.py": Way.STORES,
        "workers/carriers.py": Way.STORES,
    },
    "tortoise": {"app": Way.STORES, "migrations": Way.STORES},
    "multiprocessing": {"app/media/child.py": Way.OURSELVES},
    "subprocess": {
        "app/embedded": Way.OURSELVES,
        "app/cli/supervisor.py": Way.OURSELVES,
        "app/cli/schema_history.py": Way.OURSELVES,
    },
    "uvicorn": {"app/main.py": Way.OURSELVES},
    "websockets": {"app/cli": Way.OURSELVES},
}
"""Everything else asks a port, the fetcher or the gate. The command line asks our own server."""
NETWORK = frozenset(
    [
        "ftplib",
        "http.client",
        "http.server",
        "imaplib",
        "nntplib",
        "poplib",
        "smtplib",
        "socketserver",
        "telnetlib",
        "urllib.request",
        "webbrowser",
        "wsgiref",
        "xmlrpc",
    ]
)
"""What else of the standard library opens connections: nobody needs it."""
QUIET = frozenset(
    [
        "PIL",
        "argon2",
        "cross_web",
        "cryptography",
        "cv2",
        "dicebear",
        "email_validator",
        "graphql",
        "jinja2",
        "joserfc",
        "markdown_it",
        "mtcnn",
        "numpy",
        "orjson",
        "pydantic",
        "pydantic_settings",
        "resvg_py",
        "rich",
        "segno",
        "stream_zip",
        "starlette",
        "strawberry",
        "structlog",
        "typer",
        "ua_parser",
        "webauthn",
        "zxcvbn",
    ]
)
"""Libraries that open no connection as we use them."""
OPENING = frozenset(
    [
        "open_connection",
        "open_unix_connection",
        "create_connection",
        "create_unix_connection",
        "create_datagram_endpoint",
        "sock_connect",
        "create_subprocess_exec",
        "create_subprocess_shell",
        "system",
        "popen",
        "posix_spawn",
        "import_module",
        "__import__",
        "eval",
        "exec",
        "execv",
        "execve",
        "execvp",
        "execvpe",
    ]
)
"""Names of functions that open a connection or a process, or hide what is imported."""
OPENED: Mapping[str, str] = {
    "app/embedded/launch.py": "os.execv",
    "app/cli/commands/__init__.py": "import_module",
    "app/media/faces.py": "import_module",
}
"""Who calls one: to become PostgreSQL, to read a command of ours when it is asked for, to load the face detector."""

WAYS_OUT: tuple[tuple[str, str], ...] = (
    ("app/accounts/providers.py", "asked.depart"),
    ("app/accounts/providers.py", "asked.arrive"),
    ("app/mail/service.py", "self._mailer.send"),
    ("app/media/avatars.py", "self.fetcher.get"),
    ("app/analytics/provider.py", "self.fetcher.post"),
    ("app/generation/engines/openai/engine.py", "connected"),
    ("app/generation/engines/openai/engine.py", "Conversation"),
)
"""File and call: what leads through a `Way.GATE` place, and is inside of the gate."""
TOOLS: Mapping[str, Collection[str]] = {
    "app.processors.fetcher": (
        "app/processors/service.py",
        "app/media/avatars.py",
        "app/analytics/provider.py",
        "app/generation/engines/openai/client.py",
        "app/generation/engines/openai/engine.py",
        "workers/settings.py",
    ),
    "app.generation.engines.openai.client": (
        "app/generation/engines/openai/engine.py",
        "app/generation/engines/openai/gathering.py",
    ),
}
"""Modules of ours that open connections for others, and who may import them. Integrations are chosen by composition
roots alone, which import-linter holds (`ports`)."""
GUARDS = frozenset({"disclose", "ask"})


def faults(root: Path = ROOT) -> list[str]:
    """Name whatever opens, or could open, a way out that is not declared here; needs no server and no pytest."""
    files = python_files(root, OURS)
    return [
        *strays(files, root, ALLOWED),
        *unknown(files, root),
        *openings(files, root),
        *strays(files, root, TOOLS),
        *unused(files, root),
        *(f"{name}: {fault}" for name, call in WAYS_OUT for fault in unguarded((root / name).read_text(), call)),
    ]


def strays(files: Iterable[Path], root: Path, allowed: Mapping[str, Collection[str]]) -> list[str]:
    """Name the imports of a client library by a file that is not on its list, or not below a folder on it."""
    return [
        f"{name}: imports {client}"
        for name, modules in _imports(files, root)
        for client in sorted(allowed)
        if _imported(client, modules) and not any(_is_at(name, place) for place in allowed[client])
    ]


def unknown(files: Iterable[Path], root: Path) -> list[str]:
    """Name the imports of the network, and of libraries that are on no list."""
    known = {*OURS, *ALLOWED, *QUIET}
    found = []
    for name, modules in _imports(files, root):
        found += [f"{name}: imports {each}" for each in sorted(NETWORK) if _imported(each, modules)]
        tops = {module.partition(".")[0] for module in modules} - known - sys.stdlib_module_names
        found += [f"{name}: imports {each}, which nobody looked at" for each in sorted(tops)]
    return found


def openings(files: Iterable[Path], root: Path) -> list[str]:
    """Name the calls that open a connection or a process by themselves."""
    found = []
    for path in files:
        name = path.relative_to(root).as_posix()
        calls = {call for call in _calls(path) if call.rpartition(".")[2] in OPENING}
        calls -= {OPENED.get(name, "")}
        found += [f"{name}: calls {call}" for call in sorted(calls)]
    return found


def unused(files: Iterable[Path], root: Path) -> list[str]:
    """Name the places that do not import what they may."""
    imports = list(_imports(files, root))
    return [
        f"{place}: may import {client}, and does not"
        for lists in (ALLOWED, TOOLS)
        for client, places in lists.items()
        for place in places
        if not any(_is_at(name, place) and _imported(client, modules) for name, modules in imports)
    ]


def unguarded(source: str, call: str) -> list[str]:
    """Say where a call is not inside of the gate, or that there is none."""
    tree, inside = ast.parse(source), set[ast.AST]()
    for block in ast.walk(tree):
        if isinstance(block, ast.AsyncWith):
            guards = [_is_guard(item.context_expr) for item in block.items]
            if True in guards:
                later = block.items[guards.index(True) + 1 :]
                inside.update(node for part in (*later, *block.body) for node in ast.walk(part))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _dotted(node.func) == call]
    if not calls:
        return [f"{call} is not called any more"]
    return [f"{call} is called outside of the gate, line {node.lineno}" for node in calls if node not in inside]


def _is_guard(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in GUARDS


def _imports(files: Iterable[Path], root: Path) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield each file's name and the modules that it imports, with what it takes from them."""
    for path in files:
        yield path.relative_to(root).as_posix(), _modules(path)


@cache
def _modules(path: Path) -> frozenset[str]:
    modules: set[str] = set()
    for node in nodes(path):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            modules |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return frozenset(modules)


def _calls(path: Path) -> set[str]:
    return {_dotted(node.func) for node in nodes(path) if isinstance(node, ast.Call)}


def _imported(client: str, modules: Collection[str]) -> bool:
    return any(module == client or module.startswith(f"{client}.") for module in modules)


def _is_at(name: str, place: str) -> bool:
    return name == place or name.startswith(f"{place}/")


def _dotted(node: ast.expr) -> str:
    """Return `a.b.c` of such an expression; of another one only its last name."""
    if isinstance(node, ast.Attribute):
        before = _dotted(node.value)
        return f"{before}.{node.attr}" if before else node.attr
    return node.id if isinstance(node, ast.Name) else ""
