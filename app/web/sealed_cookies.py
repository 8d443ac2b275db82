"""What a browser keeps for us between two pages and can neither read nor change."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from starlette.requests import Request

from app.core.ports import Clock
from app.core.sealing import Sealer
from app.web.cookies import Cookie

UNTIL = "until"


@dataclass(frozen=True, slots=True)
class SealedCookie:
    """A cookie whose value is encrypted (AES-256-GCM), bound to the cookie's name, and good until it ends."""

    cookie: Cookie
    sealer: Sealer
    clock: Clock

    def keep(self, request: Request, content: Mapping[str, object]) -> None:
        """Have the browser keep it, with the answer to this request."""
        until = int((self.clock.now() + self.cookie.declared.lifetime).timestamp())
        sealed = self.sealer.seal(orjson.dumps({**content, UNTIL: until}), self._owner)
        self.cookie.keep(request, urlsafe_b64encode(sealed).decode().rstrip("="))

    def read(self, request: Request) -> Mapping[str, Any] | None:
        """Return what the browser kept; None for nothing, for what is not ours, and for what is over."""
        value = self.cookie.read(request)
        try:
            opened = self.sealer.open(urlsafe_b64decode(value + "=" * (-len(value) % 4)), self._owner)
        except (InvalidTag, ValueError, binascii.Error):
            return None
        content: Mapping[str, Any] = orjson.loads(opened)
        return content if content[UNTIL] > self.clock.now().timestamp() else None

    def forget(self, request: Request) -> None:
        """Have the browser forget it."""
        self.cookie.forget(request)

    @property
    def _owner(self) -> bytes:
        return self.cookie.declared.name.encode()
