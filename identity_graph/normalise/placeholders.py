"""Text that stands for no value: `n/a`, `unknown`, `-`, `0000`, `test@test.com`.

Text and, where it matters, its role come in; a yes or no goes out. What is a placeholder in one role may be a value
in another (`0` in a number, `NONE` as a category's text), so the sets are small and depend on the role.
"""

from __future__ import annotations

import re

from identity_graph.normalise.folding import fold
from identity_graph.roles import IDENTIFIER_ROLES, Role

__all__ = ["PLACEHOLDER_WORDS", "is_placeholder"]

_PHRASES = frozenset(
    {
        "na", "n a", "nan", "nat", "null", "none", "nil", "undefined", "unknown", "unk", "unkn", "missing", "empty",
        "blank", "not available", "not applicable", "not provided", "not specified", "not known", "not given",
        "not stated", "not set", "not entered", "no value", "no data", "no answer", "tbd", "tba", "tbc",
        "to be confirmed", "to be advised", "to be determined", "prefer not to say", "refused", "withheld",
        "redacted", "dummy", "asdf", "asdfasdf", "qwerty", "unbekannt", "keine", "keine angabe", "keine angaben", "k a",
        "nicht angegeben", "nicht bekannt", "nicht vorhanden", "ohne angabe", "inconnu", "inconnue",
        "non renseigne", "non renseignee", "non communique", "non disponible", "aucun", "aucune", "sans objet",
        "desconocido", "desconocida", "sin datos", "no aplica", "no disponible", "ninguno", "ninguna", "no informado",
        "no consta", "sconosciuto", "sconosciuta", "non disponibile", "nessuno", "nessuna", "non specificato",
        "onbekend", "niet bekend", "niet opgegeven", "niet van toepassing", "nvt", "n v t", "desconhecido",
        "desconhecida", "nao informado", "nao disponivel", "nenhum", "okand", "ukjent", "ukendt", "tuntematon",
        "nieznany", "nieznana", "nieznane", "brak", "brak danych", "neznamy", "ismeretlen", "necunoscut",
        "bilinmiyor", "neizvestno", "net dannyh",
    }
)  # fmt: skip
_IN_NAMES = frozenset(
    {
        "test", "tester", "test test", "testing", "test user", "test customer", "first name", "firstname", "last name",
        "lastname", "surname", "given name", "family name", "name", "vorname", "nachname", "nom", "prenom", "customer",
        "guest user", "anonymous", "anonym", "no name", "noname", "xx", "abc", "abcd", "n n", "nn", "fnu", "lnu",
        "foo", "bar", "foo bar",
    }
)  # fmt: skip
_REAL_NAMES = frozenset({"Na", "Null", "None", "Nan", "Nil", "Blank", "Nat", "Keine", "Name", "Brak", "Nom", "Unk"})
PLACEHOLDER_WORDS = _PHRASES | _IN_NAMES
"""Folded texts that are no value in some role."""

_NAME_ROLES = frozenset({Role.GIVEN_NAME, Role.MIDDLE_NAME, Role.FAMILY_NAME, Role.FULL_NAME})
_PLACE_ROLES = frozenset({Role.ADDRESS, Role.STREET, Role.CITY, Role.REGION, Role.COUNTRY, Role.PLACE, Role.COMPANY})
_MEASURE_ROLES = frozenset(Role) - _NAME_ROLES - _PLACE_ROLES - IDENTIFIER_ROLES - {Role.POSTCODE, Role.HOUSE_NUMBER}
_CODE_ROLES = IDENTIFIER_ROLES | {Role.POSTCODE, Role.HOUSE_NUMBER}
_KEPT_ROLES = frozenset({Role.RECORD_ID, Role.SOURCE})

_ZEROS = re.compile(r"[0\-\s./]+|-1|9{4,}|(\d)\1{5,}|x{3,}", re.IGNORECASE)
_FAKE_MAIL = re.compile(
    r"(test|none|na|no|null|nil|xxx*|asdf|abc|email|mail|unknown|a|x)@\1(\.[a-z]{1,4})+"
    r"|(no-?_?\.?e?-?mail|none|unknown|not-?provided|noaddress|n/a|keine(mail|email)?)@.*"
    r"|(x+|a|test)@(x+|a|test)\.(x+|com|a)",
    re.IGNORECASE,
)


def is_placeholder(text: str, role: Role | None = None) -> bool:
    """Say whether tidy text stands for no value.

    Args:
        text: tidy text (see `tidy`).
        role: the role it is read in; None judges by what is a placeholder in any code, name or address.

    Returns:
        True for blanks and punctuation alone, for the words of many languages that say `unknown`, for filler
        (`xxx`, `0000`, `99999`) in codes and addresses, and for made-up e-mail addresses. A title-case `Null` or
        `Na` is a person's name in a name role. Record ids are never placeholders unless blank.
    """
    if role in _KEPT_ROLES:
        return not text
    if len(text) > 40:
        return not any(map(str.isalnum, text))
    if "@" in text:
        return role in (None, Role.EMAIL) and _FAKE_MAIL.fullmatch(text) is not None
    if text[:1].isdigit() or text[-1:].isdigit():
        return role not in _MEASURE_ROLES and _ZEROS.fullmatch(text) is not None
    folded = fold(text)
    if not folded:
        return not any(map(str.isalnum, text))
    if folded in _PHRASES:
        return not (role in _NAME_ROLES and text in _REAL_NAMES)
    if role is None:
        return folded in _IN_NAMES or _ZEROS.fullmatch(text) is not None
    if role in _NAME_ROLES:
        return folded in _IN_NAMES or _ZEROS.fullmatch(text) is not None
    if role in _CODE_ROLES or role in _PLACE_ROLES:
        return folded == "test" or folded == "anonymous" or _ZEROS.fullmatch(text) is not None
    return False
