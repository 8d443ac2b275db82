"""P01, P24, P25, P26: the documents themselves, where they lead, how they change, whom to write to."""

from app.policy.activities import Source
from app.policy.clause import Clause

DOCUMENTS = (
    Clause(
        id="P01.1",
        title="A policy with versions",
        given="A policy with an effective date that is read together with the terms.",
        interpretation="Each version is a file with a date and a hash that is never edited once it is published.",
        source=Source.TEXT,
        sentences=(
            "This policy says what {controller} does with personal data when you use {service}.",
            "It is read together with the terms of service.",
            "Every version stays readable as it was published, with the date from which it counts.",
        ),
        kept_by=(
            "app.policy.ledger:faults",
            "app.policy.queries:in_force",
            "app.policy.queries:check_published",
            "app.policy.beginning:begin",
        ),
        checks=(
            "tests/policy/test_ledger.py::test_what_is_shipped_is_what_was_written_down",
            "tests/policy/test_ledger.py::test_an_edited_a_new_and_a_vanished_text_are_named",
            "tests/policy/test_queries.py::test_a_published_text_that_changed_or_vanished_is_refused_loudly",
            "tests/policy/test_beginning.py::test_a_new_installation_has_the_latest_texts_for_good",
            "tests/policy/test_beginning.py::test_where_people_came_before_the_first_text_stays",
            "tests/web/test_documents.py::test_versions_and_what_is_different_between_any_two",
        ),
    ),
    Clause(
        id="P01.2",
        title="A policy that anyone can check",
        given="Nothing.",
        interpretation="Each sentence belongs to a clause of this register; one that does not fails the build.",
        source=Source.DECISION,
        sentences=(
            "Every sentence of it belongs to a clause, and each clause names the code that keeps it and the tests that show it; the list is public.",
        ),
        kept_by=("app.policy.clauses:CLAUSES", "app.policy.evidence:Evidence"),
        checks=(
            "tests/policy/test_clauses.py::test_every_sentence_belongs_to_a_clause",
            "tests/policy/test_clauses.py::test_what_keeps_a_clause_and_what_shows_it_exist",
        ),
    ),
    Clause(
        id="P24",
        title="Sites of others",
        given="Links may lead to sites of others, for whose practices the company does not answer.",
        interpretation="Such a site is not told where its visitor came from, and gets no hold of our page.",
        source=Source.TEXT,
        sentences=(
            "Links from our pages may lead to sites of others, which have policies of their own that we encourage you to read.",
            "Such a link does not tell them where you came from.",
        ),
        kept_by=("app.web.requests:RequestIds", "app.web.requests:HEADERS"),
        checks=(
            "tests/web/test_headers.py::test_every_page_of_ours_is_strict",
            "tests/web/test_outgoing_links.py::test_no_page_leads_out_loosely",
        ),
    ),
    Clause(
        id="P25.1",
        title="Changes are announced",
        given="Material changes are told by email or by a prominent notice.",
        interpretation="By email and by notice, with what differs, before the change takes effect.",
        source=Source.DECISION,
        sentences=(
            "Before a change takes effect that matters to you, we write to everybody with a confirmed address and post a notice on the pages of your account, with what differs.",
        ),
        kept_by=("app.outreach.publication:publish", "app.outreach.announcing:spread"),
        checks=(
            "tests/outreach/test_announcing.py::test_ten_thousand_people_are_told_once_each_across_crashes",
            "tests/outreach/test_announcing.py::test_an_immaterial_change_tells_nobody",
            "tests/outreach/test_announcing.py::test_the_mail_says_what_changes_and_what_is_asked_again",
            "tests/policy/test_api.py::test_what_is_wrong_with_a_publication_is_named",
        ),
    ),
    Clause(
        id="P25.2",
        title="Consent is asked again",
        given="Using the service after a change is acceptance of it.",
        interpretation="Not where consent is the basis (Art. 7 GDPR): then the purpose is asked again.",
        source=Source.DECISION,
        sentences=(
            "Using the service after that is taken as acceptance, except where a use rests on your consent: then you are asked again.",
        ),
        kept_by=("app.policy.queries:asked_again", "app.consents.queries:standing"),
        checks=(
            "tests/consents/test_records.py::test_a_purpose_that_is_asked_again_permits_nothing_until_it_is_granted_anew",
            "tests/consents/test_enforcement.py::test_a_consent_that_is_asked_again_permits_nothing",
            "tests/policy/test_queries.py::test_a_purpose_is_asked_again_since_the_last_version_that_says_so",
        ),
    ),
    Clause(
        id="P26.1",
        title="Whom to write to",
        given="The name of the company and an address for questions.",
        interpretation="Name, postal address and mailbox are settings; production does not start without them.",
        source=Source.TEXT,
        sentences=(
            "Write to {contact} about anything in this policy.",
            "The controller is {controller}, {address}.",
        ),
        kept_by=("app.web.wellknown:wellknown_routes", "app.policy.wording:Facts", "app.core.config:unsafe"),
        checks=(
            "tests/web/test_headers.py::test_whoever_finds_a_hole_is_told_whom_to_tell",
            "tests/web/test_documents.py::test_the_text_names_the_operator_and_says_what_it_is",
            "tests/core/test_config.py::test_production_refuses_what_is_unsafe_by_its_name",
        ),
    ),
    Clause(
        id="P26.2",
        title="Support",
        given="The name of the company and an address for questions.",
        interpretation="Whoever may not sign in can write too; what was written is kept a year after the last message.",
        source=Source.DECISION,
        sentences=(
            "You may write to our support with an account or without one, on our page or by mail.",
            "What you write there, and what we answer, is deleted from the service a year after the last message.",
            "Whoever of us answers gets it by mail as well, and that deletion does not reach their mailbox.",
        ),
        kept_by=(
            "app.support.service:contact",
            "app.support.service:contact_from",
            "app.support.arriving:arrive",
            "app.support.retention:SWEEPS",
            "app.support.letters:tell_desk",
        ),
        checks=(
            "tests/support/test_api.py::test_a_person_writes_is_answered_and_goes_on",
            "tests/support/test_page.py::test_whoever_may_not_sign_in_objects_on_the_page",
            "tests/support/test_mail.py::test_a_conversation_goes_there_and_back_by_mail",
            "tests/support/test_mail.py::test_what_was_written_goes_a_year_after_the_last_message_or_when_it_is_asked",
        ),
    ),
)
