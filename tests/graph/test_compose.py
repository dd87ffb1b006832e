"""The compose file: both services, loopback only, health-checked, and nothing it copies is absent."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

_CHECKOUT = Path(__file__).resolve().parents[2]


def test_services_are_on_loopback_and_the_api_waits_for_a_healthy_graph() -> None:
    services = yaml.safe_load((_CHECKOUT / "docker-compose.yml").read_text())["services"]
    assert set(services) == {"neo4j", "api"}
    assert all(port.startswith("127.0.0.1:") for service in services.values() for port in service["ports"])
    assert services["neo4j"]["healthcheck"]["test"]
    assert services["api"]["depends_on"]["neo4j"]["condition"] == "service_healthy"


def test_the_readme_sets_every_variable_that_compose_asks_for() -> None:
    needed = set(re.findall(r"\$\{(\w+):\?", (_CHECKOUT / "docker-compose.yml").read_text()))
    set_there = set(re.findall(r"(\w+)=\S", (_CHECKOUT / "README.md").read_text(encoding="utf-8")))
    assert needed and needed <= set_there


def test_the_image_copies_what_is_there_and_runs_as_nobody_special() -> None:
    text = (_CHECKOUT / "Dockerfile").read_text()
    copied = [name for line in re.findall(r"^COPY (.+)$", text, re.MULTILINE) for name in line.split()[:-1]]
    assert copied
    assert [name for name in copied if not (_CHECKOUT / name).exists()] == []
    assert re.search(r"^USER (?!root)", text, re.MULTILINE)
