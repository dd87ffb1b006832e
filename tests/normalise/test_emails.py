"""E-mail addresses: one canonical form, provider rules only in the comparison key."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from identity_graph.normalise import NormaliseContext, email_key, normalise_column, normalise_value
from identity_graph.roles import Role


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("john.doe@example.com", "john.doe@example.com"),
        (" John.Doe@Example.COM ", "john.doe@example.com"),
        ("John Doe <john@doe.org>", "john@doe.org"),
        ("mailto:john@doe.org?subject=Hi", "john@doe.org"),
        ("<john@doe.org>", "john@doe.org"),
        ("john@doe.org.", "john@doe.org"),
        ("'john@doe.org'", "john@doe.org"),
        ("john@doe.org; jane@doe.org", "john@doe.org"),
        ("john+shop@gmail.com", "john+shop@gmail.com"),
        ("o'brien@x.ie", "o'brien@x.ie"),
        ("jürgen@müller.de", "jürgen@xn--mller-kva.de"),
        ("evelgnm@aye.covm", "evelgnm@aye.covm"),
        ("user1@example.com", "user1@example.com"),
        ("иван@почта.рф", "иван@xn--80a1acny.xn--p1ai"),
        ("a..b@docomo.ne.jp", "a..b@docomo.ne.jp"),
    ],
)
def test_an_address_has_one_canonical_form(text: str, value: str) -> None:
    answer = normalise_value(Role.EMAIL, text, NormaliseContext())
    assert (answer.value, answer.problem) == (value, None)


@pytest.mark.parametrize(
    "text",
    [
        "john",
        "john@",
        "@doe.org",
        "john@localhost",
        "john@doe",
        "john doe@x",
        "a@b@c@",
        "john@doe..org",
        "j(x)@doe.org",
        "x@1.2",
    ],
)
def test_what_cannot_be_mailed_is_a_problem(text: str) -> None:
    answer = normalise_value(Role.EMAIL, text, NormaliseContext())
    assert (answer.value, answer.problem) == (None, "unreadable_email")


@pytest.mark.parametrize(
    "text",
    [
        "test@test.com",
        "none@none.com",
        "noemail@shop.de",
        "no-email@x.com",
        "na@na.na",
        "unknown@x.org",
        "a@a.com",
        "N/A",
    ],
)
def test_made_up_addresses_are_no_value(text: str) -> None:
    answer = normalise_value(Role.EMAIL, text, NormaliseContext())
    assert (answer.value, answer.problem) == (None, None)


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("john.doe+x@gmail.com", "johndoe@gmail.com"),
        ("john.doe@googlemail.com", "johndoe@gmail.com"),
        ("john.doe+x@outlook.com", "john.doe@outlook.com"),
        ("john+x@company.com", "john+x@company.com"),
        ("john.doe@company.com", "john.doe@company.com"),
        ("a@me.com", "a@icloud.com"),
        ("+@gmail.com", "+@gmail.com"),
    ],
)
def test_the_key_knows_the_provider(address: str, key: str) -> None:
    assert email_key(address) == key
    assert email_key(key) == key


@settings(max_examples=500, deadline=None)
@given(
    local=st.sampled_from(
        ["a", "John.Doe", "test", "no-mail", "noah", "x", "na", "jo+tag", "k\u212a", " mail", "o'b", "a b", "unknown"]
    ),
    domain=st.sampled_from(
        ["test.com", "Gmail.com", "localhost", "a.com", "x.x", "müller.de", "mail.mail", "b.co.uk ", "x..y", "na.na"]
    ),
)
def test_a_column_of_emails_is_read_as_its_values(local: str, domain: str) -> None:
    text = f"{local}@{domain}"
    values, problems = normalise_column(Role.EMAIL, pa.array([text, "john@doe.org"]), NormaliseContext())
    expected = normalise_value(Role.EMAIL, text, NormaliseContext())
    assert (values[0].as_py(), problems[0].as_py()) == expected
