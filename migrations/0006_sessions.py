from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.db_defaults import Now
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0005_mail')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Session',
            name='last_used_at',
            field=fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Session',
            name='device',
            field=fields.CharField(null=True, max_length=64),
        ),
        ops.AddField(
            model_name='Session',
            name='network',
            field=fields.CharField(null=True, max_length=64),
        ),
    ]
