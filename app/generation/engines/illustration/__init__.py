"""The `illustration` engine: portraits drawn on this machine."""

from app.generation.engines.illustration.engine import IllustrationEngine

__all__ = ["IllustrationEngine"]
