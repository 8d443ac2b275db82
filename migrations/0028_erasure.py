from tortoise import migrations
from tortoise.migrations import operations as ops
from app.core.ids import uuid7
from tortoise.fields.base import OnDelete
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0027_journal')]

    initial = False

    operations = [
        ops.CreateModel(
            name='ErasedKey',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('subject', fields.ForeignKeyField('models.SubjectAlias', source_field='subject_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('medium', fields.CharField(max_length=16)),
                ('key', fields.CharField(max_length=128)),
                ('erased_at', fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'erased_keys', 'app': 'models', 'unique_together': (('subject', 'medium', 'key'),), 'pk_attr': 'id', 'table_description': 'The key of something that was erased in a store that is no table, or of all that begins with it.'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='User',
            name='status_before_erasure',
            field=fields.CharField(null=True, max_length=16),
        ),
    ]
