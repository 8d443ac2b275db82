"""How long backups live, as whoever makes them says: nothing here can see them."""

from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class BackupSettings(BaseSettings):
    """What decides how long it has to be known whom a backup must not bring back."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", env_prefix="ANYPEOPLE_", frozen=True)

    backup_retention_days: Annotated[int, Field(ge=1, le=3660)] = 35
    """Days after which the last copy of a backup is deleted."""

    @property
    def kept(self) -> timedelta:
        """How long a backup may exist."""
        return timedelta(days=self.backup_retention_days)

    def expire_at(self, now: datetime) -> datetime:
        """Return when the last backup is gone that was made until now: what receipts of erasures say."""
        return now + self.kept
