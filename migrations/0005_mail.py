from tortoise import migrations
from tortoise.migrations import operations as ops
from app.core.ids import uuid7
from tortoise.fields.base import OnDelete
from tortoise.fields.db_defaults import Now
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0004_audit')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Mail',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('person', fields.ForeignKeyField('models.User', source_field='person_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('address', fields.CharField(max_length=254)),
                ('kind', fields.CharField(max_length=32)),
                ('values', fields.TextField(unique=False)),
                ('ticket', fields.UUIDField(null=True)),
                ('state', fields.CharField(db_default='QUEUED', max_length=16)),
                ('reply_code', fields.CharField(null=True, max_length=16)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('ended_at', fields.DatetimeField(null=True, db_index=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'mails', 'app': 'models', 'pk_attr': 'id', 'table_description': 'A mail that is to be sent, or was. Its text is made when it is sent; `values` fills it and holds no secret.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Ticket',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('user', fields.ForeignKeyField('models.User', source_field='user_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('purpose', fields.CharField(max_length=32)),
                ('address', fields.CharField(max_length=254)),
                ('expires_at', fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'tickets', 'app': 'models', 'pk_attr': 'id', 'table_description': 'What a one-time link is good for. Its token is a signature of the id: no secret is stored.'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='Session',
            name='authenticated_at',
            field=fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False),
        ),
        ops.AlterField(
            model_name='User',
            name='email',
            field=fields.CharField(max_length=254),
        ),
        ops.AddField(
            model_name='User',
            name='confirmed_email',
            field=fields.CharField(null=True, unique=True, max_length=254),
        ),
        ops.RunSQL("UPDATE users SET confirmed_email = email", "UPDATE users SET confirmed_email = NULL"),
    ]
