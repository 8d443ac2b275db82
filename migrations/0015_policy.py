from tortoise import migrations
from tortoise.migrations import operations as ops
from app.core.ids import uuid7
from tortoise.fields.base import OnDelete
from uuid import uuid4
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0014_audit_chain')]

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
        ops.CreateModel(
            name='Announcement',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('document_version', fields.OneToOneField('models.DocumentVersion', source_field='document_version_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('position', fields.UUIDField(null=True)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('finished_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'announcements', 'app': 'models', 'pk_attr': 'id', 'table_description': 'That everybody is to be told of a version. `position` is the last person who was, on the way through all.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Notice',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('person', fields.ForeignKeyField('models.User', source_field='person_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('announcement', fields.ForeignKeyField('models.Announcement', source_field='announcement_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('dismissed_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'notices', 'app': 'models', 'unique_together': (('person_id', 'announcement_id'),), 'indexes': [Index(fields=['person_id', 'id'])], 'pk_attr': 'id', 'table_description': 'That one person was told of it. It stays open until they dismiss it.'},
            bases=['Model'],
        ),
    ]
