"""Tables and foreign keys as the models declare them: no database is asked."""

from collections.abc import Sequence
from functools import cache

from tortoise import Tortoise
from tortoise.fields.relational import ForeignKeyFieldInstance
from tortoise.migrations.autodetector import MigrationAutodetector
from tortoise.models import Model

from app.core.db import MODEL_MODULES, orm_config

Tables = dict[str, Sequence[str]]
ForeignKeys = dict[tuple[str, str], tuple[str, str]]


@cache
def declared() -> tuple[Tables, ForeignKeys]:
    """Return every table's columns, and what each column that is a foreign key refers to."""
    Tortoise.init_models(list(MODEL_MODULES), "models")
    tables: Tables = {}
    keys: ForeignKeys = {}
    for model in _models():
        meta = model._meta
        tables[meta.db_table] = sorted(meta.db_fields)
        for name in meta.fk_fields | meta.o2o_fields:
            field = meta.fields_map[name]
            assert isinstance(field, ForeignKeyFieldInstance)
            column = meta.fields_db_projection[str(field.source_field)]
            other = field.related_model._meta
            keys[meta.db_table, column] = (other.db_table, other.fields_db_projection[str(field.to_field or "id")])
    return tables, keys


def _models() -> Sequence[type[Model]]:
    apps = Tortoise.apps
    assert apps is not None
    return list(apps["models"].values())


async def unwritten() -> list[str]:
    """Say whether the models have changed since the last migration."""
    config = orm_config("postgresql://nobody@localhost/none")
    context = await Tortoise.init(config=config, init_connections=False)
    assert context.apps is not None
    changes = await MigrationAutodetector(context.apps, config["apps"]).changes()
    return ["migrations: the models have changed: run `make migrations`"] if changes else []
