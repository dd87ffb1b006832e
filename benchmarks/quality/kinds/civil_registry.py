"""A civil registry: entries of births, marriages, censuses and deaths, the date of birth in three columns.

Patronymics stand beside family names, brides take new names, brothers share all but their given name, and months are
written as words by some clerks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from benchmarks.quality.kinds.dirt import born_slipped, kept, slipped, words
from benchmarks.quality.kinds.sheets import Sheet
from identity_graph.demo.chances import Chance, Weighted

__all__ = ["civil_registry"]

_MEN = Weighted.ranked(
    words(
        """
    Iwan Nikolai Alexander Wassili Peter Michail Pawel Sergei Dmitri Andrei Fjodor Alexei Grigori Stepan
    Jakob Semjon Konstantin Wladimir Ilja Boris Jefim Timofei Matwei Kondrat Sachar Kusma
    """
    )
)
_WOMEN = Weighted.ranked(
    words(
        """
    Maria Anna Jekaterina Alexandra Praskowja Jelisaweta Tatjana Jelena Olga Darja Natalja Sofja Akulina
    Warwara Agafja Marfa Xenia Nadeschda Wera Ljubow Ustinja Pelageja Fjokla
    """
    )
)
_STARTS = words(
    """
    Iwan Petr Sidor Kusnez Smirn Pop Wolk Sokol Lebed Moros Orl Kosl Nowik Fjodor Bel Tschern Rom Sawel
    """
)
_MIDDLES = ["", "", "en", "ts", "kow", "ul", "an", "iz", "el", "ast", "ow", "ar"]
_ENDS = ["ow", "ew", "in", "ski", "enko", "uk"]
_TOWNS = Weighted.ranked(
    words(
        """
    Twer Kaluga Rjasan Tula Pskow Wjasma Rschew Torschok Staraja-Russa Kimry Bologoje Ostaschkow Subzow
    Bescheck Kaschin Kaljasin Bely Toropez
    """
    )
)
_MONTHS = words("Januar Februar März April Mai Juni Juli August September Oktober November Dezember")
_CLERKS = 14


@dataclass(frozen=True, slots=True)
class _Soul:
    id: str
    given: str
    father: str
    family: str
    married: str | None
    wed: int
    born: date
    female: bool
    town: str
    died: int


def civil_registry(people: int, chance: Chance) -> list[Sheet]:
    """Make the set: one file, about 2.4 entries a person."""
    sheet = Sheet(
        "records.csv",
        "Registernr",
        (
            "Band", "Familienname", "Vorname", "Vatersname", "Geschlecht", "Geb_Tag", "Geb_Monat", "Geb_Jahr",
            "Geburtsort", "Wohnort", "Art_des_Eintrags", "erfasst_am", "Status",
        ),
        counter="lfd_Nr",
        delimiter=";",
    )  # fmt: skip
    number = 0
    while number < people:
        father, family, town = chance.weighted(_MEN), _family_name(chance), chance.weighted(_TOWNS)
        eldest = chance.between(1815, 1885)
        for child in range(chance.between(1, 5)):
            number += 1
            soul = _child(f"S{number:06d}", father, family, town, eldest + 2 * child, chance)
            _enter(sheet, soul, chance)
    return [sheet]


def _family_name(chance: Chance) -> str:
    return chance.skewed(_STARTS) + chance.one_of(_MIDDLES) + chance.skewed(_ENDS)


def _child(soul_id: str, father: str, family: str, town: str, year: int, chance: Chance) -> _Soul:
    female = chance.happens(0.5)
    given = chance.weighted(_WOMEN if female else _MEN)
    born = chance.day(date(year, 1, 1), date(year + 1, 12, 31))
    married = _family_name(chance) if female and chance.happens(0.6) else None
    return _Soul(
        soul_id, given, father, family, married, born.year + chance.between(17, 28), born, female, town,
        born.year + chance.between(1, 80),
    )  # fmt: skip


def _enter(sheet: Sheet, soul: _Soul, chance: Chance) -> None:
    entries = [("Taufe", soul.born.year)] if chance.happens(0.85) else []
    if soul.died > soul.wed and chance.happens(0.6):
        entries.append(("Trauung", soul.wed))
    entries += [("Seelenliste", year) for year in (1858, 1873, 1897) if soul.born.year < year < soul.died]
    if chance.happens(0.7) or not entries:
        entries.append(("Tod", soul.died))
    for kind, year in entries:
        if kind != "Seelenliste" or chance.happens(0.6):
            _write(sheet, soul, kind, year, chance)


def _write(sheet: Sheet, soul: _Soul, kind: str, year: int, chance: Chance) -> None:
    family = soul.married if soul.married and year > soul.wed else soul.family
    ending = ("owna" if soul.female else "owitsch") if soul.father[-1] not in "ij" else None
    patronymic = soul.father.rstrip("ij") + (ending or ("jewna" if soul.female else "jewitsch"))
    if soul.female and family.endswith(("ow", "ew", "in")):
        family += "a"
    born = born_slipped(soul.born, 0.05, chance)
    stated = born.year + (chance.between(-1, 1) if kind in ("Tod", "Seelenliste") and chance.happens(0.15) else 0)
    exact = kind in ("Taufe", "Trauung") or chance.happens(0.55)
    month = _MONTHS[born.month - 1] if year % 3 == 0 else str(born.month)
    clerk = sheet.scattered() % _CLERKS
    sheet.add(
        soul.id,
        f"{year}/{sheet.scattered():08d}",
        (
            f"Band {year % 100:02d}{'abc'[clerk % 3]}",
            slipped(family, 0.08, chance),
            slipped(soul.given if chance.happens(0.96) else soul.given[0] + ".", 0.05, chance),
            kept(slipped(patronymic, 0.04, chance), 0.12, chance),
            kept("w" if soul.female else "m", 0.03, chance),
            str(born.day) if exact else None,
            month if exact else None,
            kept(str(stated), 0.03, chance),
            kept(soul.town, 0.15, chance),
            kept(soul.town if chance.happens(0.8) else chance.weighted(_TOWNS), 0.1, chance),
            kind,
            f"2019-0{1 + clerk % 9}-{1 + clerk:02d}",
            "geprüft",
        ),
    )
