from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0018_visits')]

    initial = False

    operations = [
        ops.RemoveField(model_name='Announcement', name='position'),
        ops.AddField(
            model_name='Announcement',
            name='position',
            field=fields.ForeignKeyField('models.User', source_field='position_id', null=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.SET_NULL),
        ),
    ]
