from tortoise import migrations
from tortoise.migrations import operations as ops
from app.core.ids import uuid7
from orjson import loads
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0002_gallery')]

    initial = False

    operations = [
        ops.CreateModel(
            name='FaceAcknowledgement',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('person', fields.ForeignKeyField('models.User', source_field='person_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('reference_image_id', fields.UUIDField(unique=True)),
                ('statement', fields.CharField(max_length=64)),
                ('version', fields.CharField(max_length=16)),
                ('wording_sha256', fields.CharField(max_length=64)),
                ('acknowledged_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'face_acknowledgements', 'app': 'models', 'pk_attr': 'id', 'table_description': 'What a person said of the face in a picture. Rows are only ever added; they outlive the picture.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='ReferenceImage',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('person', fields.ForeignKeyField('models.User', source_field='person_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('picture', fields.OneToOneField('models.Picture', source_field='picture_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('has_face', fields.BooleanField()),
                ('face', fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
                ('saved', fields.BooleanField()),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('expires_at', fields.DatetimeField(null=True, db_index=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'reference_images', 'app': 'models', 'indexes': [Index(fields=['person_id', 'id'])], 'pk_attr': 'id', 'table_description': 'A picture that a person uploaded for engines to go by.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='GenerationReference',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('generation', fields.ForeignKeyField('models.Generation', source_field='generation_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('position', fields.IntField()),
                ('reference_image', fields.ForeignKeyField('models.ReferenceImage', source_field='reference_image_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.SET_NULL)),
            ],
            options={'table': 'generation_references', 'app': 'models', 'unique_together': (('generation', 'position'),), 'pk_attr': 'id', 'table_description': 'A reference picture of a generation, in the order of the wish; without a picture once that is deleted.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Upload',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('person', fields.ForeignKeyField('models.User', source_field='person_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('state', fields.CharField(max_length=16)),
                ('content_type', fields.CharField(max_length=32)),
                ('byte_size', fields.IntField()),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('expires_at', fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'uploads', 'app': 'models', 'pk_attr': 'id', 'table_description': 'Bytes that a person announced, sends once, and uses once.'},
            bases=['Model'],
        ),
    ]
