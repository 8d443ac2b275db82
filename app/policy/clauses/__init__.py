"""The clause register: what the policy promises, clause by clause, with what keeps each one."""

from collections.abc import Sequence

from app.policy.clause import Clause, in_order
from app.policy.clauses.collection import COLLECTION
from app.policy.clauses.cookies import COOKIES
from app.policy.clauses.deletion import DELETION
from app.policy.clauses.documents import DOCUMENTS
from app.policy.clauses.protection import PROTECTION
from app.policy.clauses.purposes import PURPOSES
from app.policy.clauses.requests import REQUESTS
from app.policy.clauses.sharing import SHARING
from app.policy.clauses.training import TRAINING

CLAUSES: Sequence[Clause] = in_order(
    DOCUMENTS, COLLECTION, COOKIES, PURPOSES, TRAINING, SHARING, DELETION, REQUESTS, PROTECTION
)
