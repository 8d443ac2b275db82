from tortoise import migrations
from tortoise.migrations import operations as ops
from app.core.ids import uuid7
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0025_minors')]

    initial = False

    operations = [
        ops.CreateModel(
            name='PrivacyRequest',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('subject', fields.ForeignKeyField('models.SubjectAlias', source_field='subject_id', null=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('submitted_by', fields.ForeignKeyField('models.SubjectAlias', source_field='submitted_by_id', null=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('privacy_right', fields.CharField(max_length=32)),
                ('regime', fields.CharField(max_length=8)),
                ('channel', fields.CharField(max_length=16)),
                ('status', fields.CharField(max_length=32)),
                ('received_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('legal_due_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('verified_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('due_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('extended_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('extended_until', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('starts_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('finished_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('denial', fields.CharField(null=True, max_length=32)),
                ('receipt', fields.TextField(null=True, unique=False)),
                ('reminded', fields.SmallIntField(db_default=0)),
                ('job_id', fields.UUIDField(null=True)),
            ],
            options={'table': 'privacy_requests', 'app': 'models', 'indexes': [Index(fields=['subject_id', 'id']), Index(fields=['submitted_by_id']), Index(fields=['status', 'due_at', 'id']), Index(fields=['finished_at'])], 'pk_attr': 'id', 'table_description': 'What somebody asked for, and what became of it: the record of an answer in time.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='PrivacyRequestDetail',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('request', fields.OneToOneField('models.PrivacyRequest', source_field='request_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('address', fields.CharField(null=True, db_index=True, max_length=254)),
                ('content', fields.TextField(unique=False)),
                ('denial', fields.TextField(null=True, unique=False)),
                ('extension', fields.TextField(null=True, unique=False)),
            ],
            options={'table': 'privacy_request_details', 'app': 'models', 'pk_attr': 'id', 'table_description': 'What was said in a request, as JSON: it goes with the person, and the request stays.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='PrivacyRequestStep',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('request', fields.ForeignKeyField('models.PrivacyRequest', source_field='request_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('position', fields.SmallIntField()),
                ('holder', fields.CharField(max_length=64)),
                ('action', fields.CharField(max_length=16)),
                ('status', fields.CharField(max_length=16)),
                ('count', fields.BigIntField(null=True)),
                ('note', fields.CharField(null=True, max_length=200)),
                ('awaiting_until', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('started_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('finished_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'privacy_request_steps', 'app': 'models', 'unique_together': (('request', 'position'),), 'pk_attr': 'id', 'table_description': 'What is done with what one holder has. `count` is how much it was, added to by whichever transaction did it.'},
            bases=['Model'],
        ),
    ]
