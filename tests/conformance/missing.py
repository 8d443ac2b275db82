"""What a test needs from outside and this machine lacks."""

import os
import sys
from typing import NoReturn

import pytest


def skip_or_fail(config: pytest.Config, what: str, why: str) -> NoReturn:
    """Skip, audibly; where CI=true fail: what CI leaves out nobody checks."""
    if os.environ.get("CI", "").lower() in {"1", "true"}:
        pytest.fail(f"CI must run {what}, but {why}")
    with config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
        print(f"\n{what.upper()} DO NOT RUN: {why}", file=sys.stderr)
    pytest.skip(f"{what} do not run: {why}")
