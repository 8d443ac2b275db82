"""The places where something about a person could lie: each as the bytes that it has on a disk, or would have there.

What PostgreSQL deletes is not overwritten: the bytes of a row lie in the free space of their page until other rows come
there, in the log of changes until its files go, and among the statistics until a table is looked at anew. An operator's
autovacuum does the first and the last of these in time, and no reader of the database sees any of it. `settled` does at
once what time does: it looks at all tables anew, writes them anew without what was deleted, and begins a new log.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from redis.asyncio import Redis

from app.core.db import execute, fetch
from tests.privacy.scanning import Hit, Scanner

_UNCOMPRESSED = """
    DO $$ DECLARE named record; BEGIN
      SET LOCAL allow_system_table_mods = on;
      FOR named IN
        SELECT c.oid::regclass AS relation, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        WHERE c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped AND a.attstorage IN ('x', 'm')
          AND (c.relnamespace = 'public'::regnamespace OR c.oid = 'pg_statistic'::regclass)
      LOOP
        EXECUTE format('ALTER TABLE %s ALTER COLUMN %I SET STORAGE EXTERNAL', named.relation, named.attname);
      END LOOP;
    END $$"""
"""PostgreSQL compresses long values, and so hides them from whoever reads the bytes."""


async def uncompressed() -> None:
    """Have PostgreSQL keep long values as they are, and throw away the files of its log as soon as it may.

    Nobody else may work in the database meanwhile.
    """
    await execute(_UNCOMPRESSED)
    await execute("ALTER SYSTEM SET wal_recycle = off")
    await execute("SELECT pg_reload_conf()")


async def settled() -> None:
    """Do at once what time does; see above."""
    await execute("ANALYZE")
    tables = await fetch("SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public'")
    await execute(f"VACUUM FULL {', '.join(row['name'] for row in tables)}, pg_statistic")
    for _ in range(2):  # a file of the log goes at the checkpoint after the one that began behind it
        await execute("SELECT pg_switch_wal()")
        await written()


async def written() -> None:
    """Have everything that PostgreSQL knows in its files."""
    await execute("CHECKPOINT")


async def dumped(client: "Redis") -> bytes:
    """Return everything in a Valkey as it would save it, with nothing compressed."""
    folder = Path((await client.config_get("dir"))["dir"])
    await client.config_set("rdbcompression", "no")
    await client.save()
    dump = folder / "dump.rdb"
    try:
        return dump.read_bytes()
    finally:
        dump.unlink()


@dataclass(frozen=True, slots=True)
class Places:
    """Everywhere that a service keeps anything."""

    folders: Sequence[Path]
    valkey: str

    @classmethod
    async def of(cls, valkey: str, *folders: Path) -> "Places":
        """Add where PostgreSQL has its files, and what it and Valkey log, to folders."""
        [row] = await fetch("SELECT current_setting('data_directory') AS folder")
        return cls((Path(row["folder"]), *folders), valkey)

    async def search(self, scanner: Scanner) -> Sequence[Hit]:
        """Return which words are anywhere, and where."""
        found = [hit for folder in self.folders for hit in scanner.folder(folder)]
        for path in self.folders[0].parent.glob("*.log"):
            found += scanner.search(f"logs of servers/{path.name}", path.read_bytes())
        async with Redis.from_url(self.valkey) as client:
            return [*found, *scanner.search("valkey", await dumped(client))]
