"""Apps that may ask people to let them in."""

from tests.schema.access.case import AUDITED, Case

CASES = (
    Case(
        "Query",
        "clients",
        lambda world, _: {"nodes": [{"id": world.client}]},
        lambda *_: {"first": 1},
    ),
    Case(
        "Mutation",
        "registerClient",
        lambda *_: {"client": {"name": "Studio", "scopes": ["PROFILE"]}, "errors": []},
        lambda _, who: {
            "input": {
                "name": "Studio",
                "redirects": ["https://app.example/back"],
                "scopes": ["PROFILE"],
                "idempotencyKey": f"client of {who}",
            }
        },
        changes=AUDITED | {"app_clients", "idempotency_keys"},
    ),
    Case(
        "Mutation",
        "removeClient",
        lambda world, _: {"removedId": world.client, "errors": []},
        lambda world, who: {"input": {"id": world.client, "idempotencyKey": f"gone for {who}"}},
        changes=AUDITED | {"app_clients", "app_grants", "app_tokens", "idempotency_keys"},
    ),
)
