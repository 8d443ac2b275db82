from tortoise import migrations
from tortoise.migrations import operations as ops
from app.core.ids import uuid7
from orjson import loads
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0028_erasure')]

    initial = False

    operations = [
        ops.CreateModel(
            name='PrivacyArchive',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('request', fields.OneToOneField('models.PrivacyRequest', source_field='request_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('person', fields.ForeignKeyField('models.User', source_field='person_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('parts', fields.JSONField(db_default='{}', encoder=JSON_DUMPS, decoder=loads)),
                ('place', fields.CharField(null=True, max_length=64)),
                ('byte_size', fields.BigIntField(null=True)),
                ('sha256', fields.CharField(null=True, max_length=64)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('expires_at', fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'privacy_archives', 'app': 'models', 'pk_attr': 'id', 'table_description': 'An export: a row before its bytes, so that whatever a crash leaves in the store belongs to a row.'},
            bases=['Model'],
        ),
    ]
