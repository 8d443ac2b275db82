"""Purpose limitation: each reason for a no, and that nothing else is one."""

from collections.abc import Awaitable, Callable
from uuid import uuid4

import pytest

from app.accounts.sessions import SignedIn
from app.consents.enforcement import PURPOSES, PurposeLimitation
from app.consents.errors import (
    ActivityNotDeclared,
    ConsentMissing,
    Objected,
    ProcessingRestricted,
    SubjectGone,
    SubjectIsMinor,
)
from app.consents.objections import Stance, set_objections
from app.consents.purposes import Method, Objectionable
from app.consents.service import Choice, Way, decide
from app.core.clock import SystemClock
from app.core.db import execute, transaction
from app.core.origin import NOWHERE
from app.core.personal_data import Activity, Basis, Category, Column, Holder
from app.core.purposes import PURPOSES as ROLES
from app.core.purposes import WrongPurpose
from app.core.viewer import Role
from app.registries import PERSONAL_DATA
from tests.conftest import SignUp
from tests.fakes.consents import NEW, FakeNotices, consent_office
from tests.fakes.statements import counted

EVERYTHING = Holder("diaries", "author_id", {"text": Column(Category.CONTENT, tuple(Activity))})
CONTENT = Category.CONTENT


def limitation(notices: FakeNotices | None = None) -> PurposeLimitation:
    return PurposeLimitation.of([EVERYTHING], notices or FakeNotices(), SystemClock())


async def say(person: SignedIn, activity: Activity, granted: bool) -> None:
    async with transaction():
        choice = Choice(PURPOSES[activity], granted)
        await decide(person.viewer.user_id, [choice], None, consent_office(), Way(Method.API))


async def object_to(person: SignedIn, activity: Objectionable, objected: bool) -> None:
    stances = [Stance(activity, objected)]
    await set_objections(
        person.viewer, stances, key=str(uuid4()), hash_key=b"h" * 32, clock=SystemClock(), origin=NOWHERE
    )


async def restrict(person: SignedIn) -> None:
    await execute("UPDATE users SET status = 'RESTRICTED' WHERE id = $1", person.viewer.user_id)


@pytest.mark.parametrize("activity", [each for each in Activity if each.basis is not Basis.CONSENT])
async def test_what_needs_no_consent_is_allowed_of_who_said_nothing(person: SignUp, activity: Activity) -> None:
    await limitation()((await person("ada")).viewer.user_id, activity, CONTENT)


@pytest.mark.parametrize("activity", PURPOSES)
async def test_what_rests_on_consent_needs_one_that_was_not_withdrawn(person: SignUp, activity: Activity) -> None:
    ada, eve, allows = await person("ada"), await person("eve"), limitation()
    await say(eve, activity, True)

    for granted in (None, True, False):
        if granted is not None:
            await say(ada, activity, granted)
        if granted:
            await allows(ada.viewer.user_id, activity, CONTENT)
            continue
        with pytest.raises(ConsentMissing) as refused:
            await allows(ada.viewer.user_id, activity, CONTENT)
        assert refused.value.purpose == PURPOSES[activity].value
        assert "ada" not in refused.value.message.lower()
    assert await allows.allowed([ada.viewer.user_id, eve.viewer.user_id], activity, CONTENT) == {eve.viewer.user_id}


async def test_of_a_child_nothing_is_done_but_what_the_law_asks(person: SignUp) -> None:
    ada, eve, allows = await person("ada"), await person("eve"), limitation()
    await execute("UPDATE users SET status = 'FROZEN' WHERE id = $1", ada.viewer.user_id)
    both = [ada.viewer.user_id, eve.viewer.user_id]

    for activity in Activity:
        if activity is Activity.LEGAL_COMPLIANCE:
            await allows(ada.viewer.user_id, activity, CONTENT)
            continue
        with pytest.raises(SubjectIsMinor, match="MINOR"):
            await allows(ada.viewer.user_id, activity, CONTENT)
        assert ada.viewer.user_id not in await allows.allowed(both, activity, CONTENT)


async def test_a_consent_to_something_else_is_none(person: SignUp) -> None:
    ada = await person("ada")
    for activity in PURPOSES:
        if activity is not Activity.PRIVATE_TRAINING:
            await say(ada, activity, True)

    with pytest.raises(ConsentMissing):
        await limitation()(ada.viewer.user_id, Activity.PRIVATE_TRAINING, CONTENT)


async def test_a_consent_that_is_asked_again_permits_nothing(person: SignUp) -> None:
    ada, notices = await person("ada"), FakeNotices()
    await say(ada, Activity.MARKETING, True)
    await limitation(notices)(ada.viewer.user_id, Activity.MARKETING, CONTENT)
    notices.notice, notices.again = NEW, {PURPOSES[Activity.MARKETING]: SystemClock().now()}

    with pytest.raises(ConsentMissing) as refused:
        await limitation(notices)(ada.viewer.user_id, Activity.MARKETING, CONTENT)

    assert refused.value.policy_version == NEW.version


@pytest.mark.parametrize("activity", Objectionable)
async def test_an_objection_stops_its_activity_only_and_can_be_taken_back(
    person: SignUp, activity: Objectionable
) -> None:
    ada, allows = await person("ada"), limitation()
    await object_to(ada, activity, True)

    with pytest.raises(Objected):
        await allows(ada.viewer.user_id, Activity(activity.value), CONTENT)
    [other] = set(Objectionable) - {activity}
    await allows(ada.viewer.user_id, Activity(other.value), CONTENT)
    await allows(ada.viewer.user_id, Activity.FRAUD_PREVENTION, CONTENT)
    await object_to(ada, activity, False)
    await allows(ada.viewer.user_id, Activity(activity.value), CONTENT)


@pytest.mark.parametrize("activity", Activity)
async def test_restriction_stops_everything_but_what_the_law_asks(person: SignUp, activity: Activity) -> None:
    ada, allows = await person("ada"), limitation()
    if activity in PURPOSES:
        await say(ada, activity, True)
    await restrict(ada)

    if activity is Activity.LEGAL_COMPLIANCE:
        await allows(ada.viewer.user_id, activity, CONTENT)
        return
    with pytest.raises(ProcessingRestricted):
        await allows(ada.viewer.user_id, activity, CONTENT)


async def test_who_is_gone_allows_nothing(database: str) -> None:
    with pytest.raises(SubjectGone):
        await limitation()(uuid4(), Activity.ACCOUNT_MANAGEMENT, CONTENT)


async def test_the_registry_says_what_a_category_is_for(person: SignUp) -> None:
    ada = (await person("ada")).viewer.user_id
    allows = PurposeLimitation.of(PERSONAL_DATA.values(), FakeNotices(), SystemClock())

    await allows(ada, Activity.IMAGE_GENERATION, CONTENT)
    for activity, category in ((Activity.MARKETING, CONTENT), (Activity.ANALYTICS, Category.CREDENTIAL)):
        for subject in (ada, None):
            with pytest.raises(ActivityNotDeclared):
                await allows(subject, activity, category)
    for activity in Activity:
        with pytest.raises(ActivityNotDeclared):
            await allows(ada, activity, Category.NOT_PERSONAL)


@pytest.mark.parametrize("role", Role)
async def test_each_role_looks_for_its_own_purposes_only(role: Role) -> None:
    for activity in Activity:
        if activity in ROLES[role]:
            await limitation()(None, activity, CONTENT, role)
            continue
        with pytest.raises(WrongPurpose):
            await limitation()(None, activity, CONTENT, role)


async def test_it_takes_few_statements_however_many_are_asked_about(person: SignUp) -> None:
    ada, allows = (await person("ada")).viewer.user_id, limitation()

    async def statements(work: Callable[[], Awaitable[object]]) -> int:
        seen: list[str] = []
        with counted(seen.append):
            await work()
        return len(seen)

    assert await statements(lambda: allows(None, Activity.IMAGE_GENERATION, CONTENT)) == 0
    assert await statements(lambda: allows(ada, Activity.IMAGE_GENERATION, CONTENT)) == 1
    many = [ada, *(uuid4() for _ in range(200))]
    assert await statements(lambda: allows.allowed(many, Activity.PRIVATE_TRAINING, CONTENT)) == 1
