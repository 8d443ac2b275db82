from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0013_identities')]

    initial = False

    operations = [
        ops.CreateModel(
            name='AuditSeal',
            fields=[
                ('position', fields.BigIntField(primary_key=True, generated=False, unique=True, db_index=True)),
                ('entry', fields.OneToOneField('models.AuditEntry', source_field='entry_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('hash', fields.CharField(max_length=64)),
            ],
            options={'table': 'audit_seals', 'app': 'models', 'pk_attr': 'position', 'table_description': 'A link of the chain over the entries: what `app/audit/chain.py` wrote of one that was committed.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='AuditTip',
            fields=[
                ('id', fields.SmallIntField(primary_key=True, generated=False, unique=True, db_index=True)),
                ('position', fields.BigIntField()),
                ('hash', fields.CharField(max_length=64)),
                ('latest_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('signature', fields.TextField(unique=False)),
            ],
            options={'table': 'audit_tips', 'app': 'models', 'pk_attr': 'id', 'table_description': 'Where the chain ends: one row, which sealers lock and writers of entries never see.'},
            bases=['Model'],
        ),
    ]
