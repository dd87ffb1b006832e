"""Settings of the service, read once at a process edge from IDENTITY_GRAPH_* variables.

The environment comes in, one frozen Settings value goes out and is passed on; nothing else reads the environment.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

__all__ = ["Settings"]


class Settings(BaseSettings):
    """Where the graph is and how the service behaves; a field is the variable IDENTITY_GRAPH_<NAME>, unless empty."""

    model_config = SettingsConfigDict(env_prefix="IDENTITY_GRAPH_", frozen=True, extra="ignore", env_ignore_empty=True)

    uri: str | None = Field(default=None, description="Bolt address of Neo4j; unset means the embedded engine.")
    user: str = Field(default="neo4j", description="User of the Neo4j at IDENTITY_GRAPH_URI.")
    password: SecretStr = Field(
        default=SecretStr(""), description="Password of that user; empty means no authentication."
    )
    database: str | None = Field(default=None, description="Database name on Neo4j; unset means its default database.")
    data_dir: Path = Field(
        default=Path("identity-graph-data"),
        description="Folder of the embedded engine, the columnar copy of the records and the models.",
    )
    engine_heap: str | None = Field(
        default=None,
        pattern=r"^\d+[mg]$",
        description="Most Java heap of the embedded engine, such as 2g; half of it holds pages of the graph. "
        "Unset means a quarter of the memory, and 2g at least.",
    )
    engine_port: int = Field(
        default=0, ge=0, le=65535, description="Loopback Bolt port of the embedded engine; 0 takes a free one."
    )
    engine_idle_seconds: float = Field(
        default=300.0,
        gt=0,
        description="The embedded engine stops by itself after this long without a client, in seconds.",
    )
    default_region: str | None = Field(
        default=None, pattern=r"^[A-Z]{2}$",
        description="Two-letter region of phone numbers without a country code; unset means found from the data.",
    )  # fmt: skip
    api_keys: SecretStr = Field(
        default=SecretStr(""), description="Comma-separated API keys; none means the API answers on loopback only."
    )
    api_host: str = Field(default="127.0.0.1", description="Address the API listens on.")
    api_port: int = Field(default=8000, ge=1, le=65535, description="Port the API listens on.")
    namespaces: Path | None = Field(
        default=None, description="YAML file with rules of identifier namespaces; unset means the rules by default."
    )
    threads: int = Field(default=0, ge=0, le=256, description="Threads for bulk matching; 0 means all processors.")
    memory_limit: str = Field(
        default="2GB", pattern=r"^\d+(\.\d+)?(MB|GB)$", description="Memory for bulk matching before it spills to disk."
    )
    backlog_events: int = Field(
        default=1_000_000, ge=1, description="Events that may wait to be applied; above it senders are told to wait."
    )
    backlog_mib: int = Field(
        default=2048, ge=1, description="Their size in MiB; the dead letters may take as much again."
    )
    event_kib: int = Field(default=32, ge=1, le=4000, description="Largest event that is accepted, in KiB.")
    message_id_days: int = Field(
        default=30, ge=1, le=3650, description="Days for which a message id is remembered, to count duplicates once."
    )
    change_days: int = Field(
        default=0, ge=0, le=36_500, description="Days for which the change feed goes back; 0 keeps it whole."
    )
    apply_events: bool = Field(
        default=True, description="The service applies events too; false where `identity-graph apply` runs beside it."
    )
