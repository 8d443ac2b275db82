"""What the documents say of whoever runs this."""

from app.core.backup_settings import BackupSettings
from app.core.config import Settings
from app.policy.wording import Facts

NO_ADDRESS = "whose address is not configured"
"""What a policy says in development; production needs one."""


def facts_of(settings: Settings) -> Facts:
    """Compose what stands for the placeholders of the documents."""
    said = settings.controller
    contact, service = settings.mail.contact_email, settings.policy.service_name
    days = BackupSettings().backup_retention_days
    return Facts(said.name, said.address or NO_ADDRESS, contact, service, days)
