"""What a comparison is: an ordered list of levels, each a claim about two records stated in SQL.

Column `x` of the feature table appears in a condition as `x_l` and `x_r`, as Splink writes it. The first level says
when there is nothing to compare; the last, unwritten one is "everything else". Default probabilities are used where
the data cannot teach better ones.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Comparison", "Level", "typed_apart"]

_CLOSEST = 0.8
"""Jaro similarity of texts that a typing error sets apart; only repetitive ones (`ababa`, `baba`) fall below."""


@dataclass(frozen=True, slots=True)
class Level:
    """One claim about two records.

    Attributes:
        label: the claim in words, such as `family name agrees`.
        condition: SQL over the two records' feature columns.
        default_m: how often two records of one person satisfy it (and no earlier level), 0..1.
        default_u: how often two strangers do, 0..1.
        rarity: feature column whose term frequency replaces the stranger probability; None for a fixed one.
    """

    label: str
    condition: str
    default_m: float
    default_u: float
    rarity: str | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """One aspect of two records, judged by the first level that holds.

    Attributes:
        name: stable name; evidence columns are called `mw_<name>`.
        label: the aspect in words, such as `family name`.
        columns: the feature columns it reads; all must exist for the comparison to be made.
        missing: SQL that is true when there is nothing to compare.
        levels: claims, strongest first, without the closing "everything else".
        otherwise_m: default for "everything else": how often records of one person differ altogether.
        personal: neighbours, relatives and colleagues agree on it no more often than strangers do, but for `relatives`.
        relatives: of a personal comparison, how often two people of one household agree on it all the same (reach
            its first level), 0..1: sons are called after fathers, and twins share their birth date.
        contact: a way to reach somebody that a household may share: who shares one with a neighbour, shares the next
            every second time.
        proof: an identifier that its issuer gives to one person: who agrees on it and on the name is hardly another.
        agrees_least: of a personal comparison, the least that records of one person reach its first level, 0..1; where
            fewer do, namesakes are taken for the person.
        otherwise_most: the most that records of one person differ altogether, 0..1; what does so more often is
            relatives, colleagues or namesakes, who must not take the place of the matches.
    """

    name: str
    label: str
    columns: tuple[str, ...]
    missing: str
    levels: tuple[Level, ...]
    otherwise_m: float
    personal: bool = False
    relatives: float = 0.0
    contact: bool = False
    proof: bool = False
    otherwise_most: float = 1.0
    agrees_least: float = 0.0

    @property
    def default_m(self) -> tuple[float, ...]:
        """Default m of each level, "everything else" last; sums to 1."""
        values = [level.default_m for level in self.levels] + [self.otherwise_m]
        total = sum(values)
        return tuple(value / total for value in values)

    @property
    def default_u(self) -> tuple[float, ...]:
        """Default u of each level, "everything else" last; sums to 1."""
        values = [level.default_u for level in self.levels]
        return (*values, max(1.0 - sum(values), 0.05))

    @property
    def case_statement(self) -> str:
        """SQL giving -1 for nothing to compare, else the position of the first level that holds."""
        cases = " ".join(f"when {level.condition} then {place}" for place, level in enumerate(self.levels))
        return f"cast(case when {self.missing} then -1 {cases} else {len(self.levels)} end as tinyint)"


def typed_apart(column: str, edits: int, shortest: int) -> str:
    """Write the claim that two texts differ by typing errors: few edits (Damerau-Levenshtein), most letters in place.

    The count of edits costs a hundred times as much as the other conditions, and engines evaluate both sides of AND;
    inside CASE it is counted only for texts that satisfy the others.

    Args:
        column: feature column.
        edits: 1 or 2.
        shortest: letters both texts have at least; 4 or more for one edit, 8 or more for two.
    """
    left, right = f"{column}_l", f"{column}_r"
    return (
        f"(case when least(length({left}), length({right})) >= {shortest} "
        f"and abs(length({left}) - length({right})) <= {edits} and jaro_similarity({left}, {right}) >= {_CLOSEST} "
        f"then damerau_levenshtein({left}, {right}) <= {edits} else false end)"
    )
