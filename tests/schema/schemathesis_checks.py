"""What Schemathesis looks for in our answers. It loads this file by itself (`SCHEMATHESIS_HOOKS`)."""

from typing import Any

import schemathesis

UNEXPECTED = {"INTERNAL_SERVER_ERROR", "THROTTLED", "UNAUTHENTICATED"}


@schemathesis.check
def answers_are_well_formed(_context: Any, response: Any, _case: Any) -> None:
    """Whatever is asked, the answer is GraphQL's, and each of its errors can be told apart by a program."""
    assert response.status_code in {200, 400}, f"status {response.status_code}"
    answer = response.json()
    assert set(answer) <= {"data", "errors", "extensions"}, f"keys {sorted(answer)}"
    assert "data" in answer or answer["errors"], "neither data nor errors"
    for error in answer.get("errors", ()):
        code = error.get("extensions", {}).get("code")
        assert error["message"], "an error without a message"
        assert isinstance(code, str), "an error without a code"
        assert code, "an error without a code"
        assert code not in UNEXPECTED, f"{code}: {error['message']}"
