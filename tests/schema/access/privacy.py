"""Privacy requests: whoever asks."""

from tests.schema.access.case import AUDITED, MAILED, Case, given, theirs

REQUESTED = AUDITED | MAILED | {"privacy_requests", "privacy_request_details", "feeds", "feed_entries"}

CASES = (
    Case(
        "Mutation",
        "submitPrivacyRequest",
        lambda *_: {"request": {"right": "OPT_OUT_OF_SALE", "status": "VERIFIED"}, "errors": []},
        given(right="OPT_OUT_OF_SALE", email="another@example.org", idempotencyKey="as asked"),
        changes=REQUESTED | {"idempotency_keys"},
    ),
    Case(
        "Mutation",
        "cancelPrivacyRequest",
        lambda world, who: theirs({"request": {"id": world.owner.request, "status": "CANCELED"}}, "NOT_FOUND", "id")(
            world, who
        ),
        lambda world, _: {"input": {"id": world.owner.request}},
        owner_changes=(AUDITED | MAILED | {"privacy_requests", "feeds", "feed_entries"}),
    ),
)
