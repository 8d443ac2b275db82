"""What our pages keep in a browser besides cookies, in words (Art. 5(3) of Directive 2002/58/EC is about that, too)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StoredItems:
    """What one page of ours writes into `localStorage`."""

    prefix: str
    """What each key begins with."""
    page: str
    whose: str
    """Who is shown that page."""
    purpose: str
    lifetime: str


STORED = (
    StoredItems(
        "graphiql:",
        "/graphiql",
        "developers, and in production staff alone",
        "Keeps the operations that you wrote there, the last ones that you ran, and how you arranged the page. All "
        "of it stays in your browser, and no header is among it: tokens are in those.",
        "until you delete it in your browser",
    ),
)
"""`app/web/graphiql/source/storage.js` is the only script that writes."""
