"""The cookie register, for everybody."""

import strawberry

from app.policy.cookies import CookieKind, DeclaredCookie, SameSite
from schema.consents.enums import ConsentPurpose
from schema.context import Info
from schema.directives import ListSize

strawberry.enum(CookieKind, description="What a cookie is for. All but the strictly necessary ones need a consent.")
strawberry.enum(SameSite, description="With which requests of other sites a browser sends a cookie (RFC 6265bis).")


@strawberry.type(description="A cookie that this service sets, of this host alone. There are no others.")
class Cookie:
    """`app.policy.cookies.DeclaredCookie`."""

    name: str = strawberry.field(description="As it is sent, with its prefix.")
    purpose: str = strawberry.field(description="What for, in words.")
    kind: CookieKind = strawberry.field(description="What for, for programs.")
    lifetime_seconds: int = strawberry.field(description="How long it is kept at most; a use may begin that anew.")
    http_only: bool = strawberry.field(description="Whether scripts cannot read it.")
    same_site: SameSite = strawberry.field(description="Whether other sites' links come with it.")
    secure: bool = strawberry.field(description="Whether it is sent over https only.")
    consent: ConsentPurpose | None = strawberry.field(
        description="The consent without which it is never set; null: it is strictly necessary."
    )

    @classmethod
    def from_declared(cls, cookie: DeclaredCookie) -> "Cookie":
        """Build from an entry of the register."""
        return cls(
            name=cookie.full_name,
            purpose=cookie.purpose,
            kind=cookie.kind,
            lifetime_seconds=int(cookie.lifetime.total_seconds()),
            http_only=cookie.http_only,
            same_site=cookie.same_site,
            secure=cookie.secure,
            consent=cookie.consent,
        )


@strawberry.type
class CookieQueries:
    """Part of Query."""

    @strawberry.field(
        description="Every cookie that this service sets, and what for.", directives=[ListSize(assumed_size=10)]
    )
    def cookies(self, info: Info) -> list[Cookie]:
        """No statement: the register is code."""
        return [Cookie.from_declared(cookie) for cookie in info.context.ports.cookies]
