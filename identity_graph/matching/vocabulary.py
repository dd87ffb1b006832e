"""What training learns about the words of a table, so that a record's features depend on that record alone.

Features of a training table come in, a vocabulary goes out; the model carries it, and features of any record are
computed with it afterwards.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from identity_graph.matching.columns import flat
from identity_graph.normalise import fold
from identity_graph.roles import Role

__all__ = ["Vocabulary", "common_items", "common_words", "words_elsewhere"]

Array: TypeAlias = "pa.Array"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What turns a record into features, whatever its neighbours are.

    Attributes:
        columns: the feature columns of the training table -> `text`, `number` or `list`, sorted by name; every
            record gets these, empty where it says nothing.
        common: text or list column -> its words or items that too many carry to say anything.
        elsewhere: words that places and categories say already; in a name they are as good as common.
    """

    columns: Mapping[str, str]
    common: Mapping[str, frozenset[str]] = field(default_factory=dict)
    elsewhere: frozenset[str] = frozenset()

    @property
    def names_in_parts(self) -> bool:
        """Names are compared by given and family name, not whole."""
        return "given" in self.columns

    def silent(self, column: str) -> tuple[frozenset[str], ...]:
        """Return the words of a column that never count as rare."""
        # Items of lists are whole names, in which a word of a place means nothing.
        common = self.common[column]
        return (common,) if self.columns[column] == "list" else (common, self.elsewhere)


def common_words(words: Array, texts: Array) -> frozenset[str]:
    """Find the words that many distinct texts carry: more than one in 300, and more than three.

    Distinct texts are counted, not records, so a name written the same way many times stays rare.

    Args:
        words: list column of each record's words.
        texts: the text column the words came from.
    """
    distinct = flat(texts).dictionary_encode()
    first = pc.index_in(pa.array(range(len(distinct.dictionary)), pa.int32()), value_set=distinct.indices)
    return _seen_more_than(max(3, len(distinct.dictionary) // 300), words.take(first))


def common_items(lists: Array) -> frozenset[str]:
    """Find the items that many records carry: more than ten, and more than half a percent of the records."""
    return _seen_more_than(max(10, len(lists) // 200), lists)


def _seen_more_than(limit: int, lists: Array) -> frozenset[str]:
    counted = pc.value_counts(lists.flatten())
    return frozenset(counted.filter(pc.greater(counted.field("counts"), limit)).field("values").to_pylist())


def words_elsewhere(by_role: Mapping[Role, Collection[Any]]) -> frozenset[str]:
    """Collect the words of places and categories, singular and plural: repeated in a name they say nothing new."""
    texts = {
        fold(text)
        for role in (Role.CITY, Role.REGION, Role.COUNTRY, Role.PLACE, Role.CATEGORY)
        for column in by_role.get(role, ())
        for text in pc.unique(column).to_pylist()
        if text
    }
    words = {word for text in texts for word in text.split(" ")}
    return frozenset(words | {word.removesuffix("s") for word in words} | {f"{word}s" for word in words})
