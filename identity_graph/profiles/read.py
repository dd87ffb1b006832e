"""Reads profiles by identifier or customer id, one or many, now or as the graph knew them at an earlier time.

What is asked for comes in, an answer for each goes out in the same order, in a few round trips however many are asked
for. Nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from identity_graph.customers.read import PROFILE_LIMIT, unknown
from identity_graph.customers.store import batched
from identity_graph.errors import IdentityGraphError, InvalidSettingError, NotFoundError
from identity_graph.facts import FactStore
from identity_graph.graph.port import Graph, Row
from identity_graph.normalise import NormaliseContext
from identity_graph.profiles.find import Asked, Search, find_customers, nobody_held
from identity_graph.profiles.members import Member, closeness, external_ids, members_of, organisations
from identity_graph.profiles.traits import chosen_traits, stored_traits
from identity_graph.profiles.views import Counts, ProfileView, Question
from identity_graph.roles import Role
from identity_graph.settings import Settings

__all__ = ["MOST_AT_ONCE", "MOST_MEMBERS", "Answer", "ProfileReader"]

MOST_AT_ONCE = 1_000
"""Profiles that one call may ask for."""

MOST_MEMBERS = 10_000
"""Records of a customer that are read where traits have to be chosen anew, or all of them are asked for."""

_CUSTOMERS_AT_ONCE = 250
_LONGEST_CHAIN = 50
_MOST_RIVALS = 20


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one question: a profile, or an error that says why there is none."""

    profile: ProfileView | None = None
    error: IdentityGraphError | None = None


class ProfileReader:
    """Reads profiles from one graph; cheap to make, safe to share between threads.

    Args:
        graph: where the customers are.
        settings: the region of phone numbers; the data folder of the facts.
    """

    def __init__(self, graph: Graph, settings: Settings) -> None:
        self._graph = graph
        self._facts = FactStore(graph, settings)
        self._context = NormaliseContext(default_region=settings.default_region)

    def profile(self, asked: Asked, question: Question | None = None, most_records: int = PROFILE_LIMIT) -> ProfileView:
        """Return one profile.

        Raises:
            NotFoundError: nobody holds it (or held it then), its records are not resolved yet, the id was never given
                out, or no record is certain enough.
            ConflictError: the identifier is blocked or quarantined.
            InvalidSettingError: the namespace contains a colon.
        """
        (answer,) = self.profiles([asked], question, most_records)
        if answer.error is not None:
            raise answer.error
        assert answer.profile is not None
        return answer.profile

    def profiles(
        self, asked: Sequence[Asked], question: Question | None = None, most_records: int = PROFILE_LIMIT
    ) -> list[Answer]:
        """Return many profiles, in the order they were asked for.

        Args:
            asked: at most MOST_AT_ONCE.
            question: how they are asked for; None is now.
            most_records: records of each that are read; where traits are chosen anew, MOST_MEMBERS are.

        Raises:
            InvalidSettingError: too many are asked for.
        """
        if len(asked) > MOST_AT_ONCE:
            raise InvalidSettingError(
                f"{len(asked)} profiles were asked for at once.", ids=["identifiers"],
                next_step=f"Ask for {MOST_AT_ONCE} at most.",
            )  # fmt: skip
        question = question or Question()
        anew = question.as_of is not None or question.min_certainty > 0
        limit = MOST_MEMBERS if anew else most_records
        searches = find_customers(self._graph, self._context, asked, question)
        stored = self._customers([search for search in searches if search.error is None], question, limit)
        roles = self._facts.attribute_roles() if anew and stored else None
        return [self._answer(search, stored, question, roles, limit) for search in searches]

    def _customers(self, searches: Iterable[Search], question: Question, limit: int) -> dict[str, Row]:
        """Read the customers that may be meant; ids that stood for nobody at the time with those they led to."""
        past = question.as_of is not None
        stored: dict[str, Row] = {}
        waiting = {name for search in searches for name in search.customers[: _MOST_RIVALS if past else 1]}
        for _ in range(_LONGEST_CHAIN):
            if not waiting:
                break
            found: dict[str, Row] = {}
            for ids in batched(sorted(waiting), _CUSTOMERS_AT_ONCE):
                rows = self._graph.read("profiles/customers", ids=ids, at=question.at, limit=limit)
                found.update((row["customer"]["id"], row) for row in rows)
            stored.update(found)
            heirs = (row["customer"].get("successor") for row in found.values() if not row["members"])
            waiting = {heir for heir in heirs if heir is not None} - stored.keys()
        return stored

    def _answer(
        self,
        search: Search,
        stored: Mapping[str, Row],
        question: Question,
        roles: Mapping[str, Role] | None,
        limit: int,
    ) -> Answer:
        if search.error is not None:
            return Answer(error=search.error)
        try:
            return Answer(_view(search, stored, question, roles, limit))
        except NotFoundError as error:
            return Answer(error=error)


def _view(
    search: Search, stored: Mapping[str, Row], question: Question, roles: Mapping[str, Role] | None, limit: int
) -> ProfileView:
    """Make the profile of one search.

    Raises:
        NotFoundError: nothing is left of it.
    """
    customers = search.customers
    if search.by_id:
        customers = (_standing(search.requested, stored, question),)
    elif question.as_of is not None:
        customers = _holders_then(search, stored, question)
    row = stored[customers[0]]
    members = members_of(row["members"], question.min_certainty)
    if not members and question.min_certainty:
        raise _nobody_certain(customers[0], row, question)
    customer = row["customer"]
    past = question.as_of is not None
    held, belongs = external_ids(members, question.at), organisations(members, question.at)
    return ProfileView(
        id=customers[0],
        requested=search.requested,
        redirected=search.by_id and customers[0] != search.requested,
        as_of=question.at if past else None,
        certainty=None if roles is not None else customer.get("certainty"),
        traits=stored_traits(customer, members) if roles is None else chosen_traits(members, roles),
        external_ids=held,
        counts=Counts(
            len(members) if roles is not None else customer.get("record_count") or len(members),
            len(held),
            None if past else sum(member.touchpoints for member in members),
            len(belongs),
        ),
        record_keys=tuple(member.key for member in members),
        other_ids=customers[1:],
        created_at=customer.get("created_at"),
        updated_at=_last_change(members) if past else customer.get("updated_at"),
        cut=len(row["members"]) >= limit,
        organisations=belongs,
    )


def _standing(customer_id: str, stored: Mapping[str, Row], question: Question) -> str:
    """Return the customer that an id stood for at the time: itself while it had records, else whom it led to.

    Raises:
        NotFoundError: the id was never given out, or stood for nobody then.
    """
    name: str | None = customer_id
    if name not in stored:
        raise unknown(customer_id)
    seen = set[str]()
    while name is not None and name in stored and name not in seen:
        if stored[name]["members"]:
            return name
        seen.add(name)
        name = stored[name]["customer"].get("successor")
    when = "any more" if question.as_of is None else f"at {question.at}"
    raise NotFoundError(
        f"The customer id {customer_id} stands for no record {when}.",
        ids=[customer_id],
        next_step="Its lineage tells what happened to it: GET /v1/customers/{customer_id}/lineage.",
    )


def _holders_then(search: Search, stored: Mapping[str, Row], question: Question) -> tuple[str, ...]:
    """Return the customers that held an identifier at the time, the closest first.

    Raises:
        NotFoundError: none did.
    """
    ranked = [
        (near, name)
        for name in sorted(set(search.customers) & stored.keys())
        if (near := closeness(members_of(stored[name]["members"], 0), search.requested, question.at)) is not None
    ]
    if not ranked:
        raise nobody_held(search.requested, question)
    return tuple(name for _, name in sorted(ranked, key=lambda one: one[0], reverse=True))


def _last_change(members: Sequence[Member]) -> str | None:
    """Return when the last of the members came, or came to say what it said."""
    moments = [moment for member in members for moment in (member.since, member.said.get("stored_at")) if moment]
    return max(moments, default=None)


def _nobody_certain(customer_id: str, row: Row, question: Question) -> NotFoundError:
    best = max((member["certainty"] or 0.0 for member in row["members"]), default=0.0)
    return NotFoundError(
        f"No record belongs to the customer {customer_id} with a certainty of {question.min_certainty:g}; the surest "
        f"has {best:g}.",
        ids=[customer_id],
        next_step="Ask for a lower min_certainty.",
    )
