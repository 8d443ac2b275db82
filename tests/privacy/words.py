"""Words that are nowhere else: each is planted in one place, and says by its name in which."""

import secrets

_RUN = f"kanari{secrets.token_hex(4)}"
"""How all of them begin: they are looked for at once."""


def word(name: str) -> str:
    """Return the word of a place, in this run of the tests. It can be in an address, and in the name of a host."""
    return f"{_RUN}-{name}-z"


EMAIL, OTHER_EMAIL = f"{word('email')}@example.com", f"{word('other-email')}@example.com"
PASSWORD = word("password")
KEPT = {
    name: word(name)
    for name in (
        "email",
        "other-email",
        "display-name",
        "prompt",
        "negative-prompt",
        "idempotency-key",
        "api-key",
        "origin",
        "passkey",
        "picture",
        "support",
        "mail",
        "subject",
        "reply",
        "answer",
        "suspension",
        "lifting",
        "statement",
        "denial",
        "extension",
        "evidence",
        "recipient",
        "basis",
        "scope",
        "bar",
    )
}
"""What somebody tells us, and staff say of them, that we keep."""
PASSING = {
    name: word(name)
    for name in (
        "password",
        "agent",
        "referrer",
        "page",
        "search",
        "state",
        "file-name",
        "camera",
        "identity",
        "name-elsewhere",
        "mail-name",
    )
}
"""What somebody's programs tell us besides, that is kept nowhere: it is found neither before nor after."""
