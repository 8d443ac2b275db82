"""Mutations of the clauses on protection and children."""

from app.core.security_register import SECURITY_REGISTER, Measure
from tests.policy.mutations.mutation import Mutation
from tests.policy.mutations.replacements import always, always_later, nothing, nothing_later

PROTECTION = (
    Mutation(
        "P17.1",
        "app.core.security_register:SECURITY_REGISTER",
        (*SECURITY_REGISTER, Measure("hope", "It will be fine.", ("tests/hope.py::test_it_is_fine",))),
        "tests/architecture/test_security_register.py::test_every_check_of_the_register_is_a_test",
    ),
    Mutation(
        "P17.2",
        "app.accounts.tokens:hash_token",
        lambda token: token,
        "tests/accounts/test_accounts.py::test_neither_a_token_nor_a_password_is_in_the_database",
    ),
    Mutation(
        "P17.3",
        "app.accounts.step_up:require_fresh",
        nothing_later,
        "tests/accounts/test_api_keys.py::test_making_one_needs_a_fresh_proof",
    ),
    Mutation(
        "P17.4",
        "app.audit.chain:link",
        always("the same for all"),
        "tests/audit/test_chain.py::test_an_entry_that_was_changed_is_named",
    ),
    Mutation(
        "P18",
        "app.accounts.leaked_passwords:is_leaked",
        always(False),
        "tests/accounts/test_passwords.py::test_a_password_that_was_stolen_from_others_opens_no_account",
    ),
    Mutation(
        "P18",
        "app.accounts.sessions:revoke",
        nothing_later,
        "tests/accounts/test_sessions.py::test_revoking_ends_that_session_and_is_on_record",
    ),
    Mutation(
        "P23.1",
        "app.accounts.attestation:check_attested",
        nothing,
        "tests/accounts/test_accounts.py::test_what_is_wrong_with_an_account_is_named_and_nothing_is_made",
    ),
    Mutation(
        "P23.2",
        "app.generation.freezing:freeze",
        always_later([]),
        "tests/minors/test_freeze.py::test_a_flag_freezes_every_surface_and_an_appeal_loses_nothing",
    ),
    Mutation(
        "P23.2",
        "app.core.purposes:reachable",
        always("TRUE"),
        "tests/minors/test_freeze.py::test_a_flag_freezes_every_surface_and_an_appeal_loses_nothing",
    ),
    Mutation(
        "P23.2",
        "app.generation.freezing:thaw",
        always_later([]),
        "tests/minors/test_freeze.py::test_a_flag_freezes_every_surface_and_an_appeal_loses_nothing",
    ),
    Mutation(
        "P23.2",
        "app.generation.freezing:delete_made_from",
        always_later(0),
        "tests/minors/test_purge.py::test_within_72_hours_nothing_of_a_child_is_left",
    ),
    Mutation(
        "P23.2",
        "app.media.erasing:erase_pictures",
        always_later(0),
        "tests/privacy/test_erasure.py::test_nothing_leads_to_whoever_was_erased_and_nobody_else_is_touched",
    ),
    Mutation(
        "P23.2",
        "app.privacy.residue:residue",
        always_later({}),
        "tests/privacy/test_erasure.py::test_a_holder_that_left_the_registry_is_missed_and_the_account_stays",
    ),
)
