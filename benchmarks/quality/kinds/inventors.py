"""Authors of papers and patents: abbreviated given names, lists of co-authors, affiliations that change.

People work in groups, so the same names come back together; many share family name and initial.
"""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.quality.kinds.dirt import kept, slipped, words
from benchmarks.quality.kinds.sheets import Sheet
from identity_graph.demo.chances import Chance, Weighted
from identity_graph.demo.mistakes import without_accents
from identity_graph.demo.places import LOCALES

__all__ = ["inventors"]

_CHINESE_FAMILIES = words("Wang Li Zhang Liu Chen Yang Huang Zhao Wu Zhou Xu Sun Ma Zhu Hu Guo He Lin Gao Luo")
_CHINESE_GIVEN = words(
    """
    Wei Jing Xin Yan Lei Hao Min Jun Li Fang Ying Bo Tao Xiaoming Yifan Zihan Junjie Mei Ling
    """
)
_FIELDS = {
    "H01M": ["battery", "electrode", "lithium", "cathode", "electrolyte", "separator", "cell"],
    "G06N": ["network", "learning", "neural", "training", "graph", "embedding", "model"],
    "A61K": ["composition", "compound", "dosage", "inhibitor", "antibody", "treatment", "tablet"],
    "C08L": ["polymer", "resin", "blend", "copolymer", "film", "coating", "elastomer"],
    "B60W": ["vehicle", "control", "torque", "steering", "sensor", "braking", "hybrid"],
}
_FORMS = Weighted(("full", "initials", "first initial"), (50.0, 35.0, 15.0))


@dataclass(frozen=True, slots=True)
class _Author:
    id: str
    given: tuple[str, ...]
    family: str
    city: str
    country: str


def inventors(people: int, chance: Chance) -> list[Sheet]:
    """Make the set: one file, a row per author and work."""
    sheet = Sheet(
        "records.tsv",
        "mention_id",
        (
            "author_name", "co_authors", "affiliation", "city", "ctry_code", "pub_year", "ipc_main", "title",
            "lang", "n_citations",
        ),
        delimiter="\t",
    )  # fmt: skip
    made = work = 0
    while made < people:
        size = chance.between(3, 9)
        group = [_author(f"A{made + place:06d}", chance) for place in range(size)]
        made += size
        field = chance.one_of(sorted(_FIELDS))
        homes = _affiliations(group[0], chance)
        for _ in range(chance.between(3, 12)):
            work += 1
            team = [one for one in group if chance.happens(0.45)][:6] or [group[0]]
            _publish(sheet, work, team, field, homes, chance)
    return [sheet]


def _author(author_id: str, chance: Chance) -> _Author:
    locale = chance.weighted(LOCALES)
    female = chance.happens(0.35)
    if chance.happens(0.25):
        given = (chance.one_of(_CHINESE_GIVEN),)
        return _Author(author_id, given, chance.one_of(_CHINESE_FAMILIES), locale.address(chance).city, "CN")
    names = [locale.given_name(female, chance)]
    if chance.happens(0.4):
        names.append(locale.given_name(female, chance))
    city = locale.address(chance).city
    return _Author(author_id, tuple(names), locale.family_name(chance), city, locale.country.code)


def _affiliations(first: _Author, chance: Chance) -> tuple[str, ...]:
    town = first.city
    return tuple(
        chance.one_of((f"University of {town}", f"Univ. {town}", f"{town} Institute of Technology, Dept. of Chemistry"))
        for _ in range(2)
    )


def _written(author: _Author, form: str, chance: Chance) -> str:
    if form == "full":
        given = " ".join(author.given)
    elif form == "initials":
        given = " ".join(f"{name[0]}." for name in author.given)
    else:
        given = f"{author.given[0][0]}."
    family = author.family
    if chance.happens(0.15):
        given, family = without_accents(given), without_accents(family)
    return slipped(f"{family}, {given}", 0.03, chance) or family


def _publish(sheet: Sheet, work: int, team: list[_Author], field: str, homes: tuple[str, ...], chance: Chance) -> None:
    form = chance.weighted(_FORMS)
    names = [_written(author, form, chance) for author in team]
    words = [chance.one_of(_FIELDS[field]) for _ in range(3)]
    title = f"{words[0].capitalize()} {words[1]} and method for {words[2]} {chance.one_of(_FIELDS[field])}"
    year, citations = str(chance.between(1998, 2024)), str(chance.below(40))
    for place, author in enumerate(team):
        others = "; ".join(name for other, name in enumerate(names) if other != place)
        cells = (
            names[place], others or None, kept(chance.skewed(homes), 0.25, chance), kept(author.city, 0.2, chance),
            kept(author.country, 0.1, chance), year, field, title, "en", citations,
        )  # fmt: skip
        sheet.add(author.id, f"P{work:06d}_{place + 1}", cells)
