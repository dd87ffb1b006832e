"""A description says what the artefact holds, and its pictures show it without fetching or running anything."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pyarrow as pa
import pytest

from identity_graph.errors import ModelError, NotFoundError
from identity_graph.matching import MatchingOptions, MatchModel
from identity_graph.modelling import describe_model, draw_chart, find_model, kept_models, model_folder, write_page
from identity_graph.settings import Settings
from tests.matching.once import train
from tests.matching.people import ROLES, people

_SVG = "{http://www.w3.org/2000/svg}"
_ODD = 'Mac<Duff>&"Sons"'


@pytest.fixture(scope="module")
def model() -> MatchModel:
    return train(people(150)[0], ROLES, MatchingOptions(threads=2, sample_pairs=20_000))


@pytest.fixture(scope="module")
def empty_model() -> MatchModel:
    records = pa.table({"key": ["a:1"], "source": ["a"], "city": pa.array([None], pa.string())})
    return train(records, {"city": ROLES["city"]}, MatchingOptions(threads=1))


def test_the_bits_of_each_level_follow_from_m_and_u_and_enclose_all_values(model: MatchModel) -> None:
    for comparison in describe_model(model).comparisons:
        assert math.isclose(sum(level.m for level in comparison.levels), 1.0, abs_tol=1e-6)
        for level in comparison.levels:
            assert math.isclose(level.bits, math.log2(level.m / level.u), abs_tol=1e-9)
            assert level.lowest_bits <= level.bits <= level.highest_bits
            assert (level.by_rarity is not None) >= (level.lowest_bits < level.highest_bits)


def test_the_rarest_values_tell_most(model: MatchModel) -> None:
    family = next(one for one in describe_model(model).values if one.column == "family")
    table = model.frequencies["family"].to_pydict()
    shares = dict(zip(table["family"], table["tf_family"], strict=True))
    assert family.values == len(shares)
    assert family.most_telling[0].share == min(shares.values())
    assert family.least_telling[0].share == max(shares.values()) == shares[family.least_telling[0].value]
    assert family.most_telling[0].bits > family.least_telling[0].bits


def test_what_many_pairs_taught_is_learnt_and_what_none_taught_is_a_default(
    model: MatchModel, empty_model: MatchModel
) -> None:
    learnt = describe_model(model).comparisons[0]
    assert learnt.pairs == sum(level.pairs for level in learnt.levels) > 50
    assert learnt.learnt > 0.5
    alone = train(people(1, copies=1)[0], ROLES, MatchingOptions(threads=1))
    assert [one.learnt for one in describe_model(alone).comparisons if one.pairs == 0] == [
        0.0 for _ in describe_model(alone).comparisons
    ]
    assert describe_model(empty_model).comparisons == ()


def _plain(markup: str) -> None:
    """Nothing in it runs, fetches or is broken."""
    assert not re.search(r"<script|<image|<link|<foreignObject|\bon\w+=|@import|url\(|(?:href|src)=", markup)
    assert set(re.findall(r"https?://[^\s\"<]+", markup)) <= {"http://www.w3.org/2000/svg"}


def test_the_chart_has_one_bar_for_each_level_on_its_side_of_zero(model: MatchModel) -> None:
    described = describe_model(model)
    svg = draw_chart(described)
    _plain(svg)
    root = ElementTree.fromstring(svg)
    bars = [bar for bar in root.iter(f"{_SVG}rect") if bar.get("class", "").split(" ")[0] in ("for", "against")]
    levels = [level for one in described.comparisons for level in one.levels]
    bars = bars[: len(levels)]  # the legend shows one more
    assert len(bars) == len(levels)
    zero = next(float(line.get("x1", "")) for line in root.iter(f"{_SVG}line") if line.get("class") == "zero")
    for bar, level in zip(bars, levels, strict=True):
        left, width = float(bar.get("x", "")), float(bar.get("width", ""))
        if level.bits >= 0:
            assert abs(left - zero) < 0.2, level.label
        elif width > 1:
            assert abs(left + width - zero) < 0.2, level.label
    texts = [text.text for text in root.iter(f"{_SVG}text")]
    assert {one.label for one in described.comparisons} <= set(texts)


def test_pictures_keep_to_their_frame_and_are_the_same_for_the_same_model(
    model: MatchModel, empty_model: MatchModel
) -> None:
    for one in (model, empty_model):
        described = describe_model(one)
        svg = draw_chart(described)
        assert svg == draw_chart(describe_model(one))
        root = ElementTree.fromstring(svg)
        width, height = float(root.get("width", "")), float(root.get("height", ""))
        for shape in root.iter():
            for name, limit in (("x", width), ("y", height), ("x1", width), ("x2", width), ("y2", height)):
                assert 0 <= float(shape.get(name, "0")) <= limit, ElementTree.tostring(shape)


def test_the_page_shows_odd_values_as_text(model: MatchModel) -> None:
    described = describe_model(model)
    first = described.values[0]
    odd = replace(first, most_telling=(replace(first.most_telling[0], value=_ODD),))
    page = write_page(replace(described, values=(odd,), roles={_ODD: "text"}))
    _plain(page)
    assert _ODD not in page
    assert page.count("Mac&lt;Duff&gt;&amp;&quot;Sons&quot;") == 2
    assert draw_chart(described) in page


def test_a_model_is_found_by_version_and_by_folder(model: MatchModel, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    model.save(model_folder(settings, model.version))
    model.save(tmp_path / "elsewhere")
    assert find_model(settings, model.version).version == model.version
    assert find_model(settings, str(tmp_path / "elsewhere")).version == model.version
    for nothing in ("", "0123456789abcdef", "..", str(tmp_path / "absent")):
        with pytest.raises((NotFoundError, ModelError)):
            find_model(settings, nothing)


def test_kept_models_are_listed_newest_use_first_and_broken_ones_say_why(model: MatchModel, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    assert kept_models(settings, {}, "") == ()
    model.save(model_folder(settings, model.version))
    replace(model, thresholds={"join": 1.0}).save(model_folder(settings, "0" * 16))
    model_folder(settings, "f" * 16).mkdir()
    used = {"0" * 16: "2026-01-01T00:00:00Z", model.version: "2026-02-01T00:00:00Z"}
    kept = kept_models(settings, used, model.version)
    assert [one.version for one in kept] == [model.version, "0" * 16, "f" * 16]
    assert [one.current for one in kept] == [True, False, False]
    assert [bool(one.problem) for one in kept] == [False, False, True]
    assert (kept[0].records, kept[0].comparisons) == (model.summary["records"], len(model.comparisons))


def test_a_model_kept_over_another_leaves_nothing_of_it(
    model: MatchModel, empty_model: MatchModel, tmp_path: Path
) -> None:
    model.save(tmp_path)
    empty_model.save(tmp_path)
    assert MatchModel.load(tmp_path).version == empty_model.version
