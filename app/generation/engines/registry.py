"""Which engines there are. Adding one is a line here, its module, and nothing else."""

from collections.abc import Callable, Iterator, Sequence

from app.core.concerns import ConfigurationError
from app.generation.engines.base import Engine
from app.generation.engines.illustration import IllustrationEngine
from app.generation.engines.openai import OpenAIEngine
from app.generation.errors import UnknownEngine

AVAILABLE: dict[str, Callable[[], Engine]] = {
    "illustration": IllustrationEngine,
    "openai": OpenAIEngine.configured,
}


class Engines:
    """The engines that this service runs, the default first."""

    def __init__(self, engines: Sequence[Engine]) -> None:
        """Raises ConfigurationError for none, or for two of one name."""
        self._engines = {engine.name: engine for engine in engines}
        if not engines or len(self._engines) != len(engines):
            raise ConfigurationError("ANYPEOPLE_ENGINES: name one or more engines, each once.")

    @classmethod
    def configured(cls, names: Sequence[str]) -> "Engines":
        """Build the named engines. Raises ConfigurationError for an unknown name, and for missing settings."""
        if unknown := [name for name in names if name not in AVAILABLE]:
            known = ", ".join(AVAILABLE)
            raise ConfigurationError(f"ANYPEOPLE_ENGINES: {', '.join(unknown)} is unknown; there are: {known}.")
        return cls([AVAILABLE[name]() for name in names])

    def __iter__(self) -> Iterator[Engine]:
        return iter(self._engines.values())

    def choose(self, name: str | None) -> Engine:
        """Return the engine of that name, or the default for None. Raises UnknownEngine."""
        if name is None:
            return next(iter(self._engines.values()))
        if engine := self._engines.get(name):
            return engine
        raise UnknownEngine(
            f"There is no such engine: choose one of {', '.join(self._engines)}.", path=("generation", "engine")
        )

    def find(self, name: str) -> Engine | None:
        """Return the engine of that name, or None where it is no longer configured."""
        return self._engines.get(name)
