"""Who may talk to the outside: client libraries are imported where a port or the gate stands around them."""

import ast
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from tests.architecture.checks.repository import parsed

ALLOWED = {
    "aiosmtplib": ("app/integrations/smtp.py",),
    "authlib": ("app/integrations/oauth.py", "app/integrations/oidc.py", "app/integrations/github.py"),
    "httpx": ("app/cli", "app/generation/engines/openai", "app/processors/fetcher.py"),
    "httpx2": ("app/integrations/oauth.py",),
    "obstore": ("app/integrations/s3_store.py",),
    "redis": ("app/integrations/valkey.py", "app/integrations/budgets.py", "workers/carriers.py"),
}
"""Everything else asks a port, the fetcher or the gate. The command line asks our own server."""


def strays(files: Iterable[Path], root: Path, allowed: Mapping[str, Collection[str]]) -> list[str]:
    """Name the imports of a client library by a file that is not on its list, or not below a folder on it."""
    found = []
    for path in files:
        name = path.relative_to(root).as_posix()
        for node in ast.walk(parsed(path)):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            modules += [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
            for module in {module.split(".")[0] for module in modules} & allowed.keys():
                if not any(name == place or name.startswith(f"{place}/") for place in allowed[module]):
                    found.append(f"{name}: imports {module}")
    return found
