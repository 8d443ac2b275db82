from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0030_clocks')]

    initial = False

    operations = [
        ops.AddField(
            model_name='PrivacyRequestDetail',
            name='link_mailed_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='PrivacyRequestDetail',
            name='archive_link',
            field=fields.UUIDField(null=True),
        ),
        ops.AddIndex(
            model_name='PrivacyRequestDetail',
            index=Index(fields=['archive_link']),
        ),
    ]
