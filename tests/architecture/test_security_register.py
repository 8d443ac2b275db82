"""Every check that the security register names exists."""

from app.core.security_register import SECURITY_REGISTER
from tests.architecture.checks.evidence import unfounded

HERE = "tests/architecture/test_security_register.py"


def test_every_check_of_the_register_is_a_test() -> None:
    assert unfounded(check for measure in SECURITY_REGISTER for check in measure.checks) == []
    assert len({measure.name for measure in SECURITY_REGISTER}) == len(SECURITY_REGISTER) > 10


def test_a_check_that_is_none_is_named() -> None:
    wrong = [f"{HERE}::test_that_was_renamed", f"{HERE}::HERE", "tests/gone.py::test_a", "README.md::test_a", HERE]

    assert unfounded([*wrong, f"{HERE}::test_a_check_that_is_none_is_named"]) == wrong
