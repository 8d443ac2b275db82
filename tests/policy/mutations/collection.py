"""Mutations of the clauses on what people give and what is noted."""

from app.media.faces import Faces
from tests.policy.mutations.mutation import Mutation
from tests.policy.mutations.replacements import (
    always,
    always_later,
    nothing,
    show_always_with_the_prompt,
    sign_up_under_another_name,
    webp_with_the_camera,
)

COLLECTION = (
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
)
