"""Relatives who share a rare trait are not one person: sons called after fathers, and twins."""

from __future__ import annotations

import random
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pytest

from identity_graph.matching import MatchingOptions
from identity_graph.roles import Role
from tests.matching.once import score, train
from tests.matching.people import ROLES, people

Person = dict[str, str]


def _day(dice: random.Random, first: int, last: int) -> str:
    return f"{dice.randrange(first, last)}-{dice.randrange(1, 13):02d}-{dice.randrange(1, 29):02d}"


def _households(count: int, dice: random.Random) -> Iterator[tuple[Person, ...]]:
    """Make families of four: in every tenth the son has his father's name, in every tenth the children are twins."""
    drawn = people(count * 4, seed=7, copies=1)[0].to_pylist()
    names = [row["given_name"] or "Korda" for row in drawn]
    for place in range(count):
        home = {"city": f"Town{place % 40}", "postcode": f"{10_000 + place}"}
        family = f"{drawn[place]['family_name'] or 'Zelwes'}{'aeiou'[place % 5]}"
        father, mother, son, daughter = names[place * 4 :][:4]
        born = [_day(dice, 1945, 1965), _day(dice, 1945, 1965), _day(dice, 1970, 2000), _day(dice, 1970, 2000)]
        if place % 10 == 0:
            son = father
        if place % 10 == 5:
            born[3] = born[2]
        yield tuple(
            {"given_name": given, "family_name": family, "birth_date": day, **home}
            for given, day in zip((father, mother, son, daughter), born, strict=True)
        )


@pytest.fixture(scope="module")
def families() -> tuple[pa.Table, list[tuple[int, int]]]:
    """Return records, two or three a person, and the household and place in it of each."""
    dice = random.Random(3)
    rows, who = [], []
    for home, members in enumerate(_households(300, dice)):
        for place, member in enumerate(members):
            for _ in range(dice.randrange(2, 4)):
                gone = dice.choice(["none", "none", "birth_date", "city", "postcode"])
                rows.append({name: None if name == gone else member.get(name) for name in ROLES})
                who.append((home, place))
    keys = {"key": [f"crm:{row:05d}" for row in range(len(rows))], "source": ["crm"] * len(rows)}
    columns = {name: pa.array([row[name] for row in rows], pa.string()) for name in ROLES}
    return pa.table({**keys, **columns}), who


def test_neither_name_nor_birthday_makes_relatives_one(families: tuple[pa.Table, list[tuple[int, int]]]) -> None:
    records, who = families
    options = MatchingOptions(threads=2, sample_pairs=50_000, pairs_floor=50_000, pairs_per_record=20)
    pairs = score(records, ROLES, train(records, ROLES, options), options)
    joined = pairs["match_weight"].to_numpy() > 0
    people_of = np.array(who)
    left, right = people_of[pairs["left"].to_numpy()], people_of[pairs["right"].to_numpy()]
    same_home = left[:, 0] == right[:, 0]
    same_person = same_home & (left[:, 1] == right[:, 1])
    dated = np.array(records["birth_date"].is_valid())
    both_dated = dated[pairs["left"].to_numpy()] & dated[pairs["right"].to_numpy()]
    assert joined[same_person].mean() > 0.95
    relatives = same_home & ~same_person & both_dated  # without a birth date nobody could tell father from son
    namesakes = relatives & (left[:, 0] % 10 == 0) & (np.minimum(left[:, 1], right[:, 1]) == 0)
    assert joined[namesakes].mean() < 0.1
    twins = relatives & (left[:, 0] % 10 == 5) & (np.minimum(left[:, 1], right[:, 1]) == 2)
    assert joined[twins].mean() < 0.1


def test_a_father_and_a_son_of_one_name_are_told_apart_by_what_stands_behind_it(
    families: tuple[pa.Table, list[tuple[int, int]]],
) -> None:
    records, who = families
    people_of = np.array(who)
    named_alike = people_of[:, 0] % 10 == 0
    behind = np.where(named_alike & (people_of[:, 1] == 0), "Sr.", np.where(people_of[:, 1] == 2, "Jr", ""))
    suffixes = pa.array(
        [text if there else None for text, there in zip(behind, named_alike & (behind != ""), strict=True)]
    )
    records = records.drop_columns(["birth_date"]).append_column("name_suffix", suffixes.cast(pa.string()))
    roles = {name: role for name, role in ROLES.items() if name != "birth_date"} | {"name_suffix": Role.NAME_SUFFIX}
    options = MatchingOptions(threads=2, sample_pairs=50_000, pairs_floor=50_000, pairs_per_record=20)
    pairs = score(records, roles, train(records, roles, options), options)
    joined = pairs["match_weight"].to_numpy() > 0
    left, right = people_of[pairs["left"].to_numpy()], people_of[pairs["right"].to_numpy()]
    suffixed = (left[:, 0] == right[:, 0]) & (left[:, 0] % 10 == 0) & (left[:, 1] % 2 == 0) & (right[:, 1] % 2 == 0)
    same, namesakes = suffixed & (left[:, 1] == right[:, 1]), suffixed & (left[:, 1] != right[:, 1])
    assert same.sum() > 50
    assert joined[same].mean() > 0.9
    assert joined[namesakes].sum() < 5
