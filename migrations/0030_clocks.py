from tortoise import migrations
from tortoise.migrations import operations as ops
from app.core.ids import uuid7
from orjson import loads
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0029_privacy_archives')]

    initial = False

    operations = [
        ops.CreateModel(
            name='BarredDisclosure',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('subject', fields.ForeignKeyField('models.SubjectAlias', source_field='subject_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('recorded_by', fields.ForeignKeyField('models.SubjectAlias', source_field='recorded_by_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('ground', fields.CharField(max_length=32)),
                ('categories', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ('disclosed_on', fields.DateField()),
                ('recorded_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('barred_until', fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
                ('content', fields.TextField(null=True, unique=False)),
            ],
            options={'table': 'barred_disclosures', 'app': 'models', 'pk_attr': 'id', 'table_description': 'One that the law forbids to tell of, for now. A table of its own, so that nothing shows it by mistake.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='LegalDisclosure',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('subject', fields.ForeignKeyField('models.SubjectAlias', source_field='subject_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('recorded_by', fields.ForeignKeyField('models.SubjectAlias', source_field='recorded_by_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('ground', fields.CharField(max_length=32)),
                ('categories', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ('disclosed_on', fields.DateField()),
                ('recorded_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('shown_from', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('barred_until', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('content', fields.TextField(null=True, unique=False)),
            ],
            options={'table': 'legal_disclosures', 'app': 'models', 'indexes': [Index(fields=['subject_id', 'id']), Index(fields=['recorded_by_id']), Index(fields=['shown_from'])], 'pk_attr': 'id', 'table_description': 'One that the person may know of. `content` has its words, as JSON: it goes with the person, and the row stays.'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='PrivacyRequest',
            name='confirmed_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
    ]
