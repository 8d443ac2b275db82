"""KNOW: how much of what is held, whence and what for, and who got which."""

from uuid import UUID

from app.core.db import execute
from app.core.personal_data import Category
from app.core.privacy_rights import PrivacyRight
from app.privacy.asked import Asked
from app.privacy.rights.know import SOURCES, _held
from app.registries import PERSONAL_DATA
from tests.conftest import SignUp
from tests.privacy.rights.world import Asking, counts, steps


async def test_categories_are_counted_and_recipients_named(asking: Asking, ada: UUID, person: SignUp) -> None:
    await person("eve")

    done = await asking.answer(Asked(PrivacyRight.KNOW), ada)

    found = {step.holder: step for step in await steps(done)}
    assert set(SOURCES) == set(Category) - {Category.NOT_PERSONAL}
    assert found["FACE"].count == 1
    assert found["FACE"].note == "For LEGAL_COMPLIANCE, FACE_REFERENCES."
    assert "MARKETING" in (found["CONTACT"].note or "")
    claims = asking.claims(done)
    assert claims["disclosed"] == {"acme": {"IMAGE_GENERATION": 1, "ACCOUNT_MANAGEMENT": 1}}
    assert claims["sources"] == {category.value: list(whence) for category, whence in SOURCES.items()}


async def test_each_note_fits_and_counts_are_of_this_person(asking: Asking, ada: UUID, person: SignUp) -> None:
    eve = (await person("eve")).viewer.user_id

    of_ada, of_eve = [await asking.answer(Asked(PrivacyRight.KNOW), each) for each in (ada, eve)]

    assert all(len(step.note or "") <= 200 for step in await steps(of_ada))
    assert ("FACE", "DONE", 1) in await counts(of_ada)
    assert ("FACE", "DONE", 0) in await counts(of_eve)


async def test_what_nobody_may_be_told_of_is_not_counted(asking: Asking, ada: UUID) -> None:
    """Who asks twice would else see that there is one more."""
    before = await asking.answer(Asked(PrivacyRight.OPT_OUT_OF_SALE), ada)  # both find one request, and its steps
    await execute("DELETE FROM privacy_requests WHERE id = $1", before.id)
    look = _held(Category.ACTIVITY, list(PERSONAL_DATA.values()))
    first, _ = await look(before)

    await execute(
        """INSERT INTO barred_disclosures (id, subject_id, recorded_by_id, ground, categories, disclosed_on,
                                           recorded_at, barred_until, content)
           SELECT gen_random_uuid(), id, id, 'COURT_ORDER', '[]', current_date, now(), now() + interval '9 days', '{}'
           FROM subject_aliases WHERE user_id = $1""",
        ada,
    )

    assert (await look(before))[0] == first
