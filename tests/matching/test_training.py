"""What training promises: the same bytes for the same records, the right prior, the structure of the sources."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from identity_graph.errors import ModelError
from identity_graph.matching import MatchingOptions, MatchModel
from identity_graph.roles import Role
from tests.matching.once import score, train


def _bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_the_same_records_give_the_same_bytes(persons, roles, trained, small_options, tmp_path):
    trained.save(tmp_path / "first")
    train(persons[0], dict(reversed(roles.items())), small_options).save(tmp_path / "second")
    assert _bytes(tmp_path / "first") == _bytes(tmp_path / "second")


def test_records_given_in_another_order_and_sorted_give_the_same_model(persons, roles, trained, small_options):
    table = persons[0]
    shuffled = table.take(pa.array(np.random.default_rng(5).permutation(table.num_rows)))
    assert train(shuffled.sort_by("key"), roles, small_options).version == trained.version


def test_thread_count_does_not_change_the_model(persons, roles, trained, small_options):
    assert train(persons[0], roles, replace(small_options, threads=1)).version == trained.version


def test_a_saved_model_scores_as_before(persons, roles, trained, small_options, tmp_path):
    trained.save(tmp_path)
    loaded = MatchModel.load(tmp_path)
    assert loaded == replace(trained, frequencies=loaded.frequencies)
    assert loaded.version == trained.version
    assert score(persons[0], roles, loaded, small_options).equals(score(persons[0], roles, trained, small_options))


def test_a_torn_model_is_named(tmp_path):
    (tmp_path / "model.json").write_text('{"format": ')
    with pytest.raises(ModelError, match="cannot be read"):
        MatchModel.load(tmp_path)


def test_the_prior_is_learnt_from_the_data(persons, trained):
    truth = np.bincount(persons[1])
    pairs = len(persons[1]) * (len(persons[1]) - 1) / 2
    actual = (truth * (truth - 1) / 2).sum() / pairs
    assert 0.8 < trained.prior / actual < 1.2


def test_sources_that_hold_each_person_once_are_recognised(persons, roles, small_options):
    table, truth = persons
    seen: dict[int, int] = {}
    sources = []
    for person in truth:
        sources.append("ab"[seen.get(person, 0)] if seen.get(person, 0) < 2 else "")
        seen[person] = seen.get(person, 0) + 1
    kept = np.flatnonzero([bool(source) for source in sources])
    linked = table.set_column(1, "source", pa.array(sources, pa.string())).take(pa.array(kept))
    structure = train(linked, roles, small_options).structure
    assert structure["a"].duplicate_free and structure["b"].duplicate_free
    assert not train(table, roles, small_options).structure["crm"].duplicate_free


def test_a_household_is_not_one_person():
    """Relatives share family name, street and postcode; only given name and birth date tell them apart."""
    random_source = np.random.default_rng(3)
    given_names = [
        f"{first}{second}" for first in ("Al", "Ber", "Cle", "Dor", "Eg") for second in ("ma", "to", "na", "rix")
    ]
    rows = []
    for house in range(300):
        family, street = f"Family{house % 60}son", f"{house} Mill{house % 30} Road"
        for member, given in enumerate(random_source.choice(given_names, 3, replace=False).tolist()):
            year, month, day = (int(random_source.integers(*span)) for span in ((1950, 2005), (1, 13), (1, 29)))
            born = f"{year}-{month:02d}-{day:02d}"
            rows += [(f"s:{house:03d}-{member}-{copy}", given, family, born, street) for copy in range(1 + house % 2)]
    names = ("key", "given_name", "family_name", "birth_date", "address")
    table = pa.table({name: [row[place] for row in rows] for place, name in enumerate(names)})
    table = table.append_column("source", pa.array(["s"] * len(rows))).sort_by("key")
    roles = {name: Role(name) for name in names[1:]}
    options = MatchingOptions(threads=2)
    pairs = score(table, roles, train(table, roles, options), options)
    person = np.array([key.rsplit("-", 1)[0] for key in table["key"].to_pylist()])
    same = person[pairs["left"].to_numpy()] == person[pairs["right"].to_numpy()]
    positive = pairs["match_weight"].to_numpy() > 0
    assert (same & positive).sum() / positive.sum() > 0.9
