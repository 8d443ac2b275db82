"""P17, P18, P23: how people and what they entrust to us are protected."""

from app.policy.activities import Source
from app.policy.clause import Clause

PROTECTION = (
    Clause(
        id="P17.1",
        title="Measures with checks",
        given="Technical and organisational measures, and no guarantee.",
        interpretation="A measure is in the public register with the tests that show it, or it is none.",
        source=Source.TEXT,
        sentences=(
            "Our measures are public, each with the tests that show it.",
            "Still no system is completely secure, and we cannot promise that ours is.",
        ),
        kept_by=("app.core.security_register:SECURITY_REGISTER",),
        checks=("tests/architecture/test_security_register.py::test_every_check_of_the_register_is_a_test",),
    ),
    Clause(
        id="P17.2",
        title="Secrets at rest",
        given="Nothing.",
        interpretation="Passwords by a memory-hard function, tokens as hashes.",
        source=Source.DECISION,
        sentences=("Passwords are kept as argon2id, tokens as hashes, and neither can be read back.",),
        kept_by=("app.accounts.passwords:hash_password", "app.accounts.tokens:hash_token"),
        checks=("tests/accounts/test_accounts.py::test_neither_a_token_nor_a_password_is_in_the_database",),
    ),
    Clause(
        id="P17.3",
        title="Step-up",
        given="Nothing.",
        interpretation="A proof that is at most ten minutes old.",
        source=Source.DECISION,
        sentences=("What changes who gets into your account asks for a fresh proof that it is you.",),
        kept_by=("app.accounts.step_up:require_fresh",),
        checks=(
            "tests/accounts/test_addresses.py::test_a_stale_session_proves_itself_before_it_changes_the_address",
            "tests/accounts/test_api_keys.py::test_making_one_needs_a_fresh_proof",
        ),
    ),
    Clause(
        id="P17.4",
        title="A log that cannot be changed in silence",
        given="Nothing.",
        interpretation="Entries are sealed into a hash chain that names the first one that was changed.",
        source=Source.DECISION,
        sentences=(
            "Sign-ins, changes of access and looks by staff are written into a log that is sealed every few minutes: from then on a change of it shows.",
        ),
        kept_by=("app.audit.service:record", "app.audit.chain:seal", "app.audit.verification:verify"),
        checks=(
            "tests/audit/test_audit.py::test_a_person_sees_what_happened_to_their_account_and_nobody_elses",
            "tests/audit/test_chain.py::test_an_entry_that_was_changed_is_named",
            "tests/audit/test_chain.py::test_an_entry_that_was_removed_is_named",
        ),
    ),
    Clause(
        id="P18",
        title="What people do themselves",
        given="Users are responsible for several things; the list of them was lost.",
        interpretation="Keeping credentials; the service refuses bad ones and shows what is open.",
        source=Source.DECISION,
        sentences=(
            "You are responsible for keeping your password and your devices to yourself.",
            "We help you: passwords that are easily guessed or were stolen from others are refused, a second factor protects your account, and you see and end your sessions.",
        ),
        kept_by=(
            "app.accounts.passwords:check_strength",
            "app.accounts.sessions:own_sessions",
            "app.accounts.sessions:revoke",
        ),
        checks=(
            "tests/accounts/test_passwords.py::test_a_password_that_was_stolen_from_others_opens_no_account",
            "tests/accounts/test_second_factors.py::test_the_password_alone_opens_no_session_and_a_code_does",
            "tests/accounts/test_sessions.py::test_revoking_ends_that_session_and_is_on_record",
        ),
    ),
    Clause(
        id="P23.1",
        title="Adults only",
        given="The service is not for people under 18.",
        interpretation="Everybody says so before they get an account, of a version of the policy; no age is guessed.",
        source=Source.TEXT,
        sentences=(
            "The service is for people of 18 years and older.",
            "Nobody gets an account without saying that they are, of the version of this policy that was in force.",
        ),
        kept_by=("app.accounts.attestation:check_attested",),
        checks=(
            "tests/accounts/test_accounts.py::test_what_is_wrong_with_an_account_is_named_and_nothing_is_made",
            "tests/accounts/identities/test_joining.py::test_a_stranger_attests_to_be_an_adult_before_there_is_an_account",
        ),
    ),
    Clause(
        id="P23.2",
        title="A child's data goes",
        given="Data of a child is deleted promptly once that is known.",
        interpretation="Frozen at once, gone within 72 hours.",
        source=Source.TEXT,
        sentences=(
            "Where an account turns out to be that of somebody younger, it is frozen: within five seconds nobody can use it, and nobody but our own staff is given anything of it any more, by links and connections from before neither.",
            "We write to its confirmed address how to tell us that we are wrong; whoever is right gets everything back, but for what was still being made and what has expired meanwhile.",
            "Otherwise everything under that person's account and confirmed address is deleted from the service within 72 hours of the freeze, with what others made from their images; what stays are records under a random name that leads to nobody.",
        ),
        kept_by=(
            "app.minors.service:flag",
            "app.minors.service:lift",
            "app.minors.purge:purge_due",
            "app.privacy.erasure:Eraser",
        ),
        checks=(
            "tests/minors/test_freeze.py::test_a_flag_freezes_every_surface_and_an_appeal_loses_nothing",
            "tests/minors/test_purge.py::test_within_72_hours_nothing_of_a_child_is_left",
            "tests/privacy/test_erasure.py::test_nothing_leads_to_whoever_was_erased_and_nobody_else_is_touched",
            "tests/privacy/test_erasure.py::test_a_holder_that_left_the_registry_is_missed_and_the_account_stays",
        ),
    ),
)
