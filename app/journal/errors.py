"""What can be wrong between a database and its journal. Each message says what to do."""

from app.core.errors import AppError

REPLAY = "`anypeople restore replay`"
ACCEPT = f"{REPLAY} with --accept-missing goes on without it, and says what it could not apply"


class JournalError(AppError):
    """Nothing is served, sent or trained on before this is settled."""

    code = "JOURNAL"


class Restored(JournalError):
    """The journal has decisions that the database does not know: it is a backup that was restored."""


class EntriesMissing(JournalError):
    """The journal lacks what the database knows of, or what lies between the two."""


class Forged(JournalError):
    """An entry is not signed by us, or is not the one of its number."""


class Forked(JournalError):
    """Two databases wrote to the same journal."""


class JournalAway(JournalError):
    """The object store cannot be asked."""
