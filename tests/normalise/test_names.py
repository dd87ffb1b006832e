"""Names as shown, and full names taken apart."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from identity_graph.normalise import NormaliseContext, normalise_value, parse_full_name
from identity_graph.roles import Role


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("JÜRGEN", "Jürgen"),
        ("jean-luc", "Jean-Luc"),
        ("O’BRIEN", "O'Brien"),
        ("o'brien", "O'Brien"),
        ("d'angelo", "D'Angelo"),
        ("mcdonald", "McDonald"),
        ("McDonald", "McDonald"),
        ("DeShawn", "DeShawn"),
        ("maría  josé", "María José"),
        ("ΓΙΏΡΓΟΣ", "Γιώργος"),
        ("ИВАН", "Иван"),
        ("王小明", "王小明"),
        ("İBRAHİM", "İbrahim"),
        ("j. r. r. tolkien", "J. R. R. Tolkien"),
        ("JOHN SMITH III", "John Smith III"),
        ("LUDWIG VAN BEETHOVEN", "Ludwig van Beethoven"),
        ("DUPONT Jean", "DUPONT Jean"),
        ("MÃ¼ller", "Müller"),
        ("Null", "Null"),
        ("NULL", None),
        ("test", None),
        ("xxx", None),
        ("x", "X"),
        ("Na", "Na"),
        ("123456", "123456"),
        ("000000", None),
    ],
)
def test_a_name_is_shown_in_the_case_people_write(text: str, value: str | None) -> None:
    assert normalise_value(Role.FULL_NAME, text, NormaliseContext()).value == value


@pytest.mark.parametrize(
    ("text", "given", "middle", "family", "prefix", "suffix"),
    [
        ("John Smith", "John", None, "Smith", None, None),
        ("John Q. Smith", "John", "Q.", "Smith", None, None),
        ("J. R. R. Tolkien", "J.", "R. R.", "Tolkien", None, None),
        ("Smith, John", "John", None, "Smith", None, None),
        ("Smith, John Jr.", "John", None, "Smith", None, "Jr"),
        ("Smith, Jr., John", "John", None, "Smith", None, "Jr"),
        ("Martin Luther King Jr", "Martin", "Luther", "King", None, "Jr"),
        ("Henry Ford II", "Henry", None, "Ford", None, "II"),
        ("Dr Smith", None, None, "Smith", "Dr", None),
        ("Prof. Dr. med. Hans-Peter Müller", "Hans-Peter", None, "Müller", "Prof. Dr. med.", None),
        ("Mr. & Mrs. Smith", None, None, "Smith", "Mr. & Mrs.", None),
        ("Sir Thomas Chaloner, 2nd Baronet", "Thomas", None, "Chaloner", "Sir", "2nd Baronet"),
        ("william cavendish 1st duke of devonshire", "william", None, "cavendish", None, "1st duke of devonshire"),
        ("John Smith, Earl of Foo", "John", None, "Smith", None, "Earl of Foo"),
        ("Lord Byron", None, None, "Byron", "Lord", None),
        ("Earl Warren", "Earl", None, "Warren", None, None),
        ("Prince of Wales", None, None, "of Wales", "Prince", None),
        ("Mary Smith, PhD", "Mary", None, "Smith", None, "PhD"),
        ("Ludwig van Beethoven", "Ludwig", None, "van Beethoven", None, None),
        ("van Gogh, Vincent", "Vincent", None, "van Gogh", None, None),
        ("Gogh, Vincent van", "Vincent", None, "van Gogh", None, None),
        ("VAN DER SAAG PAULUS MARIA", "PAULUS", "MARIA", "VAN DER SAAG", None, None),
        ("Van Morrison", "Van", None, "Morrison", None, None),
        ("Hans-Peter von der Heide", "Hans-Peter", None, "von der Heide", None, None),
        ("Juan de la Cruz", "Juan", None, "de la Cruz", None, None),
        ("José Ortega y Gasset", "José", None, "Ortega y Gasset", None, None),
        ("Muhammad bin Salman al Saud", "Muhammad", "bin Salman", "al Saud", None, None),
        ("Иванов Сергей Петрович", "Сергей", "Петрович", "Иванов", None, None),
        ("Сергей Петрович Иванов", "Сергей", "Петрович", "Иванов", None, None),
        ("王小明", "小明", None, "王", None, None),
        ("欧阳修", "修", None, "欧阳", None, None),
        ("山田 太郎", "太郎", None, "山田", None, None),
        ("김철수", "철수", None, "김", None, None),
        ("DUPONT Jean", "Jean", None, "DUPONT", None, None),
        ("John and Mary Smith", "John", None, "Smith", None, None),
        ("Madonna", "Madonna", None, None, None, None),
        ("Jane Doe (née Roe)", "Jane", None, "Doe", None, None),
        ("", None, None, None, None, None),
        (" , ", None, None, None, None, None),
    ],
)
def test_a_full_name_is_taken_apart(
    text: str, given: str | None, middle: str | None, family: str | None, prefix: str | None, suffix: str | None
) -> None:
    parts = parse_full_name(text)
    assert parts == (given, middle, family, prefix, suffix, None)


@pytest.mark.parametrize(
    "text", ['William "Bill" Gates', "William (Bill) Gates", "William 'Bill' Gates", "Gates, William “Bill”"]
)
def test_a_nickname_is_kept_apart(text: str) -> None:
    parts = parse_full_name(text)
    assert (parts.given, parts.family, parts.nickname) == ("William", "Gates", "Bill")


@settings(max_examples=500, deadline=None)
@given(
    st.text(max_size=60)
    | st.lists(
        st.sampled_from(["Dr", "van", "Smith", ",", "Jr", "(", '"', "of", "1st", "Earl", "&", ".", "王", "and"]),
        max_size=8,
    ).map(" ".join)
)
def test_any_text_has_parts_that_are_none_or_not_empty(text: str) -> None:
    assert all(part is None or part.strip() for part in parse_full_name(text))
