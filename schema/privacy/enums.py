"""Enumerations of privacy requests."""

from collections.abc import Mapping
from enum import Enum
from typing import Any

import strawberry

from app.core.privacy_rights import PrivacyRight
from app.privacy.status import (
    STATUSES,
    Channel,
    Regime,
    RequestEvent,
    RequestStatus,
    Residence,
    StepAction,
    StepStatus,
)
from app.support.topics import RIGHTS

REGIMES = {
    Regime.GDPR: "The General Data Protection Regulation, and the laws of the United Kingdom and Switzerland like it.",
    Regime.CCPA: "The California Consumer Privacy Act.",
    Regime.OTHER: "No law was named: what is best for the person of the others.",
}
RESIDENCES = {
    Residence.EUROPE: "In the European Economic Area, the United Kingdom or Switzerland.",
    Residence.CALIFORNIA: "In California.",
    Residence.ELSEWHERE: "Anywhere else.",
}
CHANNELS = {
    Channel.SIGNED_IN: "By the person, signed in.",
    Channel.MAIL: "By mail.",
    Channel.PAGE: "By the page that needs no account.",
    Channel.STAFF: "By a member of staff, on behalf of the person.",
}
STEPS = {
    StepStatus.PENDING: "It has not begun.",
    StepStatus.RUNNING: "It is being done.",
    StepStatus.AWAITING: "It waits for somebody; `note` says for whom.",
    StepStatus.DONE: "It is done.",
}
ACTIONS = {
    StepAction.CHECK: "It is looked through.",
    StepAction.EXPORT: "A copy of it is made.",
    StepAction.CHANGE: "It is changed.",
    StepAction.ERASE: "It is deleted, or made to lead to nobody.",
    StepAction.NOTIFY: "Somebody is told.",
    StepAction.SCAN: "It is searched for what may be left.",
}
EVENTS = {
    "SNAPSHOT": "How it stands: the first event of who asks without `after`.",
    RequestEvent.RECEIVED.value: "It arrived.",
    RequestEvent.VERIFIED.value: "We know that it is the person.",
    RequestEvent.STARTED.value: "It is being done, or goes on.",
    RequestEvent.STEP_DONE.value: "A step is done.",
    RequestEvent.AWAITING_PROCESSOR.value: "It waits for somebody.",
    RequestEvent.EXTENDED.value: "It takes longer; `extension` says why.",
    RequestEvent.COMPLETED.value: "It is done.",
    RequestEvent.DENIED.value: "It was not granted.",
    RequestEvent.CANCELED.value: "It was taken back.",
    RequestEvent.EXPIRED.value: "Nobody proved in time that they are the person.",
}

EventType = Enum("EventType", {name: name for name in EVENTS})  # type: ignore[misc]
"""`RequestEvent`, and SNAPSHOT."""

WORDS: Mapping[type[Enum], tuple[str, str, Mapping[Any, str]]] = {
    PrivacyRight: ("PrivacyRight", "A right over one's data.", RIGHTS),
    RequestStatus: ("PrivacyRequestStatus", "Where a privacy request stands.", STATUSES),
    Regime: ("PrivacyRegime", "Whose law a request is answered by.", REGIMES),
    Residence: ("Residence", "Where somebody says that they live. It decides by whose law we answer.", RESIDENCES),
    Channel: ("PrivacyRequestChannel", "How a request came in.", CHANNELS),
    StepStatus: ("PrivacyRequestStepStatus", "Where a step stands.", STEPS),
    StepAction: ("PrivacyRequestStepAction", "What is done with what one holder has.", ACTIONS),
    EventType: (
        "PrivacyRequestEventType",
        "What happened to a privacy request.",
        {EventType(name): words for name, words in EVENTS.items()},
    ),
}
for _enum, (_name, _about, _words) in WORDS.items():
    strawberry.enum(_enum, name=_name, description=_about)
    for _value in _enum.__strawberry_definition__.values:  # type: ignore[attr-defined]
        _value.description = _words[_enum(_value.value)]
