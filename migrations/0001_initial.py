from uuid import uuid4

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from app.core.ids import uuid7


class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name='Feed',
            fields=[
                ('person_id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('sequence', fields.BigIntField()),
            ],
            options={'table': 'feeds', 'app': 'models', 'pk_attr': 'person_id', 'table_description': "The last sequence number of a person's feed; its row lock orders the entries."},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='FeedEntry',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('person_id', fields.UUIDField()),
                ('sequence', fields.BigIntField()),
                ('object_id', fields.UUIDField()),
                ('type', fields.CharField(max_length=32)),
                ('progress', fields.FloatField()),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'feed_entries', 'app': 'models', 'unique_together': (('person_id', 'sequence'), ('object_id', 'sequence')), 'pk_attr': 'id', 'table_description': 'A state change that somebody may watch. Lives as long as its object.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='IdempotencyKey',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('person_id', fields.UUIDField()),
                ('operation', fields.CharField(max_length=64)),
                ('key', fields.CharField(max_length=64)),
                ('input_hash', fields.BinaryField()),
                ('result_id', fields.UUIDField()),
                ('created_at', fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'idempotency_keys', 'app': 'models', 'unique_together': (('person_id', 'operation', 'key'),), 'pk_attr': 'id', 'table_description': 'That a command with this key succeeded, and what it made.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Job',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('kind', fields.CharField(max_length=64)),
                ('queue', fields.CharField(max_length=32)),
                ('payload', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ('state', fields.CharField(db_default='QUEUED', max_length=16)),
                ('attempt', fields.IntField(db_default=0)),
                ('failures', fields.IntField(db_default=0)),
                ('lease_until', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('run_after', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('dispatched_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('finished_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('error', fields.CharField(null=True, max_length=64)),
            ],
            options={'table': 'jobs', 'app': 'models', 'indexes': [Index(fields=['state', 'run_after']), Index(fields=['state', 'lease_until'])], 'pk_attr': 'id', 'table_description': 'A piece of work. The row is the truth; ARQ only carries its id.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='User',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('email', fields.CharField(unique=True, max_length=254)),
                ('password_hash', fields.CharField(max_length=255)),
                ('display_name', fields.CharField(max_length=60)),
                ('role', fields.CharField(db_default='USER', max_length=16)),
                ('adult_attested_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('policy_version', fields.CharField(max_length=32)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'users', 'app': 'models', 'pk_attr': 'id', 'table_description': 'A person with an account.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Generation',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('user', fields.ForeignKeyField('models.User', source_field='user_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('prompt', fields.TextField(unique=False)),
                ('negative_prompt', fields.TextField(null=True, unique=False)),
                ('engine', fields.CharField(max_length=64)),
                ('seed', fields.BigIntField()),
                ('width', fields.IntField()),
                ('height', fields.IntField()),
                ('count', fields.IntField()),
                ('style', fields.CharField(null=True, max_length=64)),
                ('status', fields.CharField(max_length=16)),
                ('notes', fields.JSONField(db_default='[]', encoder=JSON_DUMPS, decoder=loads)),
                ('failure_code', fields.CharField(null=True, max_length=64)),
                ('failure_message', fields.TextField(null=True, unique=False)),
                ('failure_retryable', fields.BooleanField(null=True)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('started_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('finished_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'generations', 'app': 'models', 'indexes': [Index(fields=['user_id', 'id'])], 'pk_attr': 'id', 'table_description': 'A prompt on its way to pictures.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Picture',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('person', fields.ForeignKeyField('models.User', source_field='person_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('state', fields.CharField(db_default='PENDING', max_length=16)),
                ('width', fields.IntField()),
                ('height', fields.IntField()),
                ('placeholder', fields.CharField(max_length=64)),
                ('variants', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ('created_at', fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'pictures', 'app': 'models', 'pk_attr': 'id', 'table_description': 'A picture in the object store.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='GeneratedImage',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('generation', fields.ForeignKeyField('models.Generation', source_field='generation_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('index', fields.IntField()),
                ('picture', fields.OneToOneField('models.Picture', source_field='picture_id', null=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('rejected_stage', fields.CharField(null=True, max_length=16)),
                ('rejected_categories', fields.JSONField(db_default='[]', encoder=JSON_DUMPS, decoder=loads)),
            ],
            options={'table': 'generated_images', 'app': 'models', 'unique_together': (('generation', 'index'),), 'pk_attr': 'id', 'table_description': 'What became of one image: a picture, or the reason why there is none.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Session',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('user', fields.ForeignKeyField('models.User', source_field='user_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('token_hash', fields.CharField(unique=True, max_length=64)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('expires_at', fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'sessions', 'app': 'models', 'pk_attr': 'id', 'table_description': 'A signed-in device. Only a hash of its token is kept.'},
            bases=['Model'],
        ),
    ]
