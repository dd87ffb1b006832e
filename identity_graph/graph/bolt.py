"""The graph over Bolt, for both engines: query names and parameters in, plain rows out.

The only place that talks to the driver. It retries what is safe (conflicts between writers, lost connections: every
write is idempotent) and turns every failure into our own error tree.
"""

from __future__ import annotations

import logging
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from threading import Lock, get_ident
from typing import Any, TypeVar

import neo4j
from neo4j.exceptions import AuthError, ConfigurationError, DriverError, Neo4jError

from identity_graph.errors import EngineConflictError, EngineError, EngineUnavailableError, InvalidSettingError
from identity_graph.graph.bolt_errors import FailureKind, engine_error
from identity_graph.graph.message import parts
from identity_graph.graph.port import EngineCapabilities, Row, Transaction
from identity_graph.graph.queries import Query, query
from identity_graph.graph.values import plain_row

__all__ = ["BoltGraph", "Endpoint", "RetryPolicy", "answers"]

T = TypeVar("T")

_DRIVER_FAILURES = (Neo4jError, DriverError, OSError)

# A lost connection is retried or raised here; without a handler the driver would print it too.
logging.getLogger("neo4j").addHandler(logging.NullHandler())


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where an engine listens and who may enter; `password` is not part of its text form."""

    uri: str
    user: str
    password: str
    database: str | None

    def __repr__(self) -> str:
        return f"Endpoint({self.uri!r}, user={self.user!r}, database={self.database!r})"


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and how long to try again.

    Attributes:
        conflicts: attempts when two writers touch the same thing.
        losses: attempts when the connection is lost.
        first_seconds: pause before the second attempt; it doubles each time.
        longest_seconds: no pause is longer.
    """

    conflicts: int = 15
    losses: int = 6
    first_seconds: float = 0.01
    longest_seconds: float = 2.0

    def pause(self, attempt: int, seed: str) -> float:
        """Return the pause in seconds after the given failed attempt (from 1), spread by the seed by up to a half."""
        whole = min(self.longest_seconds, self.first_seconds * 2.0 ** (attempt - 1))
        return whole * (0.5 + zlib.crc32(f"{seed}:{attempt}".encode()) / 2**33)


class BoltGraph:
    """A graph behind Bolt, safe to share between threads; implements the `Graph` port.

    Args:
        locate: says where the engine listens; called again after a lost connection, so an embedded engine can be
            started anew.
        embedded: the engine belongs to this library.
        on_close: gives back what `locate` took.
        fetch_size: rows held in memory while streaming.
    """

    def __init__(
        self,
        locate: Callable[[], Endpoint],
        *,
        embedded: bool,
        on_close: Callable[[], None] = lambda: None,
        retry: RetryPolicy | None = None,
        fetch_size: int = 2_000,
    ) -> None:
        self._locate = locate
        self._embedded = embedded
        self._on_close = on_close
        self._retry = retry or RetryPolicy()
        self._fetch_size = fetch_size
        self._lock = Lock()
        self._endpoint = locate()
        self._driver = _driver(self._endpoint)
        self._closed = False
        try:
            self._capabilities = self._trying("graph/ping", self._describe)
        except EngineError:
            self.close()
            raise

    @property
    def capabilities(self) -> EngineCapabilities:
        """What the engine is and can do."""
        return self._capabilities

    def read(self, query: str, **parameters: Any) -> list[Row]:
        """Run one read query and return its rows; retried when that is safe.

        Raises:
            NotFoundError: there is no such query.
            InvalidSettingError: the query writes.
            EngineError: the engine did not do it.
        """
        found = _reading(query)
        return self._trying(query, lambda: self._run_alone(found, parameters, neo4j.READ_ACCESS))

    def write(self, query: str, **parameters: Any) -> list[Row]:
        """Run one idempotent write or schema query and return its rows; retried.

        Raises:
            NotFoundError: there is no such query.
            EngineError: the engine did not do it.
        """
        found = _query(query)
        if found.header.access == "schema":
            return self._trying(query, lambda: self._run_alone(found, parameters, neo4j.WRITE_ACCESS))
        # The embedded engine commits a query outside a transaction row by row: slow, and not whole when it fails.
        return self.transaction(lambda transaction: transaction.run(query, **parameters))

    def stream(self, query: str, **parameters: Any) -> Iterator[Row]:
        """Run one read query and yield rows as they arrive, holding one fetch in memory.

        A failure before the first row is retried; a later one is raised, because rows were already given out.

        Raises:
            NotFoundError: there is no such query.
            InvalidSettingError: the query writes.
            EngineError: the engine did not do it.
        """
        found = _reading(query)
        return self._stream(found, parameters)

    def transaction(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` in one write transaction, whole or not at all; it must be idempotent, because it may run again.

        Raises:
            EngineError: the engine did not do it; anything `work` raises is passed on after a rollback.
        """
        return self._trying("a transaction", lambda: self._run_work(work))

    def close(self) -> None:
        """Give back the connections; closing twice does nothing."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
        self._driver.close()
        self._on_close()

    def __enter__(self) -> BoltGraph:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _session(self, access: str) -> neo4j.Session:
        return self._driver.session(
            database=self._endpoint.database, default_access_mode=access, fetch_size=self._fetch_size
        )

    def _run_alone(self, found: Query, parameters: Mapping[str, Any], access: str) -> list[Row]:
        (whole,) = self._parts(found, parameters)
        with self._session(access) as session:
            result = session.run(_text(found), dict(whole))
            return [plain_row(record) for record in result]

    def _run_work(self, work: Callable[[Transaction], T]) -> T:
        with self._session(neo4j.WRITE_ACCESS) as session, session.begin_transaction() as transaction:
            answer = work(_BoltTransaction(transaction, self._parts))
            transaction.commit()
            return answer

    def _stream(self, found: Query, parameters: Mapping[str, Any]) -> Iterator[Row]:
        session, result = self._trying(found.name, lambda: self._open_stream(found, parameters))
        try:
            for record in result:
                yield plain_row(record)
        except _DRIVER_FAILURES as error:
            raise _translated(error, found.name) from error
        finally:
            session.close()

    def _open_stream(self, found: Query, parameters: Mapping[str, Any]) -> tuple[neo4j.Session, neo4j.Result]:
        (whole,) = self._parts(found, parameters)
        session = self._session(neo4j.READ_ACCESS)
        try:
            result = session.run(_text(found), dict(whole))
            result.peek()
        except BaseException:
            session.close()
            raise
        return session, result

    def _parts(self, found: Query, parameters: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
        return parts(found, parameters) if self._embedded else (parameters,)

    def _describe(self) -> EngineCapabilities:
        with self._session(neo4j.READ_ACCESS) as session:
            summary = session.run("EXPLAIN RETURN 1 AS answer").consume()
            plans = summary.plan is not None and bool(summary.plan.get("operatorType"))
            agent = summary.server.agent.replace("/", " ")
        return EngineCapabilities(name=agent, embedded=self._embedded, plans=plans)

    def _trying(self, name: str, attempt_once: Callable[[], T]) -> T:
        attempt = 0
        while True:
            attempt += 1
            driver = self._driver
            try:
                return attempt_once()
            except (*_DRIVER_FAILURES, EngineError) as failure:
                error = failure if isinstance(failure, EngineError) else _translated(failure, name)
                if attempt >= self._attempts(error):
                    if error is failure:
                        raise
                    raise error from failure
            time.sleep(self._retry.pause(attempt, f"{name}:{get_ident()}"))
            if isinstance(error, EngineUnavailableError):
                self._reconnect(driver)

    def _attempts(self, error: EngineError) -> int:
        if self._closed:
            return 0
        if isinstance(error, EngineConflictError):
            return self._retry.conflicts
        return self._retry.losses if isinstance(error, EngineUnavailableError) else 0

    def _reconnect(self, lost: neo4j.Driver) -> None:
        """Find the engine again, once for all threads that lost it, and replace the driver when it moved."""
        with self._lock:
            if self._closed or self._driver is not lost:
                return
            endpoint = self._locate()
            if endpoint == self._endpoint:
                return
            self._endpoint, self._driver = endpoint, _driver(endpoint)
        lost.close()


class _BoltTransaction:
    """Queries of the catalogue inside one open transaction."""

    def __init__(
        self, transaction: neo4j.Transaction, parts: Callable[[Query, Mapping[str, Any]], Iterable[Mapping[str, Any]]]
    ) -> None:
        self._transaction = transaction
        self._parts = parts

    def run(self, query: str, **parameters: Any) -> list[Row]:
        """Run a query and return all its rows."""
        found = _query(query)
        try:
            return [
                plain_row(record)
                for some in self._parts(found, parameters)
                for record in self._transaction.run(_text(found), dict(some))
            ]
        except _DRIVER_FAILURES as error:
            raise _translated(error, query) from error


def _driver(endpoint: Endpoint) -> neo4j.Driver:
    try:
        return neo4j.GraphDatabase.driver(
            endpoint.uri,
            auth=(endpoint.user, endpoint.password) if endpoint.password else None,
            notifications_min_severity="OFF",
            warn_notification_severity="OFF",
            connection_timeout=10.0,
            keep_alive=True,
            telemetry_disabled=True,
        )
    except (*_DRIVER_FAILURES, ValueError) as error:
        raise engine_error("address", type(error).__name__, f"{endpoint.uri!r}: {error}", "connect") from error


def _translated(error: Exception, name: str) -> EngineError:
    text = str(getattr(error, "message", None) or error)
    if isinstance(error, AuthError):
        return engine_error("authentication", error.code or "AuthError", text, name)
    if isinstance(error, Neo4jError):
        return engine_error("answer", error.code or "Neo4jError", text, name)
    kind: FailureKind = "address" if isinstance(error, ConfigurationError) else "lost"
    return engine_error(kind, type(error).__name__, text, name)


def _query(name: str) -> Query:
    return query(name)


def _reading(name: str) -> Query:
    found = query(name)
    if found.header.access != "read":
        raise InvalidSettingError(
            f"The query {name} has the access {found.header.access!r} and cannot be run as a read.", ids=[name]
        )
    return found


def _text(found: Query) -> Any:
    # The driver asks for a literal so that values are never pasted into queries; ours are files.
    return found.text


def answers(endpoint: Endpoint) -> bool:
    """Say whether an engine answers a query there right now."""
    driver = _driver(endpoint)
    try:
        with driver.session(database=endpoint.database) as session:
            session.run("RETURN 1").consume()
    except (Neo4jError, DriverError, OSError):
        return False
    finally:
        driver.close()
    return True
