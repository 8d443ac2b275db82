from tortoise import migrations
from tortoise.migrations import operations as ops
from app.core.ids import uuid7
from tortoise.fields.base import OnDelete
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0010_passkeys')]

    initial = False

    operations = [
        ops.CreateModel(
            name='AppClient',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('name', fields.CharField(max_length=60)),
                ('redirects', fields.TextField(unique=False)),
                ('scopes', fields.CharField(max_length=255)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'app_clients', 'app': 'models', 'pk_attr': 'id', 'table_description': 'An app that staff registered. `redirects` and `scopes` are separated by spaces.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='AppGrant',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('user', fields.ForeignKeyField('models.User', source_field='user_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('client', fields.ForeignKeyField('models.AppClient', source_field='client_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('scopes', fields.CharField(max_length=255)),
                ('redirect', fields.TextField(unique=False)),
                ('challenge', fields.CharField(max_length=43)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('expires_at', fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'app_grants', 'app': 'models', 'pk_attr': 'id', 'table_description': 'That a person let an app in. It is deleted when they, the app or a stolen token end it.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='AppToken',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('grant', fields.ForeignKeyField('models.AppGrant', source_field='grant_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('kind', fields.CharField(max_length=8)),
                ('token_hash', fields.CharField(unique=True, max_length=64)),
                ('scopes', fields.CharField(max_length=255)),
                ('expires_at', fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
                ('spent_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'app_tokens', 'app': 'models', 'pk_attr': 'id', 'table_description': 'A code, an access token or a refresh token of a grant, hashed. What was spent stays, so that reuse is seen.'},
            bases=['Model'],
        ),
    ]
