"""What accounts holds about a person, here, in their browser and at those who sign them in."""

from app.core.personal_data import (
    NOT_PERSONAL,
    Activity,
    Category,
    Column,
    Holder,
    Keep,
    Medium,
    OnErasure,
    Retention,
    Store,
    Withheld,
)

_ACCOUNT = (Activity.ACCOUNT_MANAGEMENT,)
_SESSION = Column(Category.ACTIVITY, (Activity.ACCOUNT_MANAGEMENT, Activity.FRAUD_PREVENTION), Retention.SESSION)
_SECRET = Column(Category.CREDENTIAL, _ACCOUNT, withheld=Withheld.CREDENTIAL)
_FOUND = (Activity.ACCOUNT_MANAGEMENT, Activity.FRAUD_PREVENTION, Activity.LEGAL_COMPLIANCE)
"""Whoever moderates or answers a request has to find the account that it is about."""
_IDENTITY = Column(Category.IDENTITY, _FOUND)
_CONTACT = Column(Category.CONTACT, (*_FOUND, Activity.MARKETING))
_SHOWN = Column(Category.IDENTITY, (*_FOUND, Activity.IMAGE_GENERATION))
"""What stands beside pictures that somebody publishes."""
_ATTESTED = Column(Category.IDENTITY, (Activity.ACCOUNT_MANAGEMENT, Activity.LEGAL_COMPLIANCE))
_KEY = Column(Category.ACTIVITY, (Activity.ACCOUNT_MANAGEMENT, Activity.FRAUD_PREVENTION), Retention.KEY)
_FACTOR = Column(Category.ACTIVITY, (Activity.ACCOUNT_MANAGEMENT, Activity.FRAUD_PREVENTION))
_RECOVERY = Column(Category.ACTIVITY, _ACCOUNT, Retention.RECOVERY)
_CHALLENGE = Column(Category.CREDENTIAL, _ACCOUNT, Retention.CHALLENGE, withheld=Withheld.CREDENTIAL)
_APP = Column(Category.ACTIVITY, (Activity.ACCOUNT_MANAGEMENT, Activity.FRAUD_PREVENTION), Retention.CONNECTION)
_LINK = Column(Category.CONTACT, _ACCOUNT, Retention.LINK, withheld=Withheld.CREDENTIAL)

HOLDERS = (
    Holder(
        "users",
        "id",
        {
            "id": _IDENTITY,
            "email": _CONTACT,
            "confirmed_email": _CONTACT,
            "password_hash": _SECRET,
            "display_name": _SHOWN,
            "role": _IDENTITY,
            "status": _IDENTITY,
            "status_before_erasure": _IDENTITY,
            "adult_attested_at": _ATTESTED,
            "policy_version": _ATTESTED,
            "created_at": _IDENTITY,
        },
    ),
    Holder(
        "sessions",
        "user_id",
        {
            "id": NOT_PERSONAL,
            "user_id": _SESSION,
            "token_hash": Column(Category.CREDENTIAL, _ACCOUNT, Retention.SESSION, withheld=Withheld.CREDENTIAL),
            "created_at": _SESSION,
            "authenticated_at": _SESSION,
            "last_used_at": _SESSION,
            "device": _SESSION,
            "network": _SESSION,
            "expires_at": _SESSION,
            "rotate_at": _SESSION,
            "previous_hash": Column(Category.CREDENTIAL, _ACCOUNT, Retention.SESSION, withheld=Withheld.CREDENTIAL),
            "previous_until": _SESSION,
        },
    ),
    Holder(
        "api_keys",
        "user_id",
        {
            "id": NOT_PERSONAL,
            "user_id": _KEY,
            "name": _KEY,
            "token_hash": Column(Category.CREDENTIAL, _ACCOUNT, Retention.KEY, withheld=Withheld.CREDENTIAL),
            "last_four": _KEY,
            "scopes": _KEY,
            "origins": _KEY,
            "created_at": _KEY,
            "expires_at": _KEY,
            "last_used_at": _KEY,
        },
    ),
    Holder(
        "totps",
        "user_id",
        {
            "id": NOT_PERSONAL,
            "user_id": _FACTOR,
            "secret": _SECRET,
            "last_step": _SECRET,
            "failures": _FACTOR,
            "failing_since": _FACTOR,
            "created_at": _FACTOR,
            "confirmed_at": _FACTOR,
            "last_used_at": _FACTOR,
        },
    ),
    Holder(
        "passkeys",
        "user_id",
        {
            "id": NOT_PERSONAL,
            "user_id": _FACTOR,
            "credential_id": _FACTOR,
            "public_key": _SECRET,
            "sign_count": _SECRET,
            "name": _FACTOR,
            "created_at": _FACTOR,
            "last_used_at": _FACTOR,
        },
    ),
    Holder(
        "passkey_challenges",
        "user_id",
        {"id": NOT_PERSONAL, "user_id": _CHALLENGE, "challenge": _CHALLENGE, "expires_at": _CHALLENGE},
    ),
    Holder("recovery_codes", "user_id", {"id": NOT_PERSONAL, "user_id": _SECRET, "code_hash": _SECRET}),
    Holder(
        "sign_in_challenges",
        "user_id",
        {
            "id": NOT_PERSONAL,
            "user_id": _CHALLENGE,
            "token_hash": _CHALLENGE,
            "tries_left": _CHALLENGE,
            "expires_at": _CHALLENGE,
        },
    ),
    Holder(
        "account_recoveries",
        "user_id",
        {"id": NOT_PERSONAL, "user_id": _RECOVERY, "created_at": _RECOVERY, "ends_at": _RECOVERY},
    ),
    Holder(
        "identities",
        "user_id",
        {
            "id": NOT_PERSONAL,
            "user_id": _IDENTITY,
            "provider": _IDENTITY,
            "subject": _IDENTITY,
            "created_at": _FACTOR,
            "last_used_at": _FACTOR,
        },
    ),
    Holder("provider_questions", None, dict.fromkeys(("id", "expires_at"), NOT_PERSONAL)),
    Holder(
        "app_clients",
        None,
        dict.fromkeys(("id", "name", "redirects", "scopes", "created_at"), NOT_PERSONAL),
    ),
    Holder(
        "app_grants",
        "user_id",
        {
            "id": NOT_PERSONAL,
            "user_id": _APP,
            "client_id": _APP,
            "scopes": _APP,
            "redirect": NOT_PERSONAL,
            "challenge": NOT_PERSONAL,
            "created_at": _APP,
            "expires_at": _APP,
        },
    ),
    Holder(
        "app_tokens",
        "grant_id -> app_grants.user_id",
        {
            "id": NOT_PERSONAL,
            "grant_id": _APP,
            "kind": _APP,
            "token_hash": Column(Category.CREDENTIAL, _ACCOUNT, Retention.CONNECTION, withheld=Withheld.CREDENTIAL),
            "scopes": _APP,
            "expires_at": _APP,
            "spent_at": _APP,
        },
    ),
    Holder(
        "tickets",
        "user_id",
        {
            "id": NOT_PERSONAL,
            "user_id": _LINK,
            "purpose": _LINK,
            "address": _LINK,
            "expires_at": _LINK,
        },
    ),
)

_COOKIE = Column(
    Category.CREDENTIAL,
    (Activity.ACCOUNT_MANAGEMENT, Activity.FRAUD_PREVENTION),
    Retention.BROWSER,
    withheld=Withheld.ELSEWHERE,
    on_erasure=OnErasure.EXPIRES,
)

STORES = (
    Store(
        "cookies of sign-in",
        Medium.BROWSER,
        ("session", "challenge", "browser"),
        "the session whose token it is",
        "The session's token, a sign-in that waits for its second factor, and a random value that our forms prove.",
        _COOKIE,
    ),
    Store(
        "cookies of sign-in with others",
        Medium.BROWSER,
        ("question", "arrival"),
        "who came back, sealed: the browser cannot read it",
        "For ten minutes: what a provider was asked, and whoever came back and has not decided yet.",
        Column(
            Category.IDENTITY,
            (Activity.ACCOUNT_MANAGEMENT,),
            Retention.CHALLENGE,
            withheld=Withheld.ELSEWHERE,
            on_erasure=OnErasure.EXPIRES,
        ),
    ),
    Store(
        "providers of sign-in",
        Medium.PROCESSOR,
        ("SIGN_IN",),
        "the person's account there",
        "That somebody signs in here.",
        Column(
            Category.IDENTITY,
            (Activity.ACCOUNT_MANAGEMENT,),
            Retention.PROCESSOR,
            withheld=Withheld.ELSEWHERE,
            on_erasure=OnErasure.KEEP,
            keep=Keep(
                "The account there is a matter between the person and the provider, who asked them itself.",
                "the person removes this service in their account there",
            ),
        ),
    ),
)
