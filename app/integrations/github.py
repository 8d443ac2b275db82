"""GitHub: OAuth 2 with PKCE, and two questions to its API, for the user and for their addresses."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.core.ports import Departure, ProvenIdentity, ProviderMistrusted
from app.integrations.oauth import Client, code_in, exchanged, read_json, subject_of

SCOPE = "read:user user:email"
HEADERS = {"accept": "application/vnd.github+json", "x-github-api-version": "2022-11-28", "user-agent": "anypeople"}


@dataclass(frozen=True, slots=True)
class GitHub:
    """github.com, or a GitHub Enterprise Server."""

    processor: str
    url: str
    api_url: str
    client: Client

    @property
    def leads_to(self) -> str:
        """GitHub's origin."""
        return self.url.rstrip("/")

    async def depart(self, *, anew: bool) -> Departure:
        """Return where to send a browser. GitHub has nobody prove themselves anew, and does not say when they did."""
        async with self.client.connected(SCOPE, "client_secret_post") as asking:
            return self.client.departure(asking, f"{self.leads_to}/login/oauth/authorize", anew=anew)

    async def arrive(self, answer: Mapping[str, str], departure: Departure) -> ProvenIdentity:
        """Return who came back. Raises ProviderAway, ProviderDenied, ProviderMistrusted."""
        code, api = code_in(answer, departure), self.api_url.rstrip("/")
        async with self.client.connected(SCOPE, "client_secret_post") as asking:
            await exchanged(asking, f"{self.leads_to}/login/oauth/access_token", code, departure.verifier)
            user = await read_json(asking, f"{api}/user", signed=True, **HEADERS)
            addresses = await read_json(asking, f"{api}/user/emails", signed=True, **HEADERS)
        if not isinstance(user, dict) or isinstance(user.get("id"), bool) or not isinstance(user.get("id"), int):
            raise ProviderMistrusted("no user")
        picture = user.get("avatar_url")
        return ProvenIdentity(
            subject=subject_of(self.leads_to, str(user["id"])),
            email=_verified(addresses),
            name=str(user.get("name") or user.get("login") or ""),
            picture=picture if isinstance(picture, str) and picture else None,
            proved_at=None,
        )


def _verified(addresses: object) -> str | None:
    """Return the primary address where it is verified: a login may be renamed and given to somebody else."""
    for entry in addresses if isinstance(addresses, list) else []:
        if isinstance(entry, dict) and entry.get("primary") is True and entry.get("verified") is True:
            return entry["email"] if isinstance(entry.get("email"), str) else None
    return None
