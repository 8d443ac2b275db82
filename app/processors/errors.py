"""What the gate refuses."""

from app.core.errors import AppError


class DisclosureRefused(AppError):
    """The register does not allow what was about to leave; nothing left."""

    code = "DISCLOSURE_REFUSED"
