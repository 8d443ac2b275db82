"""P02 to P05: what is collected."""

from app.policy.activities import Source
from app.policy.clause import Clause

COLLECTION = (
    Clause(
        id="P02.1",
        title="An account",
        given="Some things are collected when an account is made; the list of them was lost.",
        interpretation="An address, a name that is shown, a password: what an account cannot be without.",
        source=Source.DECISION,
        sentences=("You open an account with an email address, a display name and a password.",),
        kept_by=("app.accounts.service:sign_up",),
        checks=("tests/accounts/test_accounts.py::test_a_viewer_is_what_was_signed_up",),
    ),
    Clause(
        id="P02.2",
        title="Sign-in with Google and GitHub",
        given="Signing in by others may bring name, email address and picture.",
        interpretation="Exactly these three are asked for; the picture is copied, not linked.",
        source=Source.TEXT,
        sentences=(
            "You may sign in with Google or GitHub instead.",
            "Of what they tell us we keep your name, your email address, a copy of your picture and the number by which they know you, as a hash.",
            "The picture is copied to us once, so that no page of ours tells them who looks at it.",
        ),
        kept_by=("app.accounts.joining:Joining", "app.accounts.providers:Providers", "app.media.avatars:AvatarCopier"),
        checks=(
            "tests/integrations/test_identity_providers.py::test_google_is_asked_for_name_address_and_picture_and_nothing_else",
            "tests/integrations/test_identity_providers.py::test_github_is_asked_for_the_user_and_their_primary_verified_address",
            "tests/accounts/identities/test_joining.py::test_the_picture_is_copied_shown_and_removed",
        ),
    ),
    Clause(
        id="P03.1",
        title="What is noted with a session",
        given="Some information is collected by itself; the list of it was lost.",
        interpretation="A shortened network address, the family of the device, the time: nothing else.",
        source=Source.DECISION,
        sentences=(
            "For each session, and for what you do yourself in your log, we keep the time and, where they are known, the family of the device and a shortened network address.",
        ),
        kept_by=("app.core.networks:network_of", "app.accounts.devices:device_family", "app.core.origin:Origin"),
        checks=(
            "tests/accounts/test_sessions.py::test_a_person_sees_where_they_are_signed_in_and_nobody_elses",
            "tests/audit/test_audit.py::test_a_person_sees_where_from_each_thing_was_done",
        ),
    ),
    Clause(
        id="P03.2",
        title="Logs",
        given="Nothing.",
        interpretation="A log is no place for anything personal: a search for planted data finds none.",
        source=Source.DECISION,
        sentences=("Our logs hold no name, no address, no prompt and no secret.",),
        kept_by=("app.core.log:configure",),
        checks=(
            "tests/faults/test_log_canary.py::test_no_line_holds_anything_of_an_account",
            "tests/faults/test_log_canary.py::test_no_line_holds_anything_personal_or_secret",
        ),
    ),
    Clause(
        id="P04.1",
        title="What is kept of a generation",
        given="Some things are collected when pictures are made; the list of them was lost.",
        interpretation="What was asked for and what came of it, for its owner.",
        source=Source.DECISION,
        sentences=(
            "When you have pictures made, we keep what you asked for and what came of it:",
            "your prompt and your settings",
            "the reference images that you add",
            "the pictures that were made, and why one was withheld",
            "Other people see nothing of it until you publish a picture, and you decide whether its prompt is shown with it.",
        ),
        kept_by=("app.generation.service:create_generation", "app.gallery.service:set_visibility"),
        checks=(
            "tests/generation/test_api.py::test_others_see_nothing_of_it",
            "tests/gallery/test_gallery.py::test_the_search_finds_only_prompts_that_are_shown",
        ),
    ),
    Clause(
        id="P04.2",
        title="Reference images are forgotten",
        given="Nothing.",
        interpretation="A day, unless its owner saves it.",
        source=Source.DECISION,
        sentences=(
            "Unless you save it, a reference image is deleted after about 24 hours, or when the pictures that wait for it are made.",
        ),
        kept_by=("app.generation.retention:SWEEPS",),
        checks=("tests/generation/test_references.py::test_one_that_is_waited_for_is_not_swept",),
    ),
    Clause(
        id="P05.1",
        title="Faces are found, not recognised",
        given="Reference images may contain faces; what the user acknowledges of it was lost.",
        interpretation="Detection on our own machine, to know what to ask; no embedding is ever computed.",
        source=Source.DECISION,
        sentences=(
            "Reference images may show faces.",
            "We look for faces on the machines that run this service only, to know whether there is one, where it is and which colours are around it: nothing that recognises a person is ever computed.",
        ),
        kept_by=("app.media.faces:faces_in",),
        checks=(
            "tests/media/test_faces.py::test_a_face_is_found_where_it_is",
            "tests/media/test_faces.py::test_what_is_known_of_a_face_is_whether_and_where",
        ),
    ),
    Clause(
        id="P05.2",
        title="An acknowledgement for each face",
        given="The user acknowledges something about faces; the list of it was lost.",
        interpretation="One's own face, or the written consent of the adult whose it is; asked for each image.",
        source=Source.DECISION,
        sentences=(
            "An image with a face can be used only once you have said that the face is yours, or that you have the written consent of the adult whose it is.",
            "What you said is kept with its wording and its date.",
        ),
        kept_by=("app.media.references:add_reference_image", "app.media.acknowledgement:FaceStatement"),
        checks=(
            "tests/media/test_references_api.py::test_a_face_without_an_acknowledgement_cannot_be_used",
            "tests/media/test_references_api.py::test_with_an_acknowledgement_it_is_used_and_leaves_a_record",
            "tests/media/test_references_api.py::test_no_published_wording_was_edited",
        ),
    ),
    Clause(
        id="P05.3",
        title="Places and cameras are removed",
        given="Nothing.",
        interpretation="EXIF, GPS and every other thing beside the pixels go before an image is stored.",
        source=Source.DECISION,
        sentences=(
            "What you upload lies as you sent it until it is looked at, two hours at most; of what is kept of it, nothing says where or with which camera it was taken.",
        ),
        kept_by=("app.media.imaging:examine",),
        checks=("tests/media/test_references_api.py::test_metadata_is_gone_and_the_picture_upright",),
    ),
)
