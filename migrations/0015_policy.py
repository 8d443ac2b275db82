from tortoise import migrations
from tortoise.migrations import operations as ops
from app.core.ids import uuid7
from tortoise.fields.base import OnDelete
from uuid import uuid4
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0013_identities')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Acceptance',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('subject', fields.ForeignKeyField('models.SubjectAlias', source_field='subject_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('kind', fields.CharField(max_length=16)),
                ('version', fields.CharField(max_length=32)),
                ('sha256', fields.CharField(max_length=64)),
                ('accepted_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'acceptances', 'app': 'models', 'unique_together': (('subject_id', 'kind', 'version'),), 'pk_attr': 'id', 'table_description': 'That somebody accepted a version: once each, never changed and never deleted.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='DocumentVersion',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('kind', fields.CharField(max_length=16)),
                ('version', fields.CharField(max_length=32)),
                ('sha256', fields.CharField(max_length=64)),
                ('published_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('effective_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('material', fields.BooleanField()),
                ('summary', fields.TextField(unique=False)),
                ('asks_again', fields.TextField(unique=False)),
                ('published_by', fields.ForeignKeyField('models.SubjectAlias', source_field='published_by_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
            ],
            options={'table': 'document_versions', 'app': 'models', 'unique_together': (('kind', 'version'),), 'indexes': [Index(fields=['kind', 'effective_at'])], 'pk_attr': 'id', 'table_description': 'A version that was published. Never changed; its text is the shipped file with this hash.'},
            bases=['Model'],
        ),
    ]
