"""P11 to P13 and P19: who else gets something, and where."""

from app.policy.activities import Source
from app.policy.clause import Clause

SHARING = (
    Clause(
        id="P11.1",
        title="The register of processors",
        given="Trusted providers, bound by contract to process data on our behalf only.",
        interpretation="Each is in a public register; an adapter whose processor is not there gets nothing.",
        source=Source.TEXT,
        sentences=(
            "Others work for us under contract: for storage and hosting, for mail, and for making pictures.",
            "Google and GitHub sign you in for purposes of their own.",
            "The list of them is public, and says of each what it gets, what for, where it is, and what it promised to keep.",
            "Nothing is sent to anybody who is not on the list, or that the list does not name.",
            "Apps that you let in yourself get what you allowed them.",
        ),
        kept_by=("app.processors.register:Register", "app.processors.service:Gate"),
        checks=(
            "tests/processors/test_gate.py::test_what_is_not_declared_is_refused_and_on_record",
            "tests/processors/test_register.py::test_what_is_incomplete_cannot_be_declared",
            "tests/processors/test_wire.py::test_what_is_refused_leaves_no_byte_and_a_row",
            "tests/architecture/test_clients.py::test_every_way_out_leads_through_the_gate",
        ),
    ),
    Clause(
        id="P11.2",
        title="Payment providers",
        given="Providers of payment may be among them.",
        interpretation="Named when there is one.",
        source=Source.TEXT,
        planned="Payments; they have no processor yet.",
    ),
    Clause(
        id="P11.3",
        title="Support providers",
        given="Providers of customer support may be among them.",
        interpretation="There is none: threads are tables of ours, and mail about them goes by the carrier of all mail.",
        source=Source.TEXT,
        sentences=(
            "What you write to support is kept on the machines that run this service, and mail about it is carried by those who carry all our mail.",
        ),
        kept_by=("app.support.threads:add", "app.support.letters:tell_desk", "app.mail.service:PostOffice"),
        checks=("tests/support/test_mail.py::test_a_conversation_goes_there_and_back_by_mail",),
    ),
    Clause(
        id="P11.4",
        title="A provider of statistics",
        given="Providers of analytics may be among them.",
        interpretation="None by default; one that is configured gets counts that are nobody's, through the gate.",
        source=Source.TEXT,
        sentences=(
            "Where another company shows us statistics, it gets the numbers of finished days, none below five, and nothing of anybody.",
        ),
        kept_by=("app.analytics.provider:UsageReports", "app.analytics.provider:analytics_processor"),
        checks=(
            "tests/analytics/test_provider.py::test_finished_days_are_sent_once_and_hold_nothing_small",
            "tests/analytics/test_provider.py::test_who_is_not_registered_or_not_public_gets_nothing",
            "tests/analytics/test_provider.py::test_a_provider_without_an_agreement_cannot_be_configured",
        ),
    ),
    Clause(
        id="P12.1",
        title="Inference providers keep nothing",
        given="Prompts, references and outputs may go to providers that may neither keep nor train on them.",
        interpretation="An adapter declares its proof; without one its provider gets no face.",
        source=Source.TEXT,
        sentences=(
            "Your prompt, your settings, your reference images and a number that stands for you go to an inference provider only where it makes your picture.",
            "An inference provider that does not prove that it keeps nothing gets no face.",
        ),
        kept_by=("app.processors.service:Gate", "app.generation.references:check_references"),
        checks=(
            "tests/processors/test_wire.py::test_a_face_without_proof_leaves_no_byte_and_a_row",
            "tests/generation/test_references.py::test_a_face_goes_to_no_engine_without_proof",
        ),
    ),
    Clause(
        id="P12.2",
        title="Every disclosure is on record",
        given="Nothing.",
        interpretation="A row is committed before the bytes leave; refusals are rows too.",
        source=Source.DECISION,
        sentences=(
            "What is sent to make pictures, to deliver mail or to sign you in is written down before it leaves, and you see your part of that record; who stores our data or runs our machines is in the list once.",
        ),
        kept_by=("app.processors.service:Gate",),
        checks=(
            "tests/processors/test_gate.py::test_the_row_is_there_before_the_bytes_and_its_outcome_after",
            "tests/processors/test_crashes.py::test_at_no_statement_a_death_lets_out_what_has_no_row",
            "tests/processors/test_wire.py::test_what_leaves_is_on_record_and_shown_with_its_generation",
        ),
    ),
    Clause(
        id="P13",
        title="Legal disclosures",
        given="Information may be disclosed in some cases; the list of them was lost.",
        interpretation="For these reasons only; recorded with basis and scope, and shown unless the law bars that.",
        source=Source.DECISION,
        sentences=(
            "The list has one exception: we hand data over where the law obliges us to, where a legal claim has to be made or answered, or where somebody's life or health is in danger.",
            "Our staff record each time who got it, what that rests on, and what it was.",
            "You read that record in your account at once, and a mail to your confirmed address says so, unless the law bars us from telling you: then both as soon as that ends.",
        ),
        kept_by=(
            "app.legal_disclosures.grounds:DisclosureGround",
            "app.legal_disclosures.service:record_disclosure",
            "app.legal_disclosures.service:end_bars",
            "app.legal_disclosures.queries:own_legal_disclosures",
        ),
        checks=(
            "tests/legal_disclosures/test_legal_disclosures.py::test_the_person_is_told_at_once_and_sees_it_for_good",
            "tests/legal_disclosures/test_legal_disclosures.py::test_what_is_barred_shows_nowhere_until_the_bar_ends",
            "tests/legal_disclosures/test_legal_disclosures.py::test_what_cannot_be_so_is_named_and_nothing_is_kept",
        ),
    ),
    Clause(
        id="P19",
        title="Other countries",
        given="Data may go to other countries; using the service is consent to that; safeguards where required.",
        interpretation="Only by adequacy or the Standard Contractual Clauses: use is no consent (Art. 49 GDPR).",
        source=Source.DECISION,
        sentences=(
            "Some of those who work for us are in other countries, whose laws may protect data less than those of your own.",
            "Data goes there only under an adequacy decision or the Standard Contractual Clauses of the European Commission, and the list says which.",
            "Using the service is not taken as consent to that.",
        ),
        kept_by=("app.processors.register:Processor", "app.processors.register:Transfer"),
        checks=(
            "tests/processors/test_register.py::test_what_is_incomplete_cannot_be_declared",
            "tests/processors/test_register.py::test_use_of_the_service_is_no_mechanism",
            "tests/processors/test_standing.py::test_without_it_the_service_does_not_start_and_names_the_setting",
        ),
    ),
)
