from tortoise import migrations
from tortoise.migrations import operations as ops
from app.core.ids import uuid7
from orjson import loads
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0016_consents')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Disclosure',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('subject', fields.ForeignKeyField('models.SubjectAlias', source_field='subject_id', null=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('processor', fields.CharField(max_length=64)),
                ('activity', fields.CharField(max_length=32)),
                ('categories', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ('object_type', fields.CharField(null=True, max_length=32)),
                ('object_id', fields.UUIDField(null=True)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('outcome', fields.CharField(null=True, max_length=16)),
                ('outcome_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('refusal', fields.CharField(null=True, max_length=32)),
                ('deletion', fields.CharField(null=True, max_length=16)),
                ('deletion_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'disclosures', 'app': 'models', 'indexes': [Index(fields=['subject_id', 'id']), Index(fields=['object_id', 'id'])], 'pk_attr': 'id', 'table_description': 'Something that was about to leave: written before it did. Without an outcome nobody knows whether it left.'},
            bases=['Model'],
        ),
    ]
