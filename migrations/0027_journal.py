from tortoise import migrations
from tortoise.migrations import operations as ops
from app.core.ids import uuid7
from orjson import loads
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0026_privacy_requests')]

    initial = False

    operations = [
        ops.CreateModel(
            name='JournalEntry',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('sequence', fields.BigIntField(null=True, unique=True)),
                ('decision', fields.CharField(max_length=32)),
                ('person_id', fields.UUIDField(null=True)),
                ('object', fields.UUIDField(null=True)),
                ('detail', fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('written_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('until', fields.DatetimeField(null=True, db_index=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'journal_entries', 'app': 'models', 'indexes': [Index(fields=['written_at', 'at'])], 'pk_attr': 'id', 'table_description': 'A decision. Once it is written to the object store, what it says of somebody is gone from here.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='JournalTip',
            fields=[
                ('id', fields.SmallIntField(primary_key=True, generated=False, unique=True, db_index=True)),
                ('sequence', fields.BigIntField()),
            ],
            options={'table': 'journal_tip', 'app': 'models', 'pk_attr': 'id', 'table_description': 'The last sequence number that this database gave out or applied: one row, which writers lock.'},
            bases=['Model'],
        ),
    ]
