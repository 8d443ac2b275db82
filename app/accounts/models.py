"""People and the sessions that they are signed in with."""

from tortoise import fields
from tortoise.fields.db_defaults import Now
from tortoise.indexes import Index
from tortoise.models import Model

from app.core.ids import uuid7


class User(Model):
    """A person with an account.

    `email` is the address that they say is theirs; several accounts may say so. `confirmed_email` is the one that they
    showed to be theirs, and that they sign in with. Who signs in with Google or GitHub needs no password.
    """

    id = fields.UUIDField(primary_key=True, default=uuid7)
    email = fields.CharField(254)
    confirmed_email = fields.CharField(254, unique=True, null=True)
    password_hash = fields.CharField(255, null=True)
    display_name = fields.CharField(60)
    role = fields.CharField(16, db_default="USER")
    status = fields.CharField(16, db_default="ACTIVE")
    status_before_erasure = fields.CharField(16, null=True)
    """What the status would be if the person had not asked for the erasure; else empty."""
    adult_attested_at = fields.DatetimeField()
    policy_version = fields.CharField(32)
    created_at = fields.DatetimeField()

    class Meta:
        table = "users"


class Session(Model):
    """A signed-in device. Only a hash of its token is kept.

    A browser's is replaced at `rotate_at`, which an app's does not have. `previous_hash` is that of the token before;
    it is good until `previous_until`, which is not set before its successor was seen.
    """

    id = fields.UUIDField(primary_key=True, default=uuid7)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name=False, on_delete=fields.CASCADE, db_index=True
    )
    token_hash = fields.CharField(64, unique=True)
    created_at = fields.DatetimeField()
    authenticated_at = fields.DatetimeField(db_default=Now())
    last_used_at = fields.DatetimeField(db_default=Now())
    device = fields.CharField(64, null=True)
    network = fields.CharField(64, null=True)
    expires_at = fields.DatetimeField(db_index=True)
    rotate_at = fields.DatetimeField(null=True)
    previous_hash = fields.CharField(64, null=True)
    previous_until = fields.DatetimeField(null=True)

    class Meta:
        table = "sessions"
        indexes = (Index(fields=("previous_hash",)),)


class ApiKey(Model):
    """What a front end of somebody else's comes with. Only a hash of its secret is kept, and its last characters.

    `scopes` and `origins` are separated by spaces, as in RFC 6749, section 3.3.
    """

    id = fields.UUIDField(primary_key=True, default=uuid7)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name=False, on_delete=fields.CASCADE, db_index=True
    )
    name = fields.CharField(60)
    token_hash = fields.CharField(64, unique=True)
    last_four = fields.CharField(4)
    scopes = fields.CharField(255)
    origins = fields.TextField()
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField(db_index=True)
    last_used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "api_keys"


class Totp(Model):
    """An authenticator app. `secret` is sealed for the person; `last_step` is the last code's, which counts once."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    user: fields.OneToOneRelation[User] = fields.OneToOneField(
        "models.User", related_name=False, on_delete=fields.CASCADE
    )
    secret = fields.BinaryField()
    last_step = fields.BigIntField(db_default=0)
    failures = fields.SmallIntField(db_default=0)
    failing_since = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()
    confirmed_at = fields.DatetimeField(null=True)
    last_used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "totps"


class Passkey(Model):
    """A passkey: what checks its signatures. The secret part never leaves the person's device."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name=False, on_delete=fields.CASCADE, db_index=True
    )
    credential_id = fields.BinaryField()
    public_key = fields.BinaryField()
    sign_count = fields.BigIntField()
    name = fields.CharField(60)
    created_at = fields.DatetimeField()
    last_used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "passkeys"
        indexes = (Index(fields=("credential_id",)),)


class PasskeyChallenge(Model):
    """What a passkey is to sign: once, soon, and for that person where one is signed in."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    user: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name=False, on_delete=fields.CASCADE, db_index=True, null=True
    )
    challenge = fields.BinaryField()
    expires_at = fields.DatetimeField(db_index=True)

    class Meta:
        table = "passkey_challenges"
        indexes = (Index(fields=("challenge",)),)


class RecoveryCode(Model):
    """A recovery code that was not used yet. Only a hash of it is kept."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name=False, on_delete=fields.CASCADE, db_index=True
    )
    code_hash = fields.CharField(64)

    class Meta:
        table = "recovery_codes"


class SignInChallenge(Model):
    """A sign-in whose password was right and whose second factor is awaited. Only a hash of its token is kept."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name=False, on_delete=fields.CASCADE, db_index=True
    )
    token_hash = fields.CharField(64, unique=True)
    tries_left = fields.SmallIntField()
    expires_at = fields.DatetimeField(db_index=True)

    class Meta:
        table = "sign_in_challenges"


class AccountRecovery(Model):
    """A waiting time at whose end the person's second factors are removed. The link that ends it is made of the id."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    user: fields.OneToOneRelation[User] = fields.OneToOneField(
        "models.User", related_name=False, on_delete=fields.CASCADE
    )
    created_at = fields.DatetimeField()
    ends_at = fields.DatetimeField()

    class Meta:
        table = "account_recoveries"


class Ticket(Model):
    """What a one-time link is good for. Its token is a signature of the id: no secret is stored."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name=False, on_delete=fields.CASCADE, db_index=True
    )
    purpose = fields.CharField(32)
    address = fields.CharField(254)
    expires_at = fields.DatetimeField(db_index=True)

    class Meta:
        table = "tickets"


class Identity(Model):
    """An account at Google or GitHub that opens an account here. `subject` is a hash of what it is called there."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name=False, on_delete=fields.CASCADE
    )
    provider = fields.CharField(16)
    subject = fields.CharField(64)
    created_at = fields.DatetimeField()
    last_used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "identities"
        unique_together = (("provider", "subject"), ("user_id", "provider"))


class ProviderQuestion(Model):
    """A browser was sent to a provider and did not come back yet: each answer counts once."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    expires_at = fields.DatetimeField(db_index=True)

    class Meta:
        table = "provider_questions"


class AppClient(Model):
    """An app that staff registered. `redirects` and `scopes` are separated by spaces."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    name = fields.CharField(60)
    redirects = fields.TextField()
    scopes = fields.CharField(255)
    created_at = fields.DatetimeField()

    class Meta:
        table = "app_clients"


class AppGrant(Model):
    """That a person let an app in. It is deleted when they, the app or a stolen token end it."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name=False, on_delete=fields.CASCADE, db_index=True
    )
    client: fields.ForeignKeyRelation[AppClient] = fields.ForeignKeyField(
        "models.AppClient", related_name=False, on_delete=fields.CASCADE, db_index=True
    )
    scopes = fields.CharField(255)
    redirect = fields.TextField()
    challenge = fields.CharField(43)
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField(db_index=True)

    class Meta:
        table = "app_grants"


class AppToken(Model):
    """A code, an access token or a refresh token of a grant, hashed. What was spent stays, so that reuse is seen."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    grant: fields.ForeignKeyRelation[AppGrant] = fields.ForeignKeyField(
        "models.AppGrant", related_name=False, on_delete=fields.CASCADE, db_index=True
    )
    kind = fields.CharField(8)
    token_hash = fields.CharField(64, unique=True)
    scopes = fields.CharField(255)
    expires_at = fields.DatetimeField(db_index=True)
    spent_at = fields.DatetimeField(null=True)

    class Meta:
        table = "app_tokens"
