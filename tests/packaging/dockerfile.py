"""Reads a Dockerfile: its stages, and the instructions of each."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

DOCKERFILE = Path(__file__).parents[2] / "Dockerfile"


@dataclass(slots=True)
class Stage:
    """What one FROM begins."""

    image: str
    instructions: list[tuple[str, str]] = field(default_factory=list)

    def all(self, name: str) -> list[str]:
        """Return the arguments of every instruction of that name."""
        return [arguments for instruction, arguments in self.instructions if instruction == name]

    def one(self, name: str) -> str:
        """Return the arguments of the only instruction of that name."""
        (arguments,) = self.all(name)
        return arguments

    def copied(self) -> list[str]:
        """Return the sources of every COPY from the build context."""
        return [
            source for arguments in self.all("COPY") if "--from=" not in arguments for source in arguments.split()[:-1]
        ]

    def health_command(self) -> list[str]:
        """Return the command of HEALTHCHECK."""
        return [str(word) for word in json.loads(self.one("HEALTHCHECK").split(" CMD ", 1)[1])]


def stages(text: str) -> list[Stage]:
    """Return the stages in their order."""
    found: list[Stage] = []
    for line in re.sub(r"\\\n", " ", re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE)).splitlines():
        name, _, arguments = line.strip().partition(" ")
        if name == "FROM":
            found.append(Stage(arguments.split()[0]))
        elif name:
            found[-1].instructions.append((name, arguments.strip()))
    return found
