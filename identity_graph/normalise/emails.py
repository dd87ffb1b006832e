"""E-mail addresses: one canonical form, and the comparison key that knows the providers' rules."""

from __future__ import annotations

import re

from email_validator import EmailNotValidError, validate_email

from identity_graph.normalise.result import Normalised, problem

__all__ = ["CANONICAL_EMAIL", "email", "email_key"]

CANONICAL_EMAIL = (
    r"[a-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+"
    r"(?:[a-z]{2,63}|xn--[a-z0-9-]+)"
)
"""Pattern of a canonical address, in a form that Python and RE2 both read."""

_CANONICAL = re.compile(CANONICAL_EMAIL)
_LOCAL = re.compile(r"[^\s@<>()\[\],;:\"\\]{1,64}")
_WRAPPED = re.compile(r"<([^<>]*@[^<>]*)>")
_SEVERAL = re.compile(r"[\s;,|]+|/(?=\S+@)")
_EDGES = " \t.,;:<>()[]{}\"'`"

_UNREADABLE = problem("unreadable_email")
_LONGEST = 400

_GMAIL = frozenset({"gmail.com", "googlemail.com"})
_PLUS_TAGS = frozenset(
    {
        "outlook.com", "hotmail.com", "hotmail.co.uk", "hotmail.fr", "hotmail.de", "hotmail.it", "hotmail.es",
        "live.com", "live.co.uk", "live.nl", "msn.com", "icloud.com", "me.com", "mac.com", "protonmail.com",
        "proton.me", "pm.me", "fastmail.com", "fastmail.fm", "zoho.com", "yandex.ru", "yandex.com", "mail.ru",
        "gmx.de", "gmx.net", "gmx.at", "mailbox.org", "posteo.de", "tutanota.com", "hey.com",
    }
)  # fmt: skip
_SAME_DOMAIN = {"googlemail.com": "gmail.com", "me.com": "icloud.com", "mac.com": "icloud.com", "ya.ru": "yandex.ru",
                "yandex.com": "yandex.ru", "protonmail.com": "proton.me", "pm.me": "proton.me"}  # fmt: skip


def email(text: str) -> Normalised:
    """Read an e-mail address from tidy text; nothing is looked up on a network.

    Returns:
        The address in lower case, its domain in ASCII (IDNA); the first one where the text holds several. Problem
        `unreadable_email` when there is no `@`, no top-level domain or a character that no provider allows.
    """
    lowered = text.lower()
    if len(lowered) > _LONGEST:
        return _UNREADABLE
    if _CANONICAL.fullmatch(lowered):
        return Normalised(lowered)
    wrapped = _WRAPPED.search(lowered)
    candidates = [wrapped[1]] if wrapped is not None else _SEVERAL.split(lowered)
    for candidate in candidates:
        address = candidate.strip(_EDGES).removeprefix("mailto:").split("?subject=")[0].strip(_EDGES)
        if "@" in address:
            return _address(address)
    return _UNREADABLE


def _address(address: str) -> Normalised:
    local, _, domain = address.rpartition("@")
    if _LOCAL.fullmatch(local) is None or not domain:
        return _UNREADABLE
    if not domain.isascii():
        try:
            domain = validate_email(f"a@{domain}", check_deliverability=False, test_environment=True).ascii_domain
        except EmailNotValidError:
            return _UNREADABLE
    return Normalised(f"{local}@{domain}") if _CANONICAL.fullmatch(f"a@{domain}") else _UNREADABLE


def email_key(canonical_email: str) -> str:
    """Return the comparison key of a canonical address: addresses with one key reach one mailbox.

    Gmail ignores dots and `+tags`; other providers that are known to support `+tags` lose those; domains that are
    names of one provider become one. Any other address is its own key. Never show or store it as the value.
    """
    local, _, domain = canonical_email.rpartition("@")
    if domain in _GMAIL:
        local = local.partition("+")[0].replace(".", "") or local
    elif domain in _PLUS_TAGS:
        local = local.partition("+")[0] or local
    return f"{local}@{_SAME_DOMAIN.get(domain, domain)}"
