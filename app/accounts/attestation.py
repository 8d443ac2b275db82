"""What everybody says before they get an account: that they are 18 or older, of a version of the policy."""

from app.accounts.errors import AdultsOnly, OtherPolicyVersion

POLICY_VERSION = "2026-03-24"
"""The version of the privacy policy that is in force."""


def check_attested(adult: bool, policy_version: str) -> None:
    """Raise AdultsOnly (policy, P23) or OtherPolicyVersion."""
    if not adult:
        raise AdultsOnly("AnyPeople is for adults: confirm that you are 18 or older.", path=("adult",))
    if policy_version != POLICY_VERSION:
        raise OtherPolicyVersion(
            f"The privacy policy in force is version {POLICY_VERSION}: show it, then send that version.",
            path=("policyVersion",),
        )
