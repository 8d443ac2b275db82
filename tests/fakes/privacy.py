"""An office that keeps requests."""

from zoneinfo import ZoneInfo

from app.core.clock import SystemClock
from app.privacy.office import Office

OFFICE = Office(SystemClock(), ZoneInfo("UTC"))
