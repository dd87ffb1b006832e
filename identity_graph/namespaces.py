"""The rules of each identifier namespace: how strong it is, whether it is unique, what is blocked or limited.

Settings and mappings come in (a mapping may add namespaces); link making and clustering read the rules. The defaults
are principled, not tuned to a data set: what a company issues to one person is proof, what people share is evidence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from identity_graph.errors import InvalidSettingError

__all__ = ["DEFAULT_NAMESPACES", "MOST_RECORDS", "NamespaceRule", "identifier_key", "rule_for"]

MOST_RECORDS = 1_000
"""Records that may share one value where a namespace says nothing else. What one person leaves behind in years stays
below it; what a program makes up (a cookie per request, on one e-mail) passes it, and would be one giant customer."""


@dataclass(frozen=True, slots=True)
class NamespaceRule:
    """How identifiers of one namespace are used.

    Attributes:
        name: the namespace, lower snake case.
        priority: 1 is the strongest; when evidence conflicts, the higher number gives way.
        strength: bits of evidence that two records sharing a value are one person, where no model scores the pair.
        unique: a person has at most one value, so two values are a conflict (a cannot-link).
        limit: distinct records that may come to share one value inside `window_days`; None is no limit, and then the
            work of one more record grows with those that share its value.
        window_days: length of the limit's window in days, by when each record was first seen with the value; None is
            for ever.
        blocked: patterns (full match, case-insensitive) of values that identify nobody.
        personal: a value is given to a person; False where it is that of a device or browser, which changes hands.
    """

    name: str
    priority: int
    strength: float
    unique: bool = False
    limit: int | None = MOST_RECORDS
    window_days: int | None = None
    blocked: tuple[str, ...] = field(default=())
    personal: bool = True

    def is_blocked(self, value: str) -> bool:
        """Say whether a value identifies nobody by rule."""
        return _one_pattern(self.blocked).fullmatch(value) is not None


@cache
def _one_pattern(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """Compile the patterns of a rule, and those that hold for every namespace, into one: millions of values pass it."""
    return re.compile("|".join(f"(?:{pattern})" for pattern in (*_ALWAYS_BLOCKED, *patterns)), re.IGNORECASE)


_ALWAYS_BLOCKED = (r"[0\-\s.]*", r"-1", r"null", r"none", r"nil", r"undefined", r"anonymous", r"unknown", r"n/?a")

DEFAULT_NAMESPACES: Mapping[str, NamespaceRule] = {
    rule.name: rule
    for rule in (
        NamespaceRule("user_id", 1, 30.0, unique=True),
        NamespaceRule("national_id", 2, 25.0),
        NamespaceRule("account_id", 3, 25.0),
        NamespaceRule("loyalty_card", 4, 20.0),
        NamespaceRule(
            "email", 5, 12.0, blocked=(r"(no-?reply|test|info|admin|example)@.*", r".*@example\.(com|org|net)")
        ),
        NamespaceRule("phone", 6, 10.0),
        NamespaceRule("product_code", 4, 20.0),
        NamespaceRule(
            "website", 6, 8.0, blocked=(r"(.+\.)?(facebook|instagram|linkedin|twitter|x|google|youtube|xing)\..*",)
        ),
        NamespaceRule("device_id", 7, 8.0, limit=50, personal=False),
        NamespaceRule("anonymous_id", 8, 8.0, limit=50, personal=False),
        NamespaceRule("advertising_id", 9, 8.0, personal=False),
        NamespaceRule("ga_client_id", 9, 8.0, personal=False),
        NamespaceRule("ios_push_token", 9, 8.0, personal=False),
        NamespaceRule("android_push_token", 9, 8.0, personal=False),
    )
}


def rule_for(namespace: str, rules: Mapping[str, NamespaceRule] = DEFAULT_NAMESPACES) -> NamespaceRule:
    """Return the rule of a namespace; one nobody configured is evidence like an account number, last in priority."""
    return rules.get(namespace) or NamespaceRule(namespace, 9, 8.0)


def identifier_key(namespace: str, value: str) -> str:
    """Build the key of an Identifier node from its namespace and canonical value.

    Raises:
        InvalidSettingError: the namespace contains a colon, which would make the key ambiguous.
    """
    if ":" in namespace:
        raise InvalidSettingError(f"The namespace {namespace!r} contains a colon.", ids=[namespace])
    return f"{namespace}:{value}"
