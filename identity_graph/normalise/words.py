"""Small vocabularies: gender, categories and free text, and lists of entities inside one column."""

from __future__ import annotations

import re

from identity_graph.normalise.cleaning import tidy
from identity_graph.normalise.folding import fold
from identity_graph.normalise.placeholders import is_placeholder
from identity_graph.normalise.result import NO_VALUE, Normalised, value
from identity_graph.roles import Role

__all__ = ["entity_list", "gender"]

_GENDERS = {
    "m": """m male man boy mann maennlich mannlich herr mr mister monsieur homme masculin h hombre masculino varon
    senor uomo maschio maschile signor signore meneer heer mannelijk mies erkek mezczyzna muzhskoi muzhskoy muzh muz
    nan sir""",
    "f": """f female woman girl w weiblich frau mrs ms miss madame mme mademoiselle femme feminin mujer femenino
    femenina senora senorita donna femmina femminile signora mevrouw vrouw vrouwelijk v kvinna kvinne kvinde
    nainen kadin kobieta zhenskii zhenskiy zhen zena nu lady""",
    "x": """x d other diverse divers nonbinary non binary nb enby intersex otro altro autre anders annat third
    genderqueer indeterminate""",
}
_GENDER_OF = {word: letter for letter, words in _GENDERS.items() for word in words.split()}
_GENDER_OF |= {"non binary": "x", "not listed": "x", "x unspecified": "x"}
_GENDER_UNKNOWN = frozenset({"u", "n", "unspecified", "undisclosed", "not disclosed", "not say"})
_LIST_SEPARATOR = re.compile(r"\*\*|[;|\r\n]+")


def gender(text: str) -> Normalised:
    """Read a gender or a form of address as `m`, `f` or `x`; anything else (such as a source's digits) stays."""
    folded = fold(text)
    if folded in _GENDER_UNKNOWN:
        return NO_VALUE
    return value(_GENDER_OF.get(folded, text))


def entity_list(raw: str) -> Normalised:
    """Read several entities in one raw text (`A**B`, `A; B`, one a line) as `A | B`, in order, each once."""
    entities = (tidy(part) for part in _LIST_SEPARATOR.split(raw))
    return value(" | ".join(dict.fromkeys(part for part in entities if part and not is_placeholder(part, Role.TEXT))))
