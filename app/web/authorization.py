"""`/oauth/token`, `/oauth/revoke`, discovery and our public keys: what apps call (RFC 6749, 7009, 8414, 7517)."""

from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.accounts import grants
from app.accounts.clients import Client, client_of, scopes_of
from app.accounts.grants import Issued, OAuthError
from app.core.signing import Signer
from app.core.viewer import Scope
from app.web.pages.rendering import MAX_FORM_BYTES, MAX_FORM_FIELDS

FORM = "application/x-www-form-urlencoded"
KEYS = "/.well-known/jwks.json"
OPEN_TO_ALL_ORIGINS = frozenset({"/oauth/token", "/oauth/revoke", "/.well-known/oauth-authorization-server", KEYS})
KEPT = {"cache-control": "public, max-age=3600"}
METADATA = "oauth-metadata+jwt"
"""What the signature of the description is for."""
NOT_KEPT = {"cache-control": "no-store", "pragma": "no-cache"}


def authorization_routes(issuer: str, signer: Signer) -> list[Route]:
    """Return what apps call; `issuer` is our address. What it says of itself is signed (RFC 8414, section 2.1)."""
    described = {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/oauth/authorize",
        "token_endpoint": f"{issuer}/oauth/token",
        "revocation_endpoint": f"{issuer}/oauth/revoke",
        "scopes_supported": [scope.value for scope in Scope],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "token_endpoint_auth_methods_supported": ["none"],
        "revocation_endpoint_auth_methods_supported": ["none"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True,
        "jwks_uri": f"{issuer}{KEYS}",
    }
    signed = {**described, "signed_metadata": signer.sign({"iss": issuer, **described}, METADATA)}

    async def discovery(_request: Request) -> Response:
        return JSONResponse(signed, headers=KEPT)

    async def keys(_request: Request) -> Response:
        return JSONResponse(signer.published(), headers=KEPT, media_type="application/jwk-set+json")

    return [
        Route("/.well-known/oauth-authorization-server", discovery),
        Route(KEYS, keys),
        Route("/oauth/token", _token, methods=["POST"]),
        Route("/oauth/revoke", _revoke, methods=["POST"]),
    ]


async def _token(request: Request) -> Response:
    try:
        form = await _form(request)
        issued = await _issue(form)
    except OAuthError as error:
        return _refused(error)
    answer = {
        "access_token": issued.access,
        "token_type": "Bearer",
        "expires_in": int(grants.ACCESS_LIFETIME.total_seconds()),
        "refresh_token": issued.refresh,
        "scope": " ".join(sorted(issued.scopes)),
    }
    return JSONResponse(answer, headers=NOT_KEPT)


async def _issue(form: Mapping[str, str]) -> Issued:
    grant_type = _required(form, "grant_type")
    if grant_type == "authorization_code":
        client = await _client(form)
        fields = (_required(form, name) for name in ("code", "redirect_uri", "code_verifier"))
        return await grants.exchange(client, *fields)
    if grant_type == "refresh_token":
        client, token, asked = await _client(form), _required(form, "refresh_token"), form.get("scope")
        scopes = scopes_of(asked) if asked else None
        if asked and len(scopes or ()) != len(set(asked.split())):
            raise OAuthError("invalid_scope", "There is no such scope: see `scopes_supported`.")
        return await grants.refresh(client, token, scopes)
    raise OAuthError("unsupported_grant_type", "There are authorization_code and refresh_token.")


async def _revoke(request: Request) -> Response:
    try:
        form = await _form(request)
        client = await _client(form)
        await grants.give_back(client, _required(form, "token"))
    except OAuthError as error:
        return _refused(error)
    return Response(status_code=200, headers=NOT_KEPT)


async def _client(form: Mapping[str, str]) -> Client:
    client = await client_of(_required(form, "client_id"))
    if client is None:
        raise OAuthError("invalid_client", "No such app is registered: write to us to register one.")
    return client


async def _form(request: Request) -> Mapping[str, str]:
    """Return the fields of a form. Raises OAuthError, also for a field that is there twice (section 3.2)."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise OAuthError("invalid_request", f"Send the parameters as `{FORM}`.")
    content = b""
    async for chunk in request.stream():
        content += chunk
        if len(content) > MAX_FORM_BYTES:
            raise OAuthError("invalid_request", "The request is too large.")
    try:
        fields = parse_qsl(content.decode(), max_num_fields=MAX_FORM_FIELDS)
    except ValueError:
        raise OAuthError("invalid_request", "The parameters cannot be read.") from None
    form = dict(fields)
    if len(form) != len(fields):
        raise OAuthError("invalid_request", "Send each parameter once.")
    return form


def _required(form: Mapping[str, str], name: str) -> str:
    if not form.get(name):
        raise OAuthError("invalid_request", f"`{name}` is missing.")
    return form[name]


def _refused(error: OAuthError) -> Response:
    answer = {"error": error.error, "error_description": error.message}
    return JSONResponse(answer, 401 if error.error == "invalid_client" else 400, headers=NOT_KEPT)
