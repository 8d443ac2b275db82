"""P06: cookies."""

from app.policy.activities import Source
from app.policy.clause import Clause

COOKIES = (
    Clause(
        id="P06.1",
        title="Nothing optional before a choice",
        given="Cookies are used for several purposes; the list of them was lost.",
        interpretation="Strictly necessary ones only, until somebody chose; every cookie is in a register.",
        source=Source.DECISION,
        sentences=(
            "Before you choose, only cookies that are strictly necessary are set.",
            "The page about cookies lists each one with what it is for and how long it lasts.",
        ),
        kept_by=("app.policy.cookies:cookie_register", "app.web.cookies:Cookies"),
        checks=(
            "tests/web/test_cookie_choice.py::test_before_a_choice_nothing_optional_is_set_and_nothing_is_counted",
            "tests/web/test_cookie_register.py::test_no_route_sets_a_cookie_that_is_not_declared",
            "tests/browser/test_cookies.py::test_nothing_before_a_yes_and_no_page_keeps_anybody_out",
        ),
    ),
    Clause(
        id="P06.2",
        title="Refusing is as easy",
        given="Nothing.",
        interpretation="Two equal buttons, and a way back from every page.",
        source=Source.DECISION,
        sentences=("Refusing takes as many clicks as accepting, and you can change your choice at any time.",),
        kept_by=("app.web.cookie_consent:CookieConsent",),
        checks=(
            "tests/web/test_cookie_choice.py::test_accepting_and_refusing_are_two_equal_buttons_of_one_form",
            "tests/web/test_cookie_choice.py::test_taking_back_is_one_press_on_any_page_and_clears_at_once",
        ),
    ),
    Clause(
        id="P06.3",
        title="Global Privacy Control",
        given="Nothing.",
        interpretation="`Sec-GPC: 1` is an opt-out that no click overrides, and it is recorded.",
        source=Source.DECISION,
        sentences=(
            "A browser that sends the Global Privacy Control signal has refused analytics, whatever else was clicked.",
        ),
        kept_by=("app.web.gpc:opts_out", "app.consents.service:record_signal"),
        checks=(
            "tests/web/test_cookie_choice.py::test_the_signal_is_an_opt_out_whatever_was_chosen",
            "tests/web/test_cookie_account.py::test_the_signal_is_on_record_once_and_a_stray_accept_changes_nothing",
        ),
    ),
    Clause(
        id="P06.4",
        title="The browser's own settings",
        given="Cookies can be controlled in the browser, at the cost of some functions.",
        interpretation="What is lost is named: staying signed in. The API needs no cookie.",
        source=Source.TEXT,
        sentences=(
            "You may also refuse or remove cookies in your browser, but without them our pages cannot keep you signed in.",
        ),
        kept_by=("app.accounts.browser_sessions:BrowserSessions",),
        checks=(
            "tests/web/test_browser_sessions.py::test_an_hour_of_use_replaces_the_token",
            "tests/web/test_browser_sessions.py::test_a_header_wins_over_the_cookie",
            "tests/web/test_sign_in.py::test_a_form_without_our_proof_signs_nobody_in",
        ),
    ),
)
