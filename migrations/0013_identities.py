from tortoise import migrations
from tortoise.migrations import operations as ops
from app.core.ids import uuid7
from tortoise.fields.base import OnDelete
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0012_browser_sessions')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Avatar',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('person', fields.OneToOneField('models.User', source_field='person_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('picture', fields.OneToOneField('models.Picture', source_field='picture_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'avatars', 'app': 'models', 'pk_attr': 'id', 'table_description': 'The picture of a person themselves: everybody who sees their profile sees it.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='AvatarSource',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('person', fields.OneToOneField('models.User', source_field='person_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('processor', fields.CharField(max_length=16)),
                ('url', fields.TextField(unique=False)),
                ('created_at', fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'avatar_sources', 'app': 'models', 'pk_attr': 'id', 'table_description': "Where a provider of sign-ins has a person's picture, until a job has copied it from there."},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Identity',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('user', fields.ForeignKeyField('models.User', source_field='user_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('provider', fields.CharField(max_length=16)),
                ('subject', fields.CharField(max_length=64)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('last_used_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'identities', 'app': 'models', 'unique_together': (('provider', 'subject'), ('user_id', 'provider')), 'pk_attr': 'id', 'table_description': 'An account at Google or GitHub that opens an account here. `subject` is a hash of what it is called there.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='ProviderQuestion',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('expires_at', fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'provider_questions', 'app': 'models', 'pk_attr': 'id', 'table_description': 'A browser was sent to a provider and did not come back yet: each answer counts once.'},
            bases=['Model'],
        ),
        ops.AlterField(
            model_name='User',
            name='password_hash',
            field=fields.CharField(null=True, max_length=255),
        ),
    ]
