"""A record's features follow from the record and the vocabulary: its neighbours do not matter."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from identity_graph.matching.features import build_features, learn_features, record_features
from identity_graph.roles import Role

_ROLES = {
    "given_name": Role.GIVEN_NAME, "middle_name": Role.MIDDLE_NAME, "family_name": Role.FAMILY_NAME,
    "full_name": Role.FULL_NAME, "name_suffix": Role.NAME_SUFFIX, "birth_date": Role.BIRTH_DATE, "city": Role.CITY,
    "postcode": Role.POSTCODE, "street": Role.STREET, "address": Role.ADDRESS, "email": Role.EMAIL,
    "phone": Role.PHONE, "company": Role.COMPANY, "latitude": Role.LATITUDE, "longitude": Role.LONGITUDE,
    "inventors": Role.ENTITY_LIST, "price": Role.NUMBER, "note": Role.TEXT, "branch": Role.CATEGORY,
    "account_id": Role.ACCOUNT_ID, "title": Role.TITLE,
}  # fmt: skip
_SAMPLES = {
    "full_name": ("Ann Lee", "Lee, Ann", "Dr. Ann-Marie O'Neill jr", "Żofia Łąka", "王小明", "Bistro Roma"),
    "birth_date": ("1990-02-03", "1990", "1990-02", ""),
    "street": ("12 High Street", "Hauptstraße 5a", "Rue de la Paix", ""),
    "address": ("12 High Street, AB1 2CD Ely", "Hauptstr. 5, 10115 Berlin"),
    "email": ("ann.lee99@gmail.com", "müller@mail.example", "a@b.example"),
    "phone": ("+442071234567", "123", ""),
    "company": ("Roma Pizza Ltd", "Ely Pizza GmbH", "The Pizza Company", "Pizza"),
    "title": ("The Sea", "Sea, the!", "2001"),
    "latitude": ("51.5", "0", "x"),
    "longitude": ("0", "-0.125", ""),
    "inventors": ("Ann Lee|Bo Chan", "Bo Chan|none", "", "|"),
    "price": ("12.50", "1e400", "many"),
    "name_suffix": ("jr", "III", "PhD"),
    "family_name": ("Lee jr", "jr", "O'Neill", "van der Berg", ""),
    "note": ("left at the door", "Door 5", "!"),
}
_VALUES = {
    name: st.none() | st.sampled_from(_SAMPLES.get(name, ("Ann", "Ely", "ann lee", "O'Neill", "ABC-12 3", "")))
    for name in _ROLES
}


def _table(rows: list[dict[str, str | None]]) -> pa.Table:
    columns = {name: pa.array([row[name] for row in rows], pa.string()) for name in _ROLES}
    return pa.table({"source": pa.array(["crm"] * len(rows), pa.string()), **columns})


_ROWS = st.lists(st.fixed_dictionaries(_VALUES), min_size=1, max_size=12)


@settings(max_examples=60)
@given(learnt_from=_ROWS, rows=_ROWS)
def test_features_of_a_row_are_those_of_the_row_alone(learnt_from, rows):
    vocabulary, _ = learn_features(_table(learnt_from), _ROLES)
    together = build_features(_table(rows), _ROLES, vocabulary).drop_columns(["row"])
    alone = [build_features(_table([row]), _ROLES, vocabulary).drop_columns(["row"]) for row in rows]
    assert pa.concat_tables(alone).to_pylist() == together.to_pylist()


@settings(max_examples=60)
@given(learnt_from=_ROWS, rows=_ROWS)
def test_one_record_without_a_table_has_the_same_features(learnt_from, rows):
    vocabulary, _ = learn_features(_table(learnt_from), _ROLES)
    together = build_features(_table(rows), _ROLES, vocabulary).drop_columns(["row", "source"]).to_pylist()
    for row, expected in zip(rows, together, strict=True):
        found = record_features(row, _ROLES, vocabulary)
        assert {name: found.get(name) for name in expected} == expected


@settings(max_examples=60)
@given(rows=_ROWS)
def test_the_vocabulary_gives_its_training_table_the_features_it_was_learnt_with(rows):
    vocabulary, features = learn_features(_table(rows), _ROLES)
    assert build_features(_table(rows), _ROLES, vocabulary).equals(features)
    assert list(vocabulary.columns) == [name for name in features.column_names if name not in ("row", "source")]


@settings(max_examples=60)
@given(rows=_ROWS)
def test_texts_of_features_are_ascii_and_not_empty_whatever_comes_in(rows):
    _, features = learn_features(_table(rows), _ROLES)
    for name in features.column_names:
        column = features.column(name).combine_chunks()
        texts = column.flatten() if pa.types.is_list(column.type) else column
        if name != "source" and pa.types.is_string(texts.type):
            assert all(text is None or (text and text.isascii()) for text in texts.to_pylist())


def _learnt(**columns: list[str | None]) -> tuple[object, pa.Table]:
    return learn_features(pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()}), _ROLES)


def test_words_are_rare_by_what_training_saw_not_by_the_batch():
    vocabulary, _ = _learnt(company=[f"pizza number{row}" for row in range(10)])
    batch = pa.table({"company": ["pizza palace", "palace of soup", "palace of tea", "palace of ice", "palace of cod"]})
    rare = build_features(batch, _ROLES, vocabulary).column("company_rare").to_pylist()
    assert rare[0] == ["palace"]
    assert all("palace" in words for words in rare)


def test_words_of_places_never_count_as_rare():
    vocabulary, _ = _learnt(full_name=["roma bistro", "cafe x"], city=["roma", "ely"])
    batch = pa.table({"full_name": ["roma cafe", "ely tearoom"]})
    assert build_features(batch, _ROLES, vocabulary).column("name_rare").to_pylist() == [["cafe"], ["tearoom"]]


@pytest.mark.parametrize(
    ("learnt", "batch", "expected"),
    [
        ({"given_name": ["Ann"], "family_name": ["Lee"]}, {"full_name": "Bo Chan"}, {"given": "bo", "family": "chan"}),
        ({"full_name": ["Ann Lee"]}, {"given_name": "Bo", "family_name": "Chan"}, {"name": "bo chan"}),
        ({"full_name": ["Ann Lee"]}, {"family_name": "Chan"}, {"name": "chan"}),
        ({"full_name": ["Ann Lee"], "given_name": [None]}, {"full_name": "Bo Chan"}, {"name": "bo chan"}),
        ({"city": ["Ely"]}, {"full_name": "Bo Chan"}, {}),
    ],
)
def test_names_are_compared_as_in_training_however_a_batch_gives_them(learnt, batch, expected):
    vocabulary, _ = _learnt(**learnt)
    features = build_features(pa.table({name: [value] for name, value in batch.items()}), _ROLES, vocabulary)
    row = features.to_pylist()[0]
    assert {name: row.get(name) for name in expected} == expected
    assert {name for name in ("given", "name") if name in row} <= set(expected)
