"""The one error tree: every failure a caller can meet, what it is about, and the next step.

Nothing comes in; the exceptions raised by every other module come out. The library raises only these
(never HTTP, pydantic or driver errors), so the API and the command line translate in one place each.

    IdentityGraphError
    ├── InvalidSettingError        a setting or argument has a value outside its range
    ├── SourceError                a file or mapping cannot be used at all
    │   ├── SourceNotFoundError    no file there, or no loader reads it
    │   └── InvalidMappingError    a mapping names unknown roles, columns or namespaces
    ├── NotFoundError              no such customer, record, decision, segment, query or model
    ├── ChangesGoneError           the change feed no longer goes back to where a reader was
    ├── ConflictError              the request contradicts what is stored (a must against a cannot)
    ├── ModelError                 the matching model cannot be trained, read or used
    ├── AuthenticationError        no API key, or one that is not known
    ├── NotAppliedError            (retryable) what was sent before is not applied and resolved in time
    │   └── ResolverLoadingError   (retryable) because the resolver is still reading the records into memory
    ├── JournalError               an event cannot be kept
    │   ├── JournalFullError       (retryable) as much waits to be applied as may
    │   └── JournalStorageError    (retryable) the journal's disk is full or cannot be written
    └── EngineError                the graph engine did not do what it was asked
        ├── EngineUnavailableError (retryable) not reachable, or the connection was lost
        ├── EngineConflictError    (retryable) two writers touched the same thing
        ├── EngineBusyError        the port or the data folder is in use by another program
        ├── EngineMessageTooLongError  a value is longer than the embedded engine reads
        └── EngineStorageError     the disk is full or cannot be written
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

__all__ = [
    "AuthenticationError",
    "ChangesGoneError",
    "ConflictError",
    "EngineBusyError",
    "EngineConflictError",
    "EngineError",
    "EngineMessageTooLongError",
    "EngineStorageError",
    "EngineUnavailableError",
    "IdentityGraphError",
    "InvalidMappingError",
    "InvalidSettingError",
    "JournalError",
    "JournalFullError",
    "JournalStorageError",
    "ModelError",
    "NotAppliedError",
    "NotFoundError",
    "ResolverLoadingError",
    "SourceError",
    "SourceNotFoundError",
]


class IdentityGraphError(Exception):
    """Any failure this library reports: what happened, to which ids, and what to do.

    Args:
        message: what happened, in one sentence, naming the value concerned.
        ids: the record keys, customer ids, files or settings concerned; may be empty.
        next_step: what the reader can do about it; empty when nothing can be done.
    """

    code: ClassVar[str] = "identity_graph_error"
    retryable: ClassVar[bool] = False

    def __init__(self, message: str, *, ids: Sequence[str] = (), next_step: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.ids = tuple(ids)
        self.next_step = next_step

    def __str__(self) -> str:
        return f"{self.message} {self.next_step}".strip()


class InvalidSettingError(IdentityGraphError):
    """A setting or an argument has a value outside its range."""

    code = "invalid_setting"


class SourceError(IdentityGraphError):
    """A source file or its mapping cannot be used."""

    code = "source_error"


class SourceNotFoundError(SourceError):
    """There is no such file, or no loader reads its kind."""

    code = "source_not_found"


class InvalidMappingError(SourceError):
    """A mapping names roles, columns or namespaces that do not exist."""

    code = "invalid_mapping"


class NotFoundError(IdentityGraphError):
    """The thing asked for is not stored."""

    code = "not_found"


class ChangesGoneError(IdentityGraphError):
    """The change feed no longer goes back to where a reader was: it must take a new copy."""

    code = "changes_gone"


class ConflictError(IdentityGraphError):
    """The request contradicts what is already stored."""

    code = "conflict"


class ModelError(IdentityGraphError):
    """The matching model cannot be trained, read or used."""

    code = "model_error"


class AuthenticationError(IdentityGraphError):
    """The caller sent no API key, or one that is not known."""

    code = "unauthenticated"


class NotAppliedError(IdentityGraphError):
    """What was accepted before the request is not applied and resolved within the time that was given."""

    code = "not_applied"
    retryable = True


class ResolverLoadingError(NotAppliedError):
    """What was accepted before the request is not resolved yet, because the resolver is still starting."""

    code = "resolver_loading"


class JournalError(IdentityGraphError):
    """An event cannot be kept."""

    code = "journal_error"


class JournalFullError(JournalError):
    """As many events wait to be applied as may; the sender must wait."""

    code = "journal_full"
    retryable = True


class JournalStorageError(JournalError):
    """The journal's disk is full or cannot be written."""

    code = "journal_storage"
    retryable = True


class EngineError(IdentityGraphError):
    """The graph engine did not do what it was asked."""

    code = "engine_error"


class EngineUnavailableError(EngineError):
    """The engine cannot be reached, or the connection was lost."""

    code = "engine_unavailable"
    retryable = True


class EngineConflictError(EngineError):
    """Two writers touched the same thing at once."""

    code = "engine_conflict"
    retryable = True


class EngineBusyError(EngineError):
    """The port or the data folder is in use by another program."""

    code = "engine_busy"


class EngineMessageTooLongError(EngineError):
    """One value, or what cannot be asked in parts, is longer than the embedded engine reads."""

    code = "engine_message_too_long"


class EngineStorageError(EngineError):
    """The disk is full or cannot be written."""

    code = "engine_storage"
