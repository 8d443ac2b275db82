from tortoise import migrations
from tortoise.migrations import operations as ops
from app.core.ids import uuid7
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0020_retention')]

    initial = False

    operations = [
        ops.CreateModel(
            name='TrainingSet',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('name', fields.CharField(unique=True, max_length=64)),
                ('started_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('position', fields.UUIDField(null=True)),
                ('sealed_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('items', fields.IntField(db_default=0)),
                ('sha256', fields.CharField(null=True, max_length=64)),
                ('signature', fields.TextField(null=True, unique=False)),
            ],
            options={'table': 'training_sets', 'app': 'models', 'pk_attr': 'id', 'table_description': 'A data set. While it is built, `position` is the last image that was looked at; then it is sealed for good.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='TrainingItem',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('set', fields.ForeignKeyField('models.TrainingSet', source_field='set_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('subject', fields.ForeignKeyField('models.SubjectAlias', source_field='subject_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('picture_id', fields.UUIDField(db_index=True)),
                ('sha256', fields.CharField(max_length=64)),
                ('byte_size', fields.IntField()),
                ('visibility', fields.CharField(max_length=16)),
                ('basis', fields.CharField(max_length=32)),
                ('policy_version', fields.CharField(max_length=32)),
                ('consent_id', fields.UUIDField(null=True)),
                ('decided_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('mac', fields.CharField(max_length=64)),
                ('excluded_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('excluded_because', fields.CharField(null=True, max_length=32)),
            ],
            options={'table': 'training_items', 'app': 'models', 'unique_together': (('set_id', 'picture_id'),), 'indexes': [Index(fields=['set_id', 'id'])], 'pk_attr': 'id', 'table_description': "That a picture is in a data set, and why it may be. Its person is an alias, which erasure makes nobody's."},
            bases=['Model'],
        ),
    ]
