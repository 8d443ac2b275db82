"""The ledger of texts: `documents/published.txt` holds the hash of every file, as `sha256sum` writes it.

A text is never edited once it is published, and this is how a build notices: what has another hash than its line, what
has no line, and a line whose file is gone are faults. `make documents` writes lines for new files and touches no other;
`make documents AGAIN=privacy/2031-01-01.md` takes a text that nobody has published yet as it is now.
"""

import argparse
import hashlib
import sys
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from app.policy.texts import FOLDER

LEDGER = "published.txt"


def faults(folder: Path = FOLDER) -> Sequence[str]:
    """Return a line for each text that is not what the ledger says."""
    written, present = _written(folder), _present(folder)
    return [
        *(f"{name}: the file has changed since it was written down" for name in _both(written, present)),
        *(f"{name}: it is not in the ledger: `make documents`" for name in sorted(present.keys() - written.keys())),
        *(f"{name}: the file is gone" for name in sorted(written.keys() - present.keys())),
    ]


def write(folder: Path = FOLDER, again: Collection[str] = ()) -> Sequence[str]:
    """Write down new files, and those of `again` anew; return what is still wrong."""
    written, present = _written(folder), _present(folder)
    kept = {name: digest for name, digest in written.items() if name not in again}
    lines = [f"{digest}  {name}\n" for name, digest in sorted({**present, **kept}.items())]
    (folder / LEDGER).write_text("".join(lines))
    return faults(folder)


def _both(written: Mapping[str, str], present: Mapping[str, str]) -> Sequence[str]:
    return sorted(name for name in written.keys() & present.keys() if written[name] != present[name])


def _written(folder: Path) -> dict[str, str]:
    path = folder / LEDGER
    pairs = (line.split("  ", 1) for line in path.read_text().splitlines()) if path.exists() else ()
    return {name: digest for digest, name in pairs}


def _present(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.glob("*/*.md")
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Check the ledger, or write it. Exits with what is wrong."""
    parser = argparse.ArgumentParser(prog="python -m app.policy.ledger", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write down new files")
    parser.add_argument("--again", action="append", default=[], help="take this text as it is now")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where the documents are")
    given = parser.parse_args(arguments)
    found = write(given.folder, [name for name in given.again if name]) if given.write else faults(given.folder)
    if found:
        sys.exit("\n".join(found))


if __name__ == "__main__":
    main()
