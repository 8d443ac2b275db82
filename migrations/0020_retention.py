from tortoise import migrations
from tortoise.migrations import operations as ops
from app.core.ids import uuid7
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

TERM = "interval '2557 days'"  # seven years; RECORDS_LAST of app/core/sweeps.py
DECISIONS = (("consent_records", "purpose"), ("objection_records", "activity"))
ENDED = [
    """CREATE FUNCTION note_end_of_alias() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN NEW.ended_at := now(); RETURN NEW; END $$""",
    """CREATE TRIGGER ended BEFORE UPDATE ON subject_aliases
       FOR EACH ROW WHEN (OLD.user_id IS NOT NULL AND NEW.user_id IS NULL) EXECUTE FUNCTION note_end_of_alias()""",
    "UPDATE subject_aliases SET ended_at = now() WHERE user_id IS NULL",
]
NOT_EARLY = [
    statement
    for table, about in DECISIONS
    for statement in (
        f"""CREATE FUNCTION refuse_early_end_of_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              IF OLD.decided_at > now() - {TERM} OR (
                   EXISTS (SELECT FROM subject_aliases WHERE id = OLD.principal_id AND ended_at IS NULL)
                   AND NOT EXISTS (SELECT FROM {table} n WHERE n.principal_id = OLD.principal_id
                                   AND n.{about} = OLD.{about} AND n.sequence > OLD.sequence))
              THEN
                RAISE EXCEPTION '{table} is append only: this row is not over yet' USING ERRCODE = 'restrict_violation';
              END IF;
              RETURN OLD;
            END $$""",  # noqa: S608
        f"DROP TRIGGER append_only ON {table}",
        f"""CREATE TRIGGER append_only BEFORE UPDATE OR TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_consents()""",
        f"""CREATE TRIGGER not_early BEFORE DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION refuse_early_end_of_{table}()""",
    )
]
BACK = [
    "DROP TRIGGER ended ON subject_aliases",
    "DROP FUNCTION note_end_of_alias",
    *(f"DROP FUNCTION refuse_early_end_of_{table} CASCADE" for table, _ in DECISIONS),
    *(f"DROP TRIGGER append_only ON {table}" for table, _ in DECISIONS),
    *(
        f"""CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_consents()"""
        for table, _ in DECISIONS
    ),
]


class Migration(migrations.Migration):
    dependencies = [('models', '0019_announcement_position')]

    initial = False

    operations = [
        ops.CreateModel(
            name='RetentionRun',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('started_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('finished_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'retention_runs', 'app': 'models', 'pk_attr': 'id', 'table_description': 'A sweep through everything. One that has not finished broke off, or goes on: the next one does the rest.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='RetentionCount',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ('run', fields.ForeignKeyField('models.RetentionRun', source_field='run_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('sweep', fields.CharField(max_length=64)),
                ('ended', fields.BigIntField(db_default=0)),
                ('remaining', fields.BigIntField(db_default=0)),
                ('oldest', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('error', fields.CharField(null=True, max_length=64)),
            ],
            options={'table': 'retention_counts', 'app': 'models', 'unique_together': (('run_id', 'sweep'),), 'pk_attr': 'id', 'table_description': 'What one run did to one kind of row; there is none where nothing was over.'},
            bases=['Model'],
        ),
        ops.AlterModelOptions(
            name='Acceptance',
            options={'table': 'acceptances', 'app': 'models', 'unique_together': (('subject_id', 'kind', 'version'),), 'pk_attr': 'id', 'table_description': 'That somebody accepted a version: once each, never changed; it ends seven years after it ceased to count.'},
        ),
        ops.AlterField(
            model_name='Acceptance',
            name='accepted_at',
            field=fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False),
        ),
        ops.AlterModelOptions(
            name='AuditEntry',
            options={'table': 'audit_entries', 'app': 'models', 'indexes': [Index(fields=['subject_id', 'id']), Index(fields=['action', 'id']), Index(fields=['actor_id']), Index(fields=['at'])], 'pk_attr': 'id', 'table_description': 'Something that happened. Never changed; the oldest end after seven years, with their links.'},
        ),
        ops.AddIndex(
            model_name='AuditEntry',
            index=Index(fields=['actor_id']),
        ),
        ops.AddIndex(
            model_name='AuditEntry',
            index=Index(fields=['at']),
        ),
        ops.AlterModelOptions(
            name='AuditTip',
            options={'table': 'audit_tips', 'app': 'models', 'pk_attr': 'id', 'table_description': 'Where the chain ends (1), which sealers lock and writers of entries never see, and where it begins (0).'},
        ),
        ops.AlterField(
            model_name='ConsentRecord',
            name='decided_at',
            field=fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False),
        ),
        ops.AlterField(
            model_name='Disclosure',
            name='created_at',
            field=fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False),
        ),
        ops.AlterField(
            model_name='DocumentVersion',
            name='published_by',
            field=fields.ForeignKeyField('models.SubjectAlias', source_field='published_by_id', null=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT),
        ),
        ops.AlterField(
            model_name='ObjectionRecord',
            name='decided_at',
            field=fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='SubjectAlias',
            name='ended_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddIndex(
            model_name='SubjectAlias',
            index=Index(fields=['ended_at']),
        ),
        ops.AddIndex(
            model_name='Job',
            index=Index(fields=['finished_at']),
        ),
        ops.RunSQL([*ENDED, *NOT_EARLY], BACK),
    ]
