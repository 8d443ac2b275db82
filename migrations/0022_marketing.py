from tortoise import migrations
from tortoise.migrations import operations as ops
from app.core.ids import uuid7
from tortoise.fields.base import OnDelete
from uuid import uuid4
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0021_training')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Campaign',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('subject', fields.CharField(max_length=150)),
                ('text', fields.TextField(unique=False)),
                ('state', fields.CharField(db_default='RUNNING', max_length=16)),
                ('position', fields.ForeignKeyField('models.User', source_field='position_id', null=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.SET_NULL)),
                ('recipients', fields.IntField(db_default=0)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('finished_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'campaigns', 'app': 'models', 'pk_attr': 'id', 'table_description': 'A text for everybody who turned on news. `position` is the last person who was asked about on the way through'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='CampaignRecipient',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('campaign', fields.ForeignKeyField('models.Campaign', source_field='campaign_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('person', fields.ForeignKeyField('models.User', source_field='person_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('mail_id', fields.UUIDField()),
            ],
            options={'table': 'campaign_recipients', 'app': 'models', 'unique_together': (('campaign_id', 'person_id'),), 'indexes': [Index(fields=['person_id'])], 'pk_attr': 'id', 'table_description': "That a campaign's mail was recorded for a person, once. The mail is forgotten before this is."},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Subscriber',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('person', fields.OneToOneField('models.User', source_field='person_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('undeliverable', fields.CharField(null=True, max_length=254)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'subscribers', 'app': 'models', 'pk_attr': 'id', 'table_description': 'Somebody whom a campaign found. The id is random and stands in the links that end it, in every mail alike.'},
            bases=['Model'],
        ),
    ]
