"""What is looked for in answers and pages, and how."""

import re
from html.parser import HTMLParser

import httpx

from app.policy.cookies import CookieRegister, DeclaredCookie

REL = {"noopener", "noreferrer"}


def undeclared(headers: httpx.Headers, register: CookieRegister) -> list[str]:
    """Return the cookies of an answer that are not in the register, or not as it says."""
    declared = {cookie.full_name: cookie for cookie in register}
    return [
        written
        for written in headers.get_list("set-cookie")
        if (cookie := declared.get(written.partition("=")[0])) is None or not _as_declared(cookie, written)
    ]


def _as_declared(cookie: DeclaredCookie, written: str) -> bool:
    attributes = {part.strip() for part in written.split(";")[1:]}
    ages = [int(found[1]) for part in attributes if (found := re.fullmatch(r"Max-Age=(\d+)", part))]
    wanted = {"Path=/", f"SameSite={cookie.same_site.title()}"}
    wanted |= ({"HttpOnly"} if cookie.http_only else set()) | ({"Secure"} if cookie.secure else set())
    rest = {part for part in attributes if not part.startswith("Max-Age=")}
    return rest == wanted and len(ages) == 1 and ages[0] <= cookie.lifetime.total_seconds()


class _Links(HTMLParser):
    """Notes what leads out of a page, and how."""

    def __init__(self, local: re.Pattern[str]) -> None:
        super().__init__()
        self.local = local
        self.loose: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        leads_to = given.get("href") if tag in {"a", "area"} else None
        if leads_to is not None and not self.local.match(leads_to) and not set((given.get("rel") or "").split()) >= REL:
            self.loose.append(leads_to)


def loose_links(html: str, local: str = r"/(?!/)|[#?]|mailto:|otpauth:") -> list[str]:
    """Return where a page leads to outside without `rel="noopener noreferrer"`; `local` matches what stays here."""
    links = _Links(re.compile(local))
    links.feed(html)
    return links.loose
