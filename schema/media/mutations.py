"""Announce an upload, make a reference picture of it, delete one."""

import strawberry

from app.core.limits import Doing
from app.media import references, uploads
from app.media.queries import references_by_id, upload_of
from app.media.references import no_upload
from schema.context import ID, Info
from schema.directives import Cost, SemanticNonNull
from schema.errors import UserError, mutation
from schema.media.inputs import AddReferenceImageInput, CreateUploadInput, DeleteReferenceImageInput, reference_key
from schema.media.types import ReferenceImage, Upload
from schema.relay import parse_global_id


@strawberry.type(description="Where to send the bytes.")
class CreateUploadPayload:
    """Outcome of `createUpload`."""

    upload: Upload | None = strawberry.field(default=None, description="Send them within the hour.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing can be sent.")


@strawberry.type(description="The picture that was added.")
class AddReferenceImagePayload:
    """Outcome of `addReferenceImage`."""

    reference_image: ReferenceImage | None = strawberry.field(default=None, description="For `ReferenceInput`.")
    errors: list[UserError] = strawberry.field(
        default_factory=list,
        description="Why there is none. After ConsentRequired the upload stays: send the same with an acknowledgement.",
    )


@strawberry.type(description="What is gone.")
class DeleteReferenceImagePayload:
    """Outcome of `deleteReferenceImage`."""

    deleted_id: ID | None = strawberry.field(default=None, description="The picture that is gone.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing was deleted.")


@strawberry.type
class MediaMutations:
    """Part of Mutation."""

    @strawberry.mutation(
        description="Announce a picture; its bytes go to the URL.", directives=[SemanticNonNull(), Cost(weight=10)]
    )
    @mutation(CreateUploadPayload)
    async def create_upload(self, info: Info, input: CreateUploadInput) -> CreateUploadPayload | None:
        """Commands `uploads.create_upload`."""
        await info.context.limit(Doing.UPLOAD)
        viewer, ports = info.context.required_viewer, info.context.ports
        upload_id = await uploads.create_upload(
            viewer,
            input.content_type,
            input.byte_size,
            key=input.idempotency_key,
            intake=ports.intake,
            hash_key=ports.idempotency_hash_key,
        )
        record = await upload_of(viewer, upload_id)
        return CreateUploadPayload(upload=Upload.from_record(record, info) if record else None)

    @strawberry.mutation(
        description="Make a reference picture of an upload. Nothing but pixels is kept of it. Where there is a face in "
        "it, the person has to acknowledge whose it is.",
        directives=[SemanticNonNull(), Cost(weight=50)],
    )
    @mutation(AddReferenceImagePayload)
    async def add_reference_image(self, info: Info, input: AddReferenceImageInput) -> AddReferenceImagePayload | None:
        """Commands `references.add_reference_image`."""
        viewer, ports = info.context.required_viewer, info.context.ports
        parsed = parse_global_id(input.upload_id)
        if parsed is None or parsed[0] != "Upload":
            raise no_upload()
        reference_id = await references.add_reference_image(
            viewer,
            parsed[1],
            input.acknowledgement.acknowledged() if input.acknowledgement else None,
            saved=input.saved,
            key=input.idempotency_key,
            intake=ports.intake,
            hash_key=ports.idempotency_hash_key,
        )
        record = (await references_by_id(viewer, [reference_id]))[0]
        return AddReferenceImagePayload(reference_image=ReferenceImage.from_record(record) if record else None)

    @strawberry.mutation(
        description="Delete a reference picture for good. A generation that still waits for it fails.",
        directives=[SemanticNonNull(), Cost(weight=10)],
    )
    @mutation(DeleteReferenceImagePayload)
    async def delete_reference_image(
        self, info: Info, input: DeleteReferenceImageInput
    ) -> DeleteReferenceImagePayload | None:
        """Commands `references.delete_reference_image`."""
        ports = info.context.ports
        await references.delete_reference_image(
            info.context.required_viewer,
            reference_key(input.id, ("id",)),
            key=input.idempotency_key,
            hash_key=ports.idempotency_hash_key,
        )
        return DeleteReferenceImagePayload(deleted_id=input.id)
