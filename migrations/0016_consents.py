from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from uuid import uuid4
from tortoise import fields

APPEND_ONLY = [
    """CREATE FUNCTION refuse_change_of_consents() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN RAISE EXCEPTION '% is append only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$""",
    *(
        f"""CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_consents()"""
        for table in ("consent_records", "objection_records")
    ),
]


class Migration(migrations.Migration):
    dependencies = [('models', '0015_policy')]

    initial = False

    operations = [
        ops.CreateModel(
            name='ConsentRecord',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('principal', fields.ForeignKeyField('models.SubjectAlias', source_field='principal_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('sequence', fields.IntField()),
                ('purpose', fields.CharField(max_length=32)),
                ('granted', fields.BooleanField()),
                ('decided_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('policy_version', fields.CharField(max_length=32)),
                ('notice_sha256', fields.CharField(max_length=64)),
                ('method', fields.CharField(max_length=32)),
                ('receipt', fields.TextField(unique=False)),
            ],
            options={'table': 'consent_records', 'app': 'models', 'unique_together': (('principal_id', 'purpose', 'sequence'),), 'pk_attr': 'id', 'table_description': 'A decision about one purpose. `receipt` is the whole record of ISO/IEC TS 27560, signed; the rest finds it.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='ObjectionRecord',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('principal', fields.ForeignKeyField('models.SubjectAlias', source_field='principal_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('sequence', fields.IntField()),
                ('activity', fields.CharField(max_length=32)),
                ('objected', fields.BooleanField()),
                ('decided_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'objection_records', 'app': 'models', 'unique_together': (('principal_id', 'activity', 'sequence'),), 'pk_attr': 'id', 'table_description': 'That somebody objects to an activity that rests on a legitimate interest (Art. 21 GDPR), or does so no more.'},
            bases=['Model'],
        ),
        ops.RunSQL(APPEND_ONLY, "DROP FUNCTION refuse_change_of_consents CASCADE"),
    ]
