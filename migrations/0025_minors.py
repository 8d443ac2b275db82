from tortoise import migrations
from tortoise.migrations import operations as ops
from app.core.ids import uuid7
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0024_support')]

    initial = False

    operations = [
        ops.CreateModel(
            name='MinorFlag',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('subject', fields.ForeignKeyField('models.SubjectAlias', source_field='subject_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('flagged_by', fields.ForeignKeyField('models.SubjectAlias', source_field='flagged_by_id', null=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('state', fields.CharField(max_length=16)),
                ('previous_status', fields.CharField(max_length=16)),
                ('flagged_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('purge_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('ended_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'minor_flags', 'app': 'models', 'indexes': [Index(fields=['state', 'purge_at']), Index(fields=['subject_id', 'id'])], 'pk_attr': 'id', 'table_description': "That an account is said to be a child's: FLAGGED, then LIFTED, or PURGING and PURGED."},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='GalleryItem',
            name='hidden',
            field=fields.BooleanField(db_default=False),
        ),
    ]
