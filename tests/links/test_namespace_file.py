"""Rules of namespaces from a file: what it says changes the defaults, what it cannot say is named with its place."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from identity_graph.errors import InvalidSettingError
from identity_graph.namespace_file import namespace_rules, read_namespaces, rules_marker
from identity_graph.namespaces import DEFAULT_NAMESPACES, NamespaceRule
from identity_graph.settings import Settings


def _file(folder: Path, text: str) -> Path:
    path = folder / "namespaces.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert namespace_rules(Settings(data_dir=tmp_path)) == DEFAULT_NAMESPACES
    assert read_namespaces(_file(tmp_path, "# nothing yet\n")) == DEFAULT_NAMESPACES


def test_a_file_changes_what_it_says_and_leaves_the_rest(tmp_path: Path) -> None:
    path = _file(
        tmp_path,
        """
        loyalty_card: {unique: true, limit: 6, window_days: 365}
        email: {blocked: ['till-\\d+@shop\\.test'], limit: null}
        household_id: {priority: 20, strength: 3, personal: false}
        """,
    )
    rules = namespace_rules(Settings(data_dir=tmp_path, namespaces=path))
    changed = {name: rule for name, rule in rules.items() if DEFAULT_NAMESPACES.get(name) != rule}
    assert changed == {
        "loyalty_card": NamespaceRule("loyalty_card", 4, 20.0, unique=True, limit=6, window_days=365),
        "email": NamespaceRule("email", 5, 12.0, limit=None, blocked=(r"till-\d+@shop\.test",)),
        "household_id": NamespaceRule("household_id", 20, 3.0, personal=False),
    }
    assert rules.keys() == DEFAULT_NAMESPACES.keys() | {"household_id"}
    assert [rules["email"].is_blocked(value) for value in ("Till-7@shop.test", "info@shop.test", "null")] == [
        True, False, True,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("email: {limit: 1}", "email.limit: Input should be greater than or equal to 2"),
        ("email: {limit: '5'}", "email.limit: Input should be a valid integer"),
        ("email: {uniq: true}", "email.uniq: Extra inputs are not permitted"),
        ("email: {strength: 0}", "email.strength: Input should be greater than 0"),
        ("email: {blocked: ['(']}", "email.blocked.0: Value error, '(' is no regular expression"),
        ("email: {window_days: 3, limit: null}", "email: `window_days` without a `limit` says nothing"),
        ("E-Mail: {limit: 3}", "E-Mail: String should match pattern"),
        ("email:", "email: Input should be a valid dictionary"),
        ("[email]", "Input should be a valid dictionary"),
        ("email: {limit: 3", "is no YAML"),
    ],
)
def test_what_no_rule_can_be_is_told_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    path = _file(tmp_path, text)
    with pytest.raises(InvalidSettingError) as refused:
        read_namespaces(path)
    assert told in refused.value.message and str(path) in refused.value.message


def test_the_page_shows_a_file_that_can_be_read_and_names_every_field(tmp_path: Path) -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "namespaces.md").read_text(encoding="utf-8")
    rules = read_namespaces(_file(tmp_path, page.split("```yaml")[1].split("```")[0]))
    assert rules["household_id"] == NamespaceRule("household_id", 20, 3.0, personal=False)
    assert rules["email"].is_blocked("till-4@shop.test") and not rules["email"].is_blocked("jo@shop.test")
    named = set(re.findall(r"^\| `(\w+)` \|", page, flags=re.MULTILINE))
    assert named == {field.name for field in fields(NamespaceRule)} - {"name"}


def test_a_file_that_is_not_there_or_no_text_is_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidSettingError, match="cannot be read: No such file"):
        read_namespaces(tmp_path / "none.yaml")
    (tmp_path / "bytes.yaml").write_bytes(b"email: {limit: 3} # \xff")
    with pytest.raises(InvalidSettingError, match="is no YAML"):
        read_namespaces(tmp_path / "bytes.yaml")


def test_the_marker_tells_rules_apart_and_nothing_else(tmp_path: Path) -> None:
    default = rules_marker(DEFAULT_NAMESPACES)
    assert rules_marker(dict(reversed(list(DEFAULT_NAMESPACES.items())))) == default
    assert rules_marker(read_namespaces(_file(tmp_path, "email: {priority: 5}"))) == default
    for text in ("email: {priority: 6}", "email: {blocked: []}", "email: {window_days: 7}", "card: {}"):
        assert rules_marker(read_namespaces(_file(tmp_path, text))) != default
