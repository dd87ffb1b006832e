"""Bodies about the service itself."""

from __future__ import annotations

from pydantic import BaseModel, Field

from identity_graph.realtime import Standing

__all__ = ["HealthModel", "ReadyModel", "ResolverModel"]


class HealthModel(BaseModel):
    """The service is alive."""

    status: str = Field(description="Always ok.", examples=["ok"])
    version: str = Field(description="Version of the service.", examples=["0.1.0"])


class ResolverModel(BaseModel):
    """How far the process is that resolves changes."""

    state: str = Field(
        description="none (nobody resolves), busy (it does not answer in time), idle (nothing was ever resolved), "
        "loading (the records are read into memory), resolving_all (customers are behind), ready.",
        examples=["loading"],
    )
    text: str = Field(
        description="The same in words, and how far it is.",
        examples=["the resolver loads: the index of 200,000 records (2 of 3), 9 s so far"],
    )
    records: int | None = Field(description="Records it reads or has, where known.", examples=[200_000])
    seconds: float | None = Field(description="How long it has been so; null for none and busy.", examples=[9.2])

    @classmethod
    def of(cls, standing: Standing) -> ResolverModel:
        """Read a standing."""
        seconds = None if standing.state in ("none", "busy") else round(standing.seconds, 1)
        return cls(state=standing.state, text=standing.text(), records=standing.records, seconds=seconds)


class ReadyModel(BaseModel):
    """The graph engine answers, and how far the resolver is; profiles are read whatever that is."""

    status: str = Field(description="Always ready.", examples=["ready"])
    engine: str = Field(description="Name and version of the engine.", examples=["ArcadeDB 26.10.2"])
    resolver: ResolverModel = Field(description="Whether what arrives is resolved.")
