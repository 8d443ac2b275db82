from tortoise import migrations
from tortoise.migrations import operations as ops
from app.core.ids import uuid7
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0017_disclosures')]

    initial = False

    operations = [
        ops.CreateModel(
            name='PageVisits',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('day', fields.DateField()),
                ('page', fields.CharField(max_length=64)),
                ('kind', fields.CharField(max_length=16)),
                ('count', fields.BigIntField()),
            ],
            options={'table': 'page_visits', 'app': 'models', 'unique_together': (('day', 'page', 'kind'),), 'pk_attr': 'id', 'table_description': 'The visits of one day that began at one page, of browsers that came before or of others.'},
            bases=['Model'],
        ),
    ]
