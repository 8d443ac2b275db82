"""The `illustration` engine: portraits drawn on this machine."""

from .engine import IllustrationEngine

__all__ = ["IllustrationEngine"]
