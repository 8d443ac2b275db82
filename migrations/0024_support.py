from tortoise import migrations
from tortoise.migrations import operations as ops
from app.core.ids import uuid7
from tortoise.fields.base import OnDelete
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0023_analytics')]

    initial = False

    operations = [
        ops.CreateModel(
            name='SupportThread',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('person', fields.ForeignKeyField('models.User', source_field='person_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('address', fields.CharField(null=True, db_index=True, max_length=254)),
                ('topic', fields.CharField(max_length=32)),
                ('privacy_right', fields.CharField(null=True, max_length=32)),
                ('state', fields.CharField(max_length=16)),
                ('subject', fields.CharField(db_default='', max_length=200)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('last_message_at', fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'support_threads', 'app': 'models', 'pk_attr': 'id', 'table_description': "A conversation. It is a person's, whose own address it goes to, or that of an address which wrote to us."},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='SupportMessage',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('thread', fields.ForeignKeyField('models.SupportThread', source_field='thread_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('author', fields.CharField(max_length=16)),
                ('text', fields.TextField(unique=False)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('message_id', fields.CharField(null=True, max_length=255)),
                ('source', fields.CharField(null=True, unique=True, max_length=64)),
            ],
            options={'table': 'support_messages', 'app': 'models', 'pk_attr': 'id', 'table_description': 'A message of a thread. `message_id` is how mail programs know it: as it came, or the id of our mail that took it.'},
            bases=['Model'],
        ),
        ops.RunSQL(
            "ALTER TABLE support_threads ADD CONSTRAINT of_a_person_or_an_address CHECK ((person_id IS NULL) <> (address IS NULL))",
            "ALTER TABLE support_threads DROP CONSTRAINT of_a_person_or_an_address",
        ),
    ]
