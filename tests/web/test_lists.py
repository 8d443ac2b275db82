"""`/privacy/lists`: what the policy calls public can be read without GraphQL."""

from html import unescape

from app.core.retention import RETENTION_RULES
from app.core.security_register import SECURITY_REGISTER
from tests.fakes.server import RunningServer

IDS = ("recipients", "time-limits", "measures")


async def test_every_entry_of_the_public_lists_is_on_a_page(server: RunningServer) -> None:
    answer = await server.client.get("/privacy/lists")
    shown = unescape(answer.text)
    asked = await server.data("{ processors { operator purpose } }")

    assert "set-cookie" not in answer.headers
    assert asked["processors"]
    for processor in asked["processors"]:
        assert f"<h3>{processor['operator']}</h3>".lower() in shown.lower()
        assert processor["purpose"] in shown
    assert all(rule.begins in shown for rule in RETENTION_RULES.values())
    assert all(measure.statement in shown for measure in SECURITY_REGISTER)
    policy = (await server.client.get("/privacy")).text
    assert all(f'href="/privacy/lists#{id}"' in policy and f'id="{id}"' in shown for id in IDS)
