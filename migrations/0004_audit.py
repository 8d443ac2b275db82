from tortoise import migrations
from tortoise.migrations import operations as ops
from app.core.ids import uuid7
from tortoise.fields.base import OnDelete
from uuid import uuid4
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0003_references')]

    initial = False

    operations = [
        ops.CreateModel(
            name='SubjectAlias',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('user', fields.OneToOneField('models.User', source_field='user_id', null=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.SET_NULL)),
            ],
            options={'table': 'subject_aliases', 'app': 'models', 'pk_attr': 'id', 'table_description': "The random name that append-only records know a person by. Erasure empties `user_id`: the name stays nobody's."},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('action', fields.CharField(max_length=32)),
                ('subject', fields.ForeignKeyField('models.SubjectAlias', source_field='subject_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('actor', fields.ForeignKeyField('models.SubjectAlias', source_field='actor_id', null=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('purpose', fields.CharField(null=True, max_length=32)),
                ('commitment', fields.CharField(null=True, max_length=64)),
            ],
            options={'table': 'audit_entries', 'app': 'models', 'indexes': [Index(fields=['subject_id', 'id']), Index(fields=['action', 'id'])], 'pk_attr': 'id', 'table_description': 'Something that happened. Never changed and never deleted.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='AuditDetail',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('entry', fields.OneToOneField('models.AuditEntry', source_field='entry_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('salt', fields.BinaryField()),
                ('content', fields.TextField(unique=False)),
            ],
            options={'table': 'audit_details', 'app': 'models', 'pk_attr': 'id', 'table_description': 'What an entry commits to: gone with the person, and the entry still stands.'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='User',
            name='status',
            field=fields.CharField(db_default='ACTIVE', max_length=16),
        ),
    ]
