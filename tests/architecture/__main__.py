"""`make check`: what of the personal data registry and of the outside can be told from the code, in four seconds.

No database and no server is asked; the tests beside this file ask them too. What the API shows of the registry is
compared where the schema is built: `anypeople schema --check`.
"""

import asyncio
import gc
import sys
from collections.abc import Iterator
from datetime import timedelta

from app.core.retention import RETENTION_RULES
from app.policy.cookies import cookie_register
from app.processors.register import Disclosed
from app.registries import HOLDERS, PERSONAL_DATA, STORES, SWEEPS
from tests.architecture.checks import clients
from tests.architecture.checks.coverage import absent_enforcers, coverage_faults, retention_faults
from tests.architecture.checks.personal_data import faults
from tests.architecture.checks.repository import ROOT, python_files
from tests.architecture.checks.stores import undeclared, unknown_cookies, unknown_disclosures
from tests.architecture.checks.sweeps import overlong, strange, unswept
from tests.architecture.checks.tables import declared, unwritten

COOKIES = [cookie.name for cookie in cookie_register(secure=True, session_lifetime=timedelta(days=30))]
OURS = ("app", "schema", "workers")


def found() -> Iterator[str]:
    """Yield what is wrong."""
    tables, keys = declared()
    files = python_files(ROOT, OURS)
    yield from faults(PERSONAL_DATA, tables, keys)
    yield from asyncio.run(unwritten())
    yield from undeclared(files, ROOT, STORES)
    yield from unknown_disclosures(Disclosed, STORES)
    yield from unknown_cookies(COOKIES, STORES)
    yield from coverage_faults(HOLDERS)
    yield from retention_faults(HOLDERS, RETENTION_RULES)
    yield from absent_enforcers(RETENTION_RULES)
    yield from unswept(HOLDERS, RETENTION_RULES, SWEEPS)
    yield from strange(HOLDERS, RETENTION_RULES, SWEEPS)
    yield from overlong(RETENTION_RULES, SWEEPS)
    yield from clients.faults()


if __name__ == "__main__":
    gc.disable()  # some 200,000 nodes of Python are kept, and none of them is garbage
    faultless = True
    for line in found():
        faultless = False
        sys.stderr.write(f"{line}\n")
    sys.exit(0 if faultless else 1)
