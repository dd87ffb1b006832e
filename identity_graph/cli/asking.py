"""The commands that ask about customers: `customer`, `organisation`, `search`, `why`, `lineage` and `segments`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Annotated

import typer

from identity_graph.cli.edge import JsonOption, graph_open, read_settings
from identity_graph.cli.output import note, out, print_json, print_pairs, print_rows, visible
from identity_graph.customers.organisations import CustomerOrganisation, OrganisationReader
from identity_graph.customers.read import CustomerReader
from identity_graph.customers.views import Profile
from identity_graph.errors import InvalidSettingError
from identity_graph.explain import Explanation, explain, say_link
from identity_graph.namespace_file import namespace_rules
from identity_graph.search import search_customers
from identity_graph.segments import count_members, find_segment, list_segments, page_members

__all__ = ["print_explanation", "print_profile", "register"]


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command("customer")(customer_command)
    app.command("organisation")(organisation_command)
    app.command("search")(search_command)
    app.command("why")(why_command)
    app.command("lineage")(lineage_command)
    app.command("segments")(segments_command)


def customer_command(
    who: Annotated[str, typer.Argument(help="Customer id, or an identifier as namespace:value (email:jo@x.org).")],
    as_json: JsonOption = False,
) -> None:
    """Show one customer with its golden values, records and identifiers, and what holds it together."""
    settings = read_settings()
    with graph_open(settings) as graph:
        reader = CustomerReader(graph, settings.default_region)
        namespace, colon, value = who.partition(":")
        profile = reader.profile_by_identifier(namespace, value) if colon else reader.profile(who)
        held = explain(graph, profile.customer.id, profile.customer.id, namespace_rules(settings))
        belongs = OrganisationReader(graph).of_customer(profile.customer.id).items
    if as_json:
        organisations = [asdict(one) for one in belongs]
        print_json({**asdict(profile), "organisations": organisations, "why": asdict(held)})
        return
    print_profile(profile)
    _print_organisations(belongs)
    print_explanation(held)


def organisation_command(
    source: Annotated[str, typer.Argument(help="The source whose events name it.")],
    group_id: Annotated[str, typer.Argument(help="The source's id of it, as in groupId.")],
    limit: Annotated[int, typer.Option(min=1, max=200, help="Members at most.")] = 20,
    as_json: JsonOption = False,
) -> None:
    """Show a company, team or account that events name as a group, and the customers that belong to it."""
    with graph_open(read_settings()) as graph:
        reader = OrganisationReader(graph)
        found = reader.organisation(source, group_id)
        members = reader.members(source, group_id, limit=limit)
    if as_json:
        print_json({**asdict(found), "members": [asdict(one) for one in members.items]})
        return
    print_rows(f"Organisation {found.key}", ("trait", "value"), list(found.traits.items()))
    rows = [(one.customer.id, one.first_seen, one.last_seen, one.count) for one in members.items]
    print_rows("Members", ("customer", "first seen", "last seen", "events"), rows)
    if members.next_cursor is not None:
        note(f"There are more than {limit} members; --limit shows more.")


def _print_organisations(belongs: Sequence[CustomerOrganisation]) -> None:
    if belongs:
        rows = [(one.organisation.key, one.first_seen, one.last_seen, one.count) for one in belongs]
        print_rows("Organisations", ("organisation", "first seen", "last seen", "events"), rows)


def print_profile(profile: Profile) -> None:
    """Show a customer as tables."""
    customer = profile.customer
    if profile.redirected:
        note(f"{profile.requested_id} was merged; {customer.id} is the customer that answers for it now.")
    head = {"certainty": customer.certainty, "records": customer.record_count, "since": customer.created_at}
    print_pairs(f"Customer {customer.id}", head)
    golden = [
        (
            name,
            value,
            customer.provenance.get(name, {}).get("record_key"),
            customer.provenance.get(name, {}).get("rule"),
        )
        for name, value in customer.attributes.items()
    ]
    print_rows("Golden values", ("attribute", "value", "from", "rule"), golden)
    records = [(record.key, record.observed_at, record.since, record.cause) for record in profile.records]
    print_rows("Records", ("record", "observed", "resolved since", "cause"), records)
    held = [(one.namespace, one.value, one.status, len(one.record_keys)) for one in profile.identifiers]
    print_rows("Identifiers", ("namespace", "value", "status", "records"), held)


def print_explanation(found: Explanation) -> None:
    """Show why two are together or apart."""
    out.print(visible(found.sentence), markup=False)
    steps = [(step.left, step.right, "; ".join(say_link(link) for link in step.links)) for step in found.chain]
    if steps:
        print_rows("Held together by", ("record", "record", "because"), steps)
    if found.obstacles:
        print_rows("Kept apart by", ("reason", ""), [(one.kind.replace("_", " "), one.text) for one in found.obstacles])


def search_command(
    attributes: Annotated[
        list[str], typer.Argument(metavar="NAME=VALUE...", help="Such as family_name=Meyer birth_date=1980-05-01.")
    ],
    limit: Annotated[int, typer.Option(min=1, max=100, help="Hits at most.")] = 10,
    as_json: JsonOption = False,
) -> None:
    """Find customers by what somebody remembers of them; spelling need not be exact."""
    settings = read_settings()
    asked = _pairs(attributes, "search family_name=Meyer")
    with graph_open(settings) as graph:
        answer = search_customers(graph, asked, limit, default_region=settings.default_region)
    if as_json:
        print_json(asdict(answer))
        return
    for name, reason in answer.unreadable.items():
        note(f"{name} was left out: {reason}.")
    rows = [
        (hit.score, hit.customer.id, "; ".join(f"{one.found} ({one.reason})" for one in hit.breakdown if one.found))
        for hit in answer.hits
    ]
    print_rows("Found", ("score", "customer", "why"), rows)


def why_command(
    left: Annotated[str, typer.Argument(help="Record key (source:id) or customer id.")],
    right: Annotated[str, typer.Argument(help="Another one.")],
    as_json: JsonOption = False,
) -> None:
    """Explain why two records or customers are together, or why not."""
    settings = read_settings()
    with graph_open(settings) as graph:
        found = explain(graph, left, right, namespace_rules(settings))
    if as_json:
        print_json(asdict(found))
    else:
        print_explanation(found)


def lineage_command(
    customer: Annotated[str, typer.Argument(help="Customer id, also a retired one.")],
    limit: Annotated[int, typer.Option(min=1, max=200, help="Entries at most.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """Show what happened to a customer id: created, merged, split, and why."""
    settings = read_settings()
    with graph_open(settings) as graph:
        page = CustomerReader(graph, settings.default_region).lineage(customer, limit=limit)
    if as_json:
        print_json([asdict(entry) for entry in page.items])
        return
    rows = [(entry.at, entry.kind, entry.customer_id, entry.cause, entry.data) for entry in page.items]
    print_rows("Lineage", ("at", "what", "customer", "cause", "details"), rows)


def segments_command(
    name: Annotated[str | None, typer.Argument(help="Segment to look into; without it all are listed.")] = None,
    parameters: Annotated[
        list[str] | None, typer.Argument(metavar="NAME=VALUE...", help="Its parameters, such as sources=3.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=200, help="Members at most.")] = 20,
    as_json: JsonOption = False,
) -> None:
    """List the segments, or count one and show its first members with the facts that matched."""
    if name is None:
        segments = list_segments()
        if as_json:
            print_json([asdict(segment) for segment in segments])
            return
        rows = [(s.name, s.title, " ".join(f"{p.name}={_as_given(p.default)}" for p in s.parameters)) for s in segments]
        print_rows("Segments", ("name", "what it holds", "parameters"), rows)
        return
    find_segment(name)
    given = _pairs(parameters or [], f"segments {name} sources=3")
    with graph_open(read_settings()) as graph:
        count = count_members(graph, name, given)
        members = page_members(graph, name, given, limit=limit).items
    if as_json:
        print_json({"segment": name, "count": count, "members": [asdict(member) for member in members]})
        return
    facts = [(member.customer_id, member.facts) for member in members]
    print_rows(f"{name}: {count:,} customers", ("customer", "facts"), facts)


def _as_given(default: object) -> str:
    """Return a default as one would give it on the command line."""
    return ",".join(default) if isinstance(default, list) else str(default)


def _pairs(words: Sequence[str], example: str) -> Mapping[str, str]:
    """Read NAME=VALUE words."""
    pairs = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals:
            raise InvalidSettingError(
                f"{word!r} is not of the form NAME=VALUE.", ids=[word], next_step=f"For instance: {example}"
            )
        pairs[name] = value
    return pairs
