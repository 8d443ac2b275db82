"""One way at least to break each clause that is kept: what is replaced, by what, and the test that should notice."""

from collections.abc import Sequence

from app.accounts.service import sign_up
from app.policy.queries import asked_again
from tests.policy.mutations.collection import COLLECTION
from tests.policy.mutations.cookies import COOKIES
from tests.policy.mutations.deletion import DELETION
from tests.policy.mutations.documents import DOCUMENTS
from tests.policy.mutations.mutation import Mutation
from tests.policy.mutations.protection import PROTECTION
from tests.policy.mutations.purposes import PURPOSES
from tests.policy.mutations.requests import REQUESTS
from tests.policy.mutations.sharing import SHARING
from tests.policy.mutations.training import TRAINING

CONTROLS = (
    Mutation(
        "nothing",
        "app.accounts.service:sign_up",
        sign_up,
        "tests/accounts/test_accounts.py::test_a_viewer_is_what_was_signed_up",
    ),
    Mutation(
        "nothing",
        "app.policy.queries:asked_again",
        asked_again,
        "tests/policy/test_queries.py::test_a_purpose_is_asked_again_since_the_last_version_that_says_so",
    ),
)
"""Nothing is broken: where these go red too, so does everything, and no red of the others says anything."""
MUTATIONS: Sequence[Mutation] = (
    *COLLECTION,
    *COOKIES,
    *DELETION,
    *DOCUMENTS,
    *PROTECTION,
    *PURPOSES,
    *REQUESTS,
    *SHARING,
    *TRAINING,
)

__all__ = ["CONTROLS", "MUTATIONS", "Mutation"]
