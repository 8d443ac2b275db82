"""The engine for OpenAI and every server that speaks its image API."""

from app.generation.engines.openai.engine import OpenAIEngine

__all__ = ["OpenAIEngine"]
