"""One way at least to break each clause that is kept: what is replaced, by what, and the test that should notice."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from email.message import EmailMessage
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from PIL import Image
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.accounts.service import NewAccount, sign_up
from app.analytics.queries import Usage
from app.consents.office import ConsentOffice
from app.consents.purposes import Method
from app.consents.records import record_of
from app.core.origin import NOWHERE
from app.core.personal_data import Activity
from app.core.ports import Letter
from app.core.retention import RETENTION_RULES
from app.core.security_register import SECURITY_REGISTER, Measure
from app.gallery.service import set_visibility
from app.generation.wishes import Visibility
from app.integrations.composing import message_of
from app.marketing.service import unsubscribe
from app.media.faces import Faces
from app.policy.activities import PROCESSING_ACTIVITIES
from app.policy.clauses import CLAUSES
from app.policy.queries import asked_again
from app.registries import SWEEPS
from app.training.eligibility import Eligibility
from app.web.pages.unsubscribe import unsubscribe_routes
from app.web.requests import HEADERS
from app.web.wellknown import wellknown_routes


@dataclass(frozen=True, slots=True)
class Mutation:
    """One mechanism that does not work."""

    clause: str
    breaks: str
    """`module:name` or `module:Class.name`."""
    by: Any
    check: str

    @property
    def name(self) -> str:
        """A name for it that is unique."""
        return f"{self.clause} {self.breaks} {self.check.rpartition('::')[2]}"


def nothing(*_args: object, **_kwargs: object) -> None:
    """Do nothing."""


async def nothing_later(*_args: object, **_kwargs: object) -> None:
    """Do nothing, as a coroutine."""


def always(value: object) -> Callable[..., Any]:
    """Return a function that has only one answer."""
    return lambda *_args, **_kwargs: value


def always_later(value: object) -> Callable[..., Any]:
    """Return a coroutine function that has only one answer."""

    async def answer(*_args: object, **_kwargs: object) -> Any:
        return value

    return answer


def itself(value: Any) -> Any:
    """Return what was given."""
    return value


def report_of_everything(day: date, usage: Sequence[Usage]) -> bytes:
    """Say of small numbers too that they are there."""
    return f"{day} {[(one.event, one.count) for one in usage]}".encode()


async def everybody_later(_limitation: object, people: Sequence[UUID], *_args: object) -> frozenset[UUID]:
    """Allow it of everybody."""
    return frozenset(people)


async def sign_up_under_another_name(account: NewAccount, *args: Any, **kwargs: Any) -> Any:
    """Sign up, and lose the name."""
    return await sign_up(replace(account, display_name="Somebody"), *args, **kwargs)


def webp_with_the_camera(image: Image.Image, quality: int) -> bytes:
    """Encode a picture together with what a camera says of itself."""
    exif, output = Image.Exif(), io.BytesIO()
    exif[0x010F] = "Phone of somebody"  # Make
    image.save(output, "WEBP", quality=quality, exif=exif)
    return output.getvalue()


async def show_always_with_the_prompt(*args: Any, **_kwargs: Any) -> None:
    """Publish, and show the prompt whatever was asked for."""
    await set_visibility(*args, show_prompt=True, on_private=nothing_later)


def routes_with_another_contact(base_url: str, _contact: str, *rest: Any) -> Any:
    """Tell people to write to somebody else."""
    return wellknown_routes(base_url, "nobody@elsewhere.test", *rest)


def routes_where_opening_is_enough(office: ConsentOffice) -> list[Route]:
    """Turn news off for whoever opens the link, scanners included."""
    [route] = unsubscribe_routes(office)

    async def opened(request: Request) -> Response:
        await unsubscribe(UUID(request.path_params["link"]), office, Method.UNSUBSCRIBE_LINK, NOWHERE)
        answer: Response = await route.endpoint(request)
        return answer

    return [Route(route.path, opened, methods=["GET", "POST"])]


def message_without_an_end(letter: Letter, sender: str) -> EmailMessage:
    """Leave out what mail programs offer a button for."""
    return message_of(replace(letter, unsubscribe=None), sender)


async def everybody_agrees(_limitation: object, people: Sequence[UUID], *_rest: object) -> frozenset[UUID]:
    """Take everybody for somebody who said yes."""
    return frozenset(people)


def record_without_withdrawal(*args: Any) -> Any:
    """Record a consent, and leave out how it is withdrawn."""
    record = record_of(*args)
    left = [
        {name: value for name, value in each.items() if name != "withdrawal_method"}
        for each in record["pii_processing"]
    ]
    return {**record, "pii_processing": left}


ACTIVITIES_WITH_A_SALE = StrEnum(  # type: ignore[misc]
    "ActivitiesWithASale", [*((each.name, each.value) for each in Activity), ("SALE", "SALE")]
)
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
MUTATIONS = (
    Mutation(
        "P01.1",
        "app.policy.ledger:faults",
        always([]),
        "tests/policy/test_ledger.py::test_an_edited_a_new_and_a_vanished_text_are_named",
    ),
    Mutation(
        "P01.2",
        "app.policy.clauses:CLAUSES",
        CLAUSES[1:],
        "tests/policy/test_clauses.py::test_every_sentence_belongs_to_a_clause",
    ),
    Mutation(
        "P02.1",
        "app.accounts.service:sign_up",
        sign_up_under_another_name,
        "tests/accounts/test_accounts.py::test_a_viewer_is_what_was_signed_up",
    ),
    Mutation(
        "P02.2",
        "app.integrations.oidc:SCOPE",
        "openid email profile https://www.googleapis.com/auth/contacts.readonly",
        "tests/integrations/test_identity_providers.py::"
        "test_google_is_asked_for_name_address_and_picture_and_nothing_else",
    ),
    Mutation(
        "P03.1",
        "app.core.networks:network_of",
        lambda host: host,
        "tests/audit/test_audit.py::test_a_person_sees_where_from_each_thing_was_done",
    ),
    Mutation(
        "P03.2",
        "app.web.requests:_route",
        lambda scope: f"{scope['path']}?{scope['query_string']}",
        "tests/faults/test_log_canary.py::test_no_line_holds_anything_of_an_account",
    ),
    Mutation(
        "P04.1",
        "app.gallery.service:set_visibility",
        show_always_with_the_prompt,
        "tests/gallery/test_gallery.py::test_the_search_finds_only_prompts_that_are_shown",
    ),
    Mutation(
        "P04.2",
        "app.core.sweeps:Sweep.end",
        always_later(0),
        "tests/generation/test_references.py::test_one_that_is_waited_for_is_not_swept",
    ),
    Mutation(
        "P05.1",
        "app.media.faces:faces_in",
        always(Faces(False, None)),
        "tests/media/test_faces.py::test_a_face_is_found_where_it_is",
    ),
    Mutation(
        "P05.2",
        "app.media.references:_check_acknowledged",
        nothing,
        "tests/media/test_references_api.py::test_a_face_without_an_acknowledgement_cannot_be_used",
    ),
    Mutation(
        "P05.3",
        "app.media.imaging:_webp",
        webp_with_the_camera,
        "tests/media/test_references_api.py::test_metadata_is_gone_and_the_picture_upright",
    ),
    Mutation(
        "P06.1",
        "app.web.cookie_consent:Standing.allows",
        always(True),
        "tests/web/test_cookie_choice.py::test_before_a_choice_nothing_optional_is_set_and_nothing_is_counted",
    ),
    Mutation(
        "P06.2",
        "app.web.cookie_consent:CookieConsent.choose",
        nothing_later,
        "tests/web/test_cookie_choice.py::test_taking_back_is_one_press_on_any_page_and_clears_at_once",
    ),
    Mutation(
        "P06.3",
        "app.web.gpc:opts_out",
        always(False),
        "tests/web/test_cookie_choice.py::test_the_signal_is_an_opt_out_whatever_was_chosen",
    ),
    Mutation(
        "P06.3",
        "app.consents.service:record_signal",
        always_later(False),
        "tests/web/test_cookie_account.py::test_the_signal_is_on_record_once_and_a_stray_accept_changes_nothing",
    ),
    Mutation(
        "P06.4",
        "app.accounts.browser_sessions:BrowserSessions.use",
        always_later(None),
        "tests/web/test_browser_sessions.py::test_an_hour_of_use_replaces_the_token",
    ),
    Mutation(
        "P07.1",
        "app.consents.enforcement:PurposeLimitation._check_declared",
        nothing,
        "tests/consents/test_enforcement.py::test_the_registry_says_what_a_category_is_for",
    ),
    Mutation(
        "P07.1",
        "app.core.purposes:check_purpose",
        nothing,
        "tests/consents/test_enforcement.py::test_each_role_looks_for_its_own_purposes_only",
    ),
    Mutation(
        "P07.2",
        "app.audit.service:record_looks",
        nothing_later,
        "tests/audit/test_audit.py::test_a_look_by_staff_is_in_the_persons_log_with_its_purpose",
    ),
    Mutation(
        "P07.3",
        "app.consents.records:record_of",
        record_without_withdrawal,
        "tests/consents/test_records.py::test_a_record_has_every_mandatory_field",
    ),
    Mutation(
        "P11.4",
        "app.analytics.provider:_report",
        report_of_everything,
        "tests/analytics/test_provider.py::test_finished_days_are_sent_once_and_hold_nothing_small",
    ),
    Mutation(
        "P21.3",
        "app.consents.enforcement:PurposeLimitation.allowed",
        everybody_later,
        "tests/analytics/test_usage.py::test_who_does_not_want_it_leaves_no_row_from_that_moment",
    ),
    Mutation(
        "P21.3",
        "app.web.gpc:opts_out",
        always(False),
        "tests/analytics/test_usage.py::test_the_signal_leaves_no_row_whoever_sends_it",
    ),
    Mutation(
        "P21.3",
        "app.analytics.service:hour_of",
        itself,
        "tests/analytics/test_usage.py::test_a_row_says_nothing_of_whom_it_is",
    ),
    Mutation(
        "P21.3",
        "app.analytics.service:roll_up",
        always_later(0),
        "tests/analytics/test_roll_up.py::test_the_clock_of_the_workers_rolls_up",
    ),
    Mutation(
        "P21.3",
        "app.analytics.service:EVENTS_LAST",
        timedelta(hours=24),
        "tests/analytics/test_roll_up.py::test_the_counts_of_days_equal_a_recount_of_the_rows_before_they_go",
    ),
    Mutation(
        "P07.5",
        "app.accounts.staff:set_restricted",
        nothing_later,
        "tests/consents/test_restrictions.py::test_a_restriction_takes_effect_at_once_and_is_in_the_log",
    ),
    Mutation(
        "P07.5",
        "app.consents.restrictions:lift_restriction",
        nothing_later,
        "tests/consents/test_restrictions.py::test_a_restriction_is_a_record_that_nobody_changes",
    ),
    Mutation(
        "P07.4",
        "app.consents.objections:set_objections",
        nothing_later,
        "tests/consents/test_api.py::test_objections_are_made_and_taken_back",
    ),
    Mutation(
        "P09",
        "app.marketing.readership:Readership.has",
        always_later(True),
        "tests/marketing/test_campaigns.py::test_whoever_may_not_be_written_to_gets_nothing_even_where_it_waits",
    ),
    Mutation(
        "P09",
        "app.marketing.service:unsubscribe",
        nothing_later,
        "tests/marketing/test_unsubscribe.py::test_a_mail_program_ends_it_signed_out_with_any_old_link",
    ),
    Mutation(
        "P09",
        "app.web.pages.unsubscribe:unsubscribe_routes",
        routes_where_opening_is_enough,
        "tests/marketing/test_unsubscribe.py::test_opening_the_link_changes_nothing_and_its_button_does",
    ),
    Mutation(
        "P09",
        "app.integrations.composing:message_of",
        message_without_an_end,
        "tests/integrations/test_smtp.py::test_mail_that_can_be_ended_says_how",
    ),
    Mutation(
        "P08.1",
        "app.training.eligibility:eligibility",
        always(Eligibility(Visibility.PUBLIC, ())),
        "tests/training/test_building.py::test_exactly_what_may_be_used_is_in_it",
    ),
    Mutation(
        "P08.2",
        "app.training.manifest:mac",
        always(""),
        "tests/training/test_verification.py::test_an_item_that_was_changed_is_named",
    ),
    Mutation(
        "P08.2",
        "app.training.verification:_undue",
        always_later([]),
        "tests/training/test_verification.py::test_a_decision_that_the_records_of_then_forbid_is_wrong",
    ),
    Mutation(
        "P08.3",
        "app.training.marking:_mark",
        nothing_later,
        "tests/training/test_api.py::test_a_no_marks_what_holds_the_pictures_before_the_answer_comes",
    ),
    Mutation(
        "P08.3",
        "app.training.export:standing",
        always(None),
        "tests/training/test_export.py::test_only_what_may_still_be_used_is_handed_out_and_no_change_passes",
    ),
    Mutation(
        "P08.4",
        "app.training.queries:data_sets_of",
        always_later([[], []]),
        "tests/training/test_api.py::test_the_person_is_told_in_words_and_sees_their_own_data_sets_only",
    ),
    Mutation(
        "P10",
        "app.core.personal_data:Activity",
        ACTIVITIES_WITH_A_SALE,
        "tests/processors/test_register.py::test_nothing_can_be_declared_for_a_sale",
    ),
    Mutation(
        "P11.1",
        "app.processors.service:_objection",
        always(None),
        "tests/processors/test_gate.py::test_what_is_not_declared_is_refused_and_on_record",
    ),
    Mutation(
        "P12.1",
        "app.processors.register:Processor.proves_retention",
        property(always(True)),
        "tests/processors/test_wire.py::test_a_face_without_proof_leaves_no_byte_and_a_row",
    ),
    Mutation(
        "P12.2",
        "app.processors.records:write",
        always_later(uuid4()),
        "tests/processors/test_gate.py::test_the_row_is_there_before_the_bytes_and_its_outcome_after",
    ),
    Mutation(
        "P14.1",
        "app.core.retention:RETENTION_RULES",
        dict(list(RETENTION_RULES.items())[1:]),
        "tests/architecture/test_personal_data.py::test_every_retention_has_a_rule_and_every_enforcer_exists",
    ),
    Mutation(
        "P14.2",
        "app.registries:SWEEPS",
        {name: sweep for name, sweep in SWEEPS.items() if name != "mails"},
        "tests/architecture/test_sweeps.py::test_whatever_time_should_end_has_a_sweep",
    ),
    Mutation(
        "P14.2",
        "app.core.sweeps:Sweep.end",
        always_later(0),
        "tests/retention/test_sweeper.py::test_an_account_goes_when_nobody_can_get_in_any_more",
    ),
    Mutation(
        "P14.2",
        "app.audit.truncation:truncate",
        always_later(0),
        "tests/retention/test_sweeper.py::test_two_sweeps_at_once_end_each_row_once",
    ),
    Mutation(
        "P14.2",
        "app.retention.service:Sweeper._look_back",
        nothing_later,
        "tests/retention/test_sweeper.py::test_what_cannot_be_ended_is_an_alarm_and_keeps_nothing_else",
    ),
    Mutation(
        "P15.1",
        "app.media.service:delete_pictures",
        nothing_later,
        "tests/generation/test_endings.py::test_deleting_takes_everything_with_it",
    ),
    Mutation(
        "P16",
        "app.consents.service:decide",
        always_later(0),
        "tests/web/test_choices_page.py::test_a_yes_is_taken_back_by_the_same_form",
    ),
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
        "P19",
        "app.processors.register:Processor.__post_init__",
        nothing,
        "tests/processors/test_register.py::test_what_is_incomplete_cannot_be_declared",
    ),
    Mutation(
        "P21.1",
        "app.policy.activities:PROCESSING_ACTIVITIES",
        dict(list(PROCESSING_ACTIVITIES.items())[1:]),
        "tests/policy/test_clauses.py::test_the_table_of_the_policy_is_the_register_of_activities",
    ),
    Mutation(
        "P21.4",
        "app.consents.enforcement:PurposeLimitation.allowed",
        everybody_agrees,
        "tests/marketing/test_campaigns.py::test_whoever_may_not_be_written_to_gets_nothing_even_where_it_waits",
    ),
    Mutation(
        "P21.5",
        "app.consents.enforcement:_refusal",
        always(None),
        "tests/training/test_building.py::test_exactly_what_may_be_used_is_in_it",
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
        "app.media.service:erase_pictures",
        always_later(0),
        "tests/privacy/test_erasure.py::test_nothing_leads_to_whoever_was_erased_and_nobody_else_is_touched",
    ),
    Mutation(
        "P23.2",
        "app.privacy.residue:residue",
        always_later({}),
        "tests/privacy/test_erasure.py::test_a_holder_that_left_the_registry_is_missed_and_the_account_stays",
    ),
    Mutation(
        "P24",
        "app.web.requests:HEADERS",
        HEADERS[1:],
        "tests/web/test_headers.py::test_every_page_of_ours_is_strict",
    ),
    Mutation(
        "P25.1",
        "app.outreach.announcing:announce",
        nothing_later,
        "tests/outreach/test_announcing.py::test_the_mail_says_what_changes_and_what_is_asked_again",
    ),
    Mutation(
        "P25.2",
        "app.policy.queries:asked_again",
        always_later({}),
        "tests/policy/test_queries.py::test_a_purpose_is_asked_again_since_the_last_version_that_says_so",
    ),
    Mutation(
        "P26.1",
        "app.web.wellknown:wellknown_routes",
        routes_with_another_contact,
        "tests/web/test_headers.py::test_whoever_finds_a_hole_is_told_whom_to_tell",
    ),
    Mutation(
        "P26.2",
        "app.support.service:contact_from",
        nothing_later,
        "tests/support/test_page.py::test_whoever_may_not_sign_in_objects_on_the_page",
    ),
    Mutation(
        "P26.2",
        "app.support.service:contact",
        always_later(uuid4()),
        "tests/support/test_api.py::test_a_person_writes_is_answered_and_goes_on",
    ),
    Mutation(
        "P26.2",
        "app.support.arriving:arrive",
        nothing_later,
        "tests/support/test_mail.py::test_a_conversation_goes_there_and_back_by_mail",
    ),
    Mutation(
        "P26.2",
        "app.core.sweeps:Sweep.end",
        always_later(0),
        "tests/support/test_mail.py::test_what_was_written_goes_a_year_after_the_last_message_or_when_it_is_asked",
    ),
    Mutation(
        "P11.3",
        "app.support.threads:add",
        nothing_later,
        "tests/support/test_mail.py::test_a_conversation_goes_there_and_back_by_mail",
    ),
    Mutation(
        "P11.3",
        "app.processors.records:write",
        always_later(uuid4()),
        "tests/support/test_mail.py::test_a_conversation_goes_there_and_back_by_mail",
    ),
)
