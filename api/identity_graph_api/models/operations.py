"""Bodies about the service itself."""

from __future__ import annotations

from pydantic import BaseModel, Field

__all__ = ["HealthModel", "ReadyModel"]


class HealthModel(BaseModel):
    """The service is alive."""

    status: str = Field(description="Always ok.", examples=["ok"])
    version: str = Field(description="Version of the service.", examples=["0.1.0"])


class ReadyModel(BaseModel):
    """The graph engine answers."""

    status: str = Field(description="Always ready.", examples=["ready"])
    engine: str = Field(description="Name and version of the engine.", examples=["ArcadeDB 26.10.2"])
