"""The security register: each measure that protects people's data, and the tests that show that it is in place.

`anypeople doctor` lists it; a test fails on a check that does not exist.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measure:
    """Something that we do, in words, and the tests (`file::name`) that would fail if we did not."""

    name: str
    statement: str
    checks: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.checks:
            raise ValueError(f"{self.name}: a measure without a check is a promise")


SECURITY_REGISTER = (
    Measure(
        "default deny",
        "A field is open to nobody until the access table says to whom.",
        (
            "tests/architecture/test_access.py::test_any_entry_that_is_missing_is_named",
            "tests/schema/test_access.py::test_each_viewer_gets_what_is_meant_for_them_and_a_denial_changes_nothing",
        ),
    ),
    Measure(
        "secrets at rest",
        "Passwords are kept as argon2id, tokens as hashes, links not at all.",
        (
            "tests/accounts/test_accounts.py::test_neither_a_token_nor_a_password_is_in_the_database",
            "tests/accounts/test_recovery.py::test_no_link_and_no_password_is_in_the_database",
        ),
    ),
    Measure(
        "no enumeration",
        "Neither answers nor their time tell whether an address has an account.",
        (
            "tests/accounts/test_recovery.py::test_asking_does_not_tell_whether_an_address_is_known",
            "tests/accounts/test_recovery.py::test_time_does_not_tell_whether_an_address_is_known",
            "tests/accounts/test_addresses.py::test_signing_up_does_not_tell_whether_an_address_is_known",
        ),
    ),
    Measure(
        "limits on tries",
        "Passwords, links, mail and sign-up are limited per network, person and address.",
        (
            "tests/accounts/test_limits.py::test_a_password_cannot_be_guessed_on",
            "tests/accounts/test_limits.py::test_every_limit_holds_and_time_opens_it_again",
        ),
    ),
    Measure(
        "passwords",
        "What is easily guessed, or was stolen from others, is refused; nobody outside is asked.",
        (
            "tests/accounts/test_passwords.py::test_a_password_that_was_stolen_from_others_opens_no_account",
            "tests/accounts/test_hostile_input.py::test_what_is_tried_first_is_refused",
        ),
    ),
    Measure(
        "sessions",
        "People see and end their sessions; what is open on one ends within 5 seconds; none lasts for ever.",
        (
            "tests/accounts/test_sessions.py::test_revoking_ends_that_session_and_is_on_record",
            "tests/accounts/test_sessions.py::test_no_use_keeps_a_session_longer_than_the_limit",
            "tests/schema/test_sessions.py::test_a_session_that_ends_closes_its_socket_within_five_seconds",
            "tests/accounts/test_staff.py::test_a_role_that_is_taken_away_ends_on_open_sockets_too",
        ),
    ),
    Measure(
        "browser sessions",
        "A browser's token is out of reach of scripts and replaced hourly; one that is used again ends its session.",
        (
            "tests/web/test_browser_sessions.py::test_over_https_the_cookie_is_of_this_host_alone",
            "tests/web/test_browser_sessions.py::test_an_hour_of_use_replaces_the_token",
            "tests/web/test_browser_sessions.py::test_reuse_after_that_ends_the_session_and_is_on_record",
        ),
    ),
    Measure(
        "requests of other pages",
        "A cookie counts for our own pages only, on every transport, and a form of ours carries a proof that it is.",
        (
            "tests/web/test_browser_sessions.py::test_pages_of_others_do_nothing_with_the_cookie",
            "tests/web/test_browser_sessions.py::test_a_socket_takes_the_cookie_from_our_pages_only",
            "tests/web/test_browser_sessions.py::test_what_a_page_may_send_without_asking_is_refused",
            "tests/web/test_sign_in.py::test_a_form_that_another_page_sends_signs_nobody_in",
            "tests/web/test_sign_in.py::test_a_form_without_our_proof_signs_nobody_in",
            "tests/web/test_local_paths.py::test_what_could_lead_elsewhere_leads_home",
        ),
    ),
    Measure(
        "step-up",
        "What is hard to undo asks for a proof that is at most ten minutes old.",
        (
            "tests/accounts/test_addresses.py::test_a_stale_session_proves_itself_before_it_changes_the_address",
            "tests/accounts/test_consent.py::test_an_old_session_proves_itself_before_it_lets_an_app_in",
        ),
    ),
    Measure(
        "tools of staff",
        "In production GraphiQL is for staff who are signed in, and there are no other pages for developers.",
        (
            "tests/web/test_staff_tools.py::test_only_staff_get_graphiql_in_production",
            "tests/web/test_graphiql.py::test_production_has_graphiql_for_who_is_signed_in_and_nothing_else",
        ),
    ),
    Measure(
        "security page",
        "What opens an account is changed in its owner's browser, and where it is hard to undo after a fresh proof.",
        (
            "tests/web/test_security_page.py::test_no_form_works_without_our_proof_or_from_elsewhere",
            "tests/web/test_security_page.py::test_what_is_hard_to_undo_asks_for_a_fresh_proof",
            "tests/web/test_security_page.py::test_nobody_ends_what_is_anothers",
        ),
    ),
    Measure(
        "letting apps in",
        "A decision about an app is for one browser, session and question, and leads where the app is registered.",
        (
            "tests/accounts/test_consent.py::test_a_decision_is_for_one_browser_one_session_and_one_question",
            "tests/accounts/test_consent.py::test_a_decision_that_another_page_sends_does_nothing",
            "tests/accounts/test_consent.py::test_nobody_is_sent_where_no_app_is_registered",
            "tests/accounts/test_consent.py::test_the_page_says_what_is_asked_and_lets_nobody_frame_it",
        ),
    ),
    Measure(
        "sign-in with others",
        "Only the one answer to this browser's question counts, and no account is linked by its address alone.",
        (
            "tests/accounts/identities/test_answers.py::test_an_answer_is_taken_once_and_only_where_it_was_asked_for",
            "tests/accounts/identities/test_links.py::test_an_account_is_linked_only_by_whoever_signs_in_to_it_and_says_so",
            "tests/accounts/identities/test_links.py::test_the_last_way_in_stays",
            "tests/integrations/test_identity_providers.py::test_a_token_that_the_provider_did_not_sign_is_not_believed",
            "tests/conformance/test_openid.py::test_an_answer_that_was_changed_opens_nothing",
        ),
    ),
    Measure(
        "audit log",
        "Sign-ins, changes of access and staff's looks are on record, and the person sees theirs.",
        (
            "tests/audit/test_audit.py::test_a_person_sees_what_happened_to_their_account_and_nobody_elses",
            "tests/audit/test_audit.py::test_a_look_by_staff_is_in_the_persons_log_with_its_purpose",
            "tests/audit/test_audit.py::test_what_an_entry_says_of_a_person_is_shown_with_a_look_only",
        ),
    ),
    Measure(
        "sealed audit log",
        "Entries are sealed into a signed chain of hashes: what is changed, removed or slipped in is named.",
        (
            "tests/audit/test_chain.py::test_an_entry_that_was_changed_is_named",
            "tests/audit/test_chain.py::test_an_entry_that_was_removed_is_named",
            "tests/audit/test_chain.py::test_an_entry_that_was_slipped_in_is_named",
            "tests/audit/test_chain.py::test_the_newest_links_cannot_be_cut_off",
        ),
    ),
    Measure(
        "headers of pages",
        "Every page of ours has a strict content security policy; production asks for HTTPS for good.",
        (
            "tests/web/test_headers.py::test_every_page_of_ours_is_strict",
            "tests/web/test_headers.py::test_every_other_answer_is_strict_too",
            "tests/web/test_headers.py::test_production_is_reached_by_https_for_good",
        ),
    ),
    Measure(
        "apps of others",
        "Administrators alone register apps, with exact redirects; a removed app ends with all that people let it do.",
        (
            "tests/accounts/test_app_clients.py::test_redirects_that_lead_astray_are_not_registered",
            "tests/accounts/test_client_registry.py::test_a_removed_app_ends_with_all_that_is_open",
            "tests/accounts/test_authorization.py::test_refresh_tokens_rotate_and_reuse_ends_the_grant",
            "tests/conformance/test_apps.py::test_an_app_signs_in_asks_follows_refreshes_and_gives_back",
        ),
    ),
    Measure(
        "signatures",
        "What we sign can be checked with the keys that we publish, and passes for nothing else.",
        (
            "tests/core/test_signing.py::test_an_independent_library_agrees",
            "tests/core/test_signing.py::test_what_is_not_signed_for_this_is_refused",
            "tests/accounts/test_app_clients.py::test_what_we_say_of_ourselves_is_signed_with_the_key_that_we_publish",
        ),
    ),
    Measure(
        "hostile documents",
        "Size, depth and cost of an operation are bounded before it is executed.",
        ("tests/schema/test_hostile.py::test_a_hostile_document_gets_its_error_on_every_transport",),
    ),
    Measure(
        "requests to others",
        "Addresses from outside lead to no machine inside, and nothing leaves that is not declared and on record.",
        (
            "tests/processors/test_fetcher.py::test_a_host_with_an_address_inside_is_refused",
            "tests/processors/test_gate.py::test_what_is_not_declared_is_refused_and_on_record",
            "tests/processors/test_gate.py::test_the_row_is_there_before_the_bytes_and_its_outcome_after",
            "tests/processors/test_wire.py::test_what_is_refused_leaves_no_byte_and_a_row",
            "tests/architecture/test_clients.py::test_only_modules_on_the_list_talk_to_the_outside",
            "tests/architecture/test_clients.py::test_every_way_out_leads_through_the_gate",
        ),
    ),
    Measure(
        "logs",
        "No line of a log holds anything personal or secret.",
        ("tests/faults/test_log_canary.py::test_no_line_holds_anything_personal_or_secret",),
    ),
    Measure(
        "settings",
        "Production does not start with an unsafe setting.",
        ("tests/core/test_config.py::test_production_refuses_what_is_unsafe_by_its_name",),
    ),
)
