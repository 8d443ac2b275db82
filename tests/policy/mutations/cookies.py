"""Mutations of the clauses on cookies."""

from tests.policy.mutations.mutation import Mutation
from tests.policy.mutations.replacements import always, always_later, nothing_later

COOKIES = (
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
)
