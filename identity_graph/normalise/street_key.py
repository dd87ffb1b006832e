"""The comparison form of a street: abbreviations meet their words, and what only describes the place is left out.

A street as written comes in, a key goes out that is equal for `58th Street`, `58TH ST.` and `58th St. near Park Ave.`.
Only comparisons use it; the value that is shown stays as it was written.
"""

from __future__ import annotations

import re

from identity_graph.normalise.folding import fold

__all__ = ["street_key"]

_FORMS = """
st:street,saint,santo,sankt,sint rd:road ave:avenue,av,avenida,avda blvd:boulevard,blv,bvd,bd ln:lane dr:drive
ct:court cl:close cres:crescent,crs pl:place,platz,plaza,plac sq:square ter:terrace,terr,tce hwy:highway
pkwy:parkway,pky cir:circle,circ gdns:gardens,garden,gdn gr:grove,grv pk:park hts:heights ctr:center,centre
mt:mount,mont ft:fort n:north s:south e:east w:west ne:northeast nw:northwest se:southeast sw:southwest
str:strasse,straat ul:ulica c:calle r:rue,rua ch:chemin rte:route,rt all:allee tr:trail,trl
1st:first 2nd:second 3rd:third 4th:fourth 5th:fifth 6th:sixth 7th:seventh 8th:eighth 9th:ninth 10th:tenth
11th:eleventh 12th:twelfth
"""
_SHORT = {word: short for short, words in (entry.split(":") for entry in _FORMS.split()) for word in words.split(",")}
"""Words of streets -> the short form they are compared in."""

_ENDINGS = (("strasse", "str"), ("straat", "str"), ("platz", "pl"))
"""Endings of streets written as one word -> their short form."""

_DESCRIPTION = re.compile(
    r"(?<=\w) (?:near|between|btw|btwn|betw|opposite|opp|behind|off|next to|across from|corner of|cnr|at|inside)\b.*"
)
"""From such a word on, a line says where the place is, not what the street is called."""


def street_key(text: str) -> str:
    """Bring a street to its comparison form.

    Args:
        text: a street, with or without its house number, in any script.

    Returns:
        Folded words with streets, directions and ordinals shortened; empty when nothing is left.
    """
    return " ".join(_short(word) for word in _DESCRIPTION.sub("", fold(text)).split())


def _short(word: str) -> str:
    if word in _SHORT:
        return _SHORT[word]
    for ending, short in _ENDINGS:
        if word.endswith(ending) and len(word) > len(ending) + 2:
            return word.removesuffix(ending) + short
    return word
