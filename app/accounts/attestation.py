"""What everybody says before they get an account: that they are 18 or older, and have read the policy in force."""

from app.accounts.errors import AdultsOnly, OtherPolicyVersion
from app.core.ports import Clock
from app.policy.queries import in_force
from app.policy.texts import Document, DocumentKind


async def check_attested(adult: bool, policy_version: str, clock: Clock) -> Document:
    """Return the policy that was attested: one statement. Raises AdultsOnly (policy, P23) or OtherPolicyVersion.

    It is asked for each time, and not kept in the process: hashing a password costs a hundred times as much, and a
    version takes effect in every process at its moment.
    """
    if not adult:
        raise AdultsOnly("AnyPeople is for adults: confirm that you are 18 or older.", path=("adult",))
    current = (await in_force(DocumentKind.PRIVACY, clock.now())).document
    if policy_version != current.version:
        raise OtherPolicyVersion(
            f"The privacy policy in force is version {current.version}: show it, then send that version.",
            path=("policyVersion",),
        )
    return current
