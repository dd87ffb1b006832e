"""Write keys let in the sources they were made for until they are revoked, in every process at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from identity_graph.errors import ConflictError, InvalidMappingError, NotFoundError
from identity_graph.journal import KeyKind, WriteKeys
from tests.journal.events import NOON


def test_a_key_is_found_by_its_text_until_it_is_revoked_elsewhere(tmp_path: Path) -> None:
    here, elsewhere = WriteKeys(tmp_path), WriteKeys(tmp_path)
    assert here.find("anything") is None
    key, text = elsewhere.make("shop", KeyKind.PRIVATE, NOON)
    assert here.find(text) == key and here.find(text + "x") is None
    second, other = elsewhere.make("shop", KeyKind.PRIVATE, NOON)
    assert here.find(other) == second
    elsewhere.revoke(key.id, NOON)
    assert here.find(text) is None and here.find(other) == second
    assert [found.revoked_at is None for found in here.all()] == [False, True]
    assert elsewhere.revoke(key.id, NOON.replace(year=2027)).revoked_at == "2026-01-01T12:00:00+00:00"


def test_the_text_of_a_key_is_stored_nowhere(tmp_path: Path) -> None:
    _, text = WriteKeys(tmp_path).make("shop", KeyKind.PRIVATE, NOON)
    assert not [path for path in tmp_path.iterdir() if text in path.read_text(encoding="utf-8")]


def test_all_keys_of_a_source_are_of_one_kind(tmp_path: Path) -> None:
    keys = WriteKeys(tmp_path)
    key, _ = keys.make("site", KeyKind.PUBLIC, NOON)
    keys.revoke(key.id, NOON)
    with pytest.raises(ConflictError, match="site"):
        keys.make("site", KeyKind.PRIVATE, NOON)
    keys.make("site", KeyKind.PUBLIC, NOON)


def test_wrong_names_and_ids_are_named(tmp_path: Path) -> None:
    keys = WriteKeys(tmp_path)
    with pytest.raises(InvalidMappingError, match="a:b"):
        keys.make("a:b", KeyKind.PRIVATE, NOON)
    with pytest.raises(NotFoundError, match="nothing"):
        keys.revoke("nothing", NOON)
