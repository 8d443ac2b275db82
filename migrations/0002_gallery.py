from tortoise import migrations
from tortoise.migrations import operations as ops
from app.core.ids import uuid7
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0001_initial')]

    initial = False

    operations = [
        ops.CreateModel(
            name='GalleryItem',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('generation', fields.OneToOneField('models.Generation', source_field='generation_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('author', fields.ForeignKeyField('models.User', source_field='author_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('prompt', fields.TextField(null=True, unique=False)),
                ('style', fields.CharField(null=True, max_length=64)),
                ('published_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'gallery_items', 'app': 'models', 'indexes': [Index(fields=['author_id', 'id'])], 'pk_attr': 'id', 'table_description': 'A generation that its author published: a row of its own, with no more than everybody may see.'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='Generation',
            name='job_id',
            field=fields.UUIDField(null=True),
        ),
        ops.AddField(
            model_name='Generation',
            name='show_prompt',
            field=fields.BooleanField(db_default=False),
        ),
        ops.AddField(
            model_name='Generation',
            name='visibility',
            field=fields.CharField(db_default='PRIVATE', max_length=16),
        ),
        ops.AddIndex(
            model_name='Generation',
            index=Index(fields=['status', 'id']),
        ),
    ]
