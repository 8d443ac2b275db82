"""`anypeople users` and `anypeople clients`, as the operator types it."""

from pathlib import Path

from app.accounts.clients import register
from app.core.db import fetch
from app.core.viewer import Scope
from tests.cli.test_commands import anypeople
from tests.fakes.server import RunningServer


async def test_the_operator_makes_the_first_administrator(
    server: RunningServer, database_url: str, tmp_path: Path
) -> None:
    await server.sign_up("ada")

    done = anypeople(tmp_path, "users", "promote", "ada@example.com", DATABASE_URL=database_url)
    unknown = anypeople(tmp_path, "users", "promote", "eve@example.com", DATABASE_URL=database_url)
    strange = anypeople(tmp_path, "users", "promote", "ada@example.com", "--role", "KING", DATABASE_URL=database_url)

    assert done.stdout == "Ada is ADMIN now.\n"
    assert (unknown.returncode, unknown.stderr) == (
        1,
        "No account has confirmed this address. Where somebody signed up with it, let them open the link in the mail, "
        "or use the API: `users` finds the account.\n",
    )
    assert strange.returncode != 0
    assert [row["role"] for row in await fetch("SELECT role FROM users")] == ["ADMIN"]


async def test_the_operator_freezes_the_account_of_a_child_and_gives_it_back(
    server: RunningServer, database_url: str, tmp_path: Path
) -> None:
    token = await server.sign_up("ada")
    command = ("--reason", "A school photo", "ada@example.com")

    frozen = anypeople(tmp_path, "users", "flag-minor", *command, DATABASE_URL=database_url)
    refused = await server.post("{ viewer { id } }", token=token)
    back = anypeople(tmp_path, "users", "lift-minor-flag", *command, DATABASE_URL=database_url)
    again = anypeople(tmp_path, "users", "lift-minor-flag", *command, DATABASE_URL=database_url)

    assert frozen.stdout.startswith("The account is frozen. It is deleted from 2")
    assert refused.status_code == 401
    assert back.stdout == "Ada has the account back: ACTIVE.\n"
    assert (again.returncode, again.stderr) == (1, "This account is not frozen: there is nothing to lift.\n")
    assert (await server.post("{ viewer { id } }", token=token)).status_code == 200


async def test_the_operator_restricts_and_lifts_it(server: RunningServer, database_url: str, tmp_path: Path) -> None:
    await server.sign_up("ada")
    asked = ("ada@example.com", "--reason", "As you asked.")

    done = anypeople(tmp_path, "users", "restrict", *asked, DATABASE_URL=database_url)
    over = anypeople(tmp_path, "users", "unrestrict", *asked, DATABASE_URL=database_url)

    assert done.stdout == "Ada is RESTRICTED now.\n"
    assert over.stdout.startswith("The person is told. Their data is used again from ")
    [mail] = await fetch("SELECT address FROM mails WHERE kind = 'RESTRICTION_ENDING'")
    assert mail["address"] == "ada@example.com"
    assert [row["restricted"] for row in await fetch("SELECT restricted FROM restriction_records")] == [True]


async def test_the_operator_registers_an_app(database: str, tmp_path: Path) -> None:
    back = "https://app.example/back"
    command = ("clients", "register", "Studio", "--scope", "profile", "--redirect")

    done = anypeople(tmp_path, *command, back, DATABASE_URL=database)
    astray = anypeople(tmp_path, *command, "http://app.example/", DATABASE_URL=database)

    [row] = await fetch("SELECT id, name, redirects, scopes FROM app_clients")
    assert done.stdout == f"{row['id']}\n"
    assert (row["name"], row["redirects"], row["scopes"]) == ("Studio", back, "profile")
    assert (astray.returncode, "https://app.example/signed-in" in astray.stderr) == (1, True)


async def test_the_operator_removes_an_app(database: str, tmp_path: Path) -> None:
    client = await register("Studio", ["https://app.example/back"], [Scope.PROFILE])
    command = ("clients", "remove", str(client.id))

    done, again = (anypeople(tmp_path, *command, DATABASE_URL=database) for _ in range(2))

    assert done.stdout == "Studio is gone.\n"
    assert (again.returncode, "There is no such app" in again.stderr) == (1, True)
    assert await fetch("SELECT 1 FROM app_clients") == []
