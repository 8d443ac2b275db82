"""The address of the database."""

import pytest

from app.core.concerns import ConfigurationError
from app.core.db import orm_config


def credentials(url: str) -> dict[str, object]:
    found: dict[str, object] = orm_config(url)["connections"]["default"]["credentials"]
    return found


def test_an_address_is_taken_apart_and_its_escapes_are_decoded() -> None:
    found = credentials("postgresql://ada%40home:p%2Fw%3A%23@db.example:6543/any%20people?sslmode=require")
    assert (found["host"], found["port"]) == ("db.example", 6543)
    assert (found["user"], found["password"], found["database"]) == ("ada@home", "p/w:#", "any people")
    assert found["ssl"] == "require"


def test_an_address_may_name_a_socket_folder() -> None:
    found = credentials("postgres://ada@/people?host=/run/My%20Sockets")
    assert (found["host"], found["port"]) == ("/run/My Sockets", 5432)
    assert (found["user"], found["password"], found["database"]) == ("ada", None, "people")
    assert "ssl" not in found


def test_an_address_may_leave_out_what_has_a_default() -> None:
    found = credentials("postgresql:///people")
    assert (found["host"], found["port"], found["user"]) == ("localhost", 5432, "postgres")


def test_the_size_of_the_pool_is_handed_on() -> None:
    assert orm_config("postgresql:///people", pool_size=3)["connections"]["default"]["credentials"]["maxsize"] == 3


@pytest.mark.parametrize("url", ["mysql://ada@db/people", "sqlite:///people.db", "people", ""])
def test_another_database_is_refused_by_the_name_of_the_setting(url: str) -> None:
    with pytest.raises(ConfigurationError, match="DATABASE_URL"):
        orm_config(url)


@pytest.mark.parametrize("url", ["postgresql://ada:se/cret@db/people", "postgresql://db:99999/people"])
def test_an_address_that_cannot_be_read_is_refused_without_quoting_it(url: str) -> None:
    with pytest.raises(ConfigurationError, match="DATABASE_URL") as refused:
        orm_config(url)
    assert refused.value.__cause__ is None
    assert "cret" not in str(refused.value)
    assert "99999" not in str(refused.value)
