"""What apps may do: every entry of the table, with every role and every scope."""

from itertools import chain, combinations
from uuid import uuid4

from app.core.viewer import STAFF, Role, Scope, Viewer
from schema.access import ACCESS, Ownership, allowed

SUBSETS = [
    frozenset(chosen) for chosen in chain.from_iterable(combinations(Scope, size) for size in range(len(Scope) + 1))
]


def viewer(role: Role, scopes: frozenset[Scope] | None) -> Viewer:
    return Viewer(uuid4(), uuid4(), role, scopes)


def test_an_app_gets_no_further_than_its_person_and_its_scopes() -> None:
    for (type_name, name), entry in ACCESS.items():
        for role in Role:
            person = allowed(type_name, name, viewer(role, None))
            assert person == (role in entry.roles), (type_name, name, role)
            for scopes in SUBSETS:
                app = allowed(type_name, name, viewer(role, scopes))
                assert app == (person and bool(scopes & entry.scopes)), (type_name, name, role, scopes)


def test_no_app_does_what_only_staff_or_only_the_person_may() -> None:
    everything = viewer(Role.ADMIN, frozenset(Scope))
    for field in [("Query", "users"), ("Query", "auditLog"), ("Mutation", "setUserRole"), ("Mutation", "signOut")]:
        assert allowed(*field, viewer(Role.ADMIN, None))
        assert not allowed(*field, everything)


def test_reading_and_writing_are_scopes_of_their_own() -> None:
    reader = viewer(Role.USER, frozenset({Scope.GENERATIONS_READ}))
    writer = viewer(Role.USER, frozenset({Scope.GENERATIONS_WRITE}))
    stranger = viewer(Role.USER, frozenset({Scope.PROFILE}))

    assert [allowed("User", "generations", each) for each in (reader, writer, stranger)] == [True, False, False]
    assert [allowed("Mutation", "createGeneration", each) for each in (reader, writer, stranger)] == [
        False,
        True,
        False,
    ]
    assert [allowed("Generation", "prompt", each) for each in (reader, writer, stranger)] == [True, True, False]
    assert [allowed("User", "email", each) for each in (reader, writer, stranger)] == [False, False, False]
    assert allowed("User", "email", viewer(Role.USER, frozenset({Scope.PROFILE_EMAIL})))


def test_what_staff_see_of_others_no_user_and_nobody_else_sees() -> None:
    entries = [entry for entry in ACCESS.values() if entry.ownership is Ownership.STAFF]

    assert entries
    for entry in entries:
        assert entry.roles <= STAFF
        assert not entry.anonymous
        assert not entry.scopes
