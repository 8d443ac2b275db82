"""Which letters plainly ask for a right: what is not plain goes to a person."""

import time

import pytest

from app.core.privacy_rights import PrivacyRight
from app.privacy.recognition import right_in

PLAIN = [
    ("Account", "Hello,\n\nplease delete my account.\n\nThanks, Eve", "ERASURE"),
    ("", "Please erase all of my personal data, because I do not use it any more.", "ERASURE"),
    ("Delete account", "See above.", "ERASURE"),
    ("GDPR", "I make use of my right under Art. 17 GDPR.", "ERASURE"),
    ("Right to be forgotten", "You know what I mean.", "ERASURE"),
    ("Data", "I'd like a copy of all my data, please.", "ACCESS"),
    ("Question", "What personal data do you have about me?", "ACCESS"),
    ("Subject Access Request", "My address is the one of this mail.", "ACCESS"),
    ("", "GDPR, Article 15: I ask for it.", "ACCESS"),
    ("", "I ask for data portability.", "PORTABILITY"),
    ("CCPA", "Don\u2019t sell my personal information!", "OPT_OUT_OF_SALE"),
    ("", "I opt out of the sale of it.", "OPT_OUT_OF_SALE"),
    ("", "I withdraw my consent.", "WITHDRAW_CONSENT"),
    ("", "I object to the processing of my data.", "OBJECTION"),
    ("", "Please restrict the processing of my data.", "RESTRICTION"),
    ("", "Limit the use of my sensitive personal information.", "LIMIT_SENSITIVE"),
    ("My right to know", "California.", "KNOW"),
]
UNSURE = [
    ("GDPR request", "Please answer within a month."),
    ("Help", "How do I delete my account?"),
    ("Help", "I did not delete my account!"),
    ("Help", "Please do not delete my account."),
    ("Help", "Don't erase my data."),
    ("Bug", "The delete my account button does nothing."),
    ("Bug", "When I delete my account there is an error."),
    ("Both", "Send me a copy of my data. Then delete my account."),
    ("Picture", "Please delete my picture of yesterday."),
    ("Re: your mail", "Thank you.\n> Delete my account.\n> Copy of my data"),
    ("Somebody", "Somebody hacked me, and wanted to delete my account."),
    ("", "x" * 400 + " delete my account"),
    ("", ""),
]


@pytest.mark.parametrize(("subject", "text", "right"), PLAIN)
def test_what_is_plain_is_a_request(subject: str, text: str, right: str) -> None:
    assert right_in(subject, text) is PrivacyRight(right)


@pytest.mark.parametrize(("subject", "text"), UNSURE)
def test_what_is_unsure_is_left_to_a_person(subject: str, text: str) -> None:
    assert right_in(subject, text) is None


def test_no_letter_takes_long() -> None:
    begun = time.process_time()
    for text in ("delete my " * 500, "my " * 1_600, "article 17 of the " * 270, "data " * 1_000 + "about me"):
        assert right_in("", text) is None
    assert time.process_time() - begun < 2
