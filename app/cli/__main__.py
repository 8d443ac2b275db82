"""`python -m app.cli`: the same as `anypeople`."""

from app.cli.commands import main

main()
