from tortoise import migrations
from tortoise.migrations import operations as ops
from app.core.ids import uuid7
from tortoise.fields.base import OnDelete
from uuid import uuid4
from tortoise import fields

TERM = "interval '2557 days'"  # seven years; RECORDS_LAST of app/core/sweeps.py
APPEND_ONLY = [
    """CREATE TRIGGER append_only BEFORE UPDATE OR TRUNCATE ON restriction_records
       FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_consents()""",
    f"""CREATE FUNCTION refuse_early_end_of_restriction_records() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF OLD.decided_at > now() - {TERM} OR (
               EXISTS (SELECT FROM subject_aliases WHERE id = OLD.principal_id AND ended_at IS NULL)
               AND NOT EXISTS (SELECT FROM restriction_records n WHERE n.principal_id = OLD.principal_id
                               AND n.sequence > OLD.sequence))
          THEN
            RAISE EXCEPTION 'restriction_records is append only: this row is not over yet'
              USING ERRCODE = 'restrict_violation';
          END IF;
          RETURN OLD;
        END $$""",  # noqa: S608
    """CREATE TRIGGER not_early BEFORE DELETE ON restriction_records
       FOR EACH ROW EXECUTE FUNCTION refuse_early_end_of_restriction_records()""",
]
BACK = [
    "DROP TRIGGER append_only ON restriction_records",
    "DROP FUNCTION refuse_early_end_of_restriction_records CASCADE",
]


class Migration(migrations.Migration):
    dependencies = [('models', '0022_marketing')]

    initial = False

    operations = [
        ops.CreateModel(
            name='RestrictionRecord',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('principal', fields.ForeignKeyField('models.SubjectAlias', source_field='principal_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('sequence', fields.IntField()),
                ('restricted', fields.BooleanField()),
                ('decided_at', fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'restriction_records', 'app': 'models', 'unique_together': (('principal_id', 'sequence'),), 'pk_attr': 'id', 'table_description': "That processing of somebody's data is restricted to storage (Art. 18 GDPR), or is so no more."},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='UsageDay',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('day', fields.DateField()),
                ('event', fields.CharField(max_length=32)),
                ('client', fields.CharField(max_length=16)),
                ('page', fields.CharField(max_length=64)),
                ('engine', fields.CharField(max_length=64)),
                ('style', fields.CharField(max_length=64)),
                ('outcome', fields.CharField(max_length=16)),
                ('count', fields.BigIntField()),
            ],
            options={'table': 'usage_days', 'app': 'models', 'unique_together': (('day', 'event', 'client', 'page', 'engine', 'style', 'outcome'),), 'pk_attr': 'id', 'table_description': 'How often the same thing was done in a day, as far as its events are gone.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='UsageEvent',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('hour', fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
                ('event', fields.CharField(max_length=32)),
                ('client', fields.CharField(max_length=16)),
                ('page', fields.CharField(max_length=64)),
                ('engine', fields.CharField(max_length=64)),
                ('style', fields.CharField(max_length=64)),
                ('outcome', fields.CharField(max_length=16)),
            ],
            options={'table': 'usage_events', 'app': 'models', 'pk_attr': 'id', 'table_description': 'That something was done once in an hour. The id is random: neither it nor the hour puts two events in order.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='UsageReport',
            fields=[
                ('day', fields.DateField(primary_key=True, unique=True, db_index=True)),
            ],
            options={'table': 'usage_reports', 'app': 'models', 'pk_attr': 'day', 'table_description': 'That the counts of a day were sent to the provider of statistics.'},
            bases=['Model'],
        ),
        ops.RunSQL(APPEND_ONLY, BACK),
    ]
