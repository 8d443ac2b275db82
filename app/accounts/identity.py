"""What people call themselves and are reached at, in the form that is stored."""

from email_validator import EmailNotValidError, validate_email

from app.core.errors import InvalidInput

MAX_DISPLAY_NAME = 60
MAX_EMAIL = 320
"""Characters that are looked at: 64 before the @, 255 after it, and no address of those is too long (RFC 5321)."""
JOINERS = {0x200C: None, 0x200D: None}
"""Invisible, but Persian, Hindi and Sinhala names are not spelled right without them."""


def normal_email(email: str, field: str = "email") -> str:
    """Return the form that addresses are stored and compared in. Raises InvalidInput for what is none; `field` is what
    the input calls it.
    """
    if len(email) > MAX_EMAIL:  # to read a long one takes long
        raise InvalidInput("This is not an email address.", path=(field,))
    try:
        return validate_email(email.strip(), check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        raise InvalidInput("This is not an email address.", path=(field,)) from None


def known_form(email: str) -> str:
    """Return the same; nothing for what is no address, and so nobody's."""
    try:
        return normal_email(email)
    except InvalidInput:
        return ""


def display_name(name: str, field: str = "displayName") -> str:
    """Return the name with single spaces. Raises InvalidInput for one that cannot be seen or is too long."""
    clean = " ".join(name.split())
    visible = clean.translate(JOINERS)
    if not visible or len(clean) > MAX_DISPLAY_NAME or not visible.isprintable():
        raise InvalidInput(f"A name has 1 to {MAX_DISPLAY_NAME} visible characters.", path=(field,))
    return clean
