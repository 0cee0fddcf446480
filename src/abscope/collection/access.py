"""Who asks, what they may do, and which rows are theirs.

A row belongs to a jurisdiction; a viewer to one or several, or to all (`*`). Every read for a viewer starts
from `scoped`, so that a page cannot forget to ask. Of another jurisdiction's isolate a viewer learns that
it is near one of theirs, and whom to call: `elsewhere` in collection/views.py, nothing else.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import sqlalchemy as sa

from abscope.collection import schema
from abscope.errors import AccessError, UsageError

Role = Literal["viewer", "laboratory", "epidemiologist", "administrator"]
Deed = Literal["see", "change isolates", "acknowledge", "see cases", "share", "administer"]
ROLES: tuple[Role, ...] = get_args(Role)
ALL = "*"

_MAY: Mapping[Role, frozenset[Deed]] = {
    "viewer": frozenset({"see"}),
    "laboratory": frozenset({"see", "change isolates", "acknowledge"}),
    "epidemiologist": frozenset({"see", "acknowledge", "see cases", "share"}),
    "administrator": frozenset(get_args(Deed)),
}


@dataclass(frozen=True, slots=True)
class Viewer:
    """Whoever asks. jurisdictions: theirs, or `("*",)` for all; a row without one is seen by all-seers."""

    user: str
    role: Role
    jurisdictions: tuple[str, ...]

    def __post_init__(self) -> None:
        if self.role not in ROLES:
            raise UsageError(f"no role called {self.role!r}", hint=f"one of {', '.join(ROLES)}")
        if not self.jurisdictions or "" in self.jurisdictions:
            raise UsageError(
                f"{self.user}: no jurisdiction", hint=f"name one or several, or {ALL!r} for all"
            )

    @property
    def sees_all(self) -> bool:
        """Whether every jurisdiction is theirs."""
        return ALL in self.jurisdictions

    def may(self, deed: Deed) -> bool:
        """Whether the role allows it."""
        return deed in _MAY[self.role]

    def must(self, deed: Deed) -> None:
        """Raise AccessError where the role does not allow it."""
        if not self.may(deed):
            able = ", ".join(role for role in ROLES if deed in _MAY[role])
            raise AccessError(
                f"{self.user} ({self.role}) may not {deed}", hint=f"ask one of these: {able}"
            )

    def must_own(self, jurisdiction: str) -> None:
        """Raise AccessError where rows of `jurisdiction` are not theirs to change."""
        if not self.sees_all and jurisdiction not in self.jurisdictions:
            raise AccessError(
                f"{self.user} has no part in jurisdiction {jurisdiction!r}",
                hint=f"theirs: {', '.join(self.jurisdictions)}",
            )


def at_terminal(user: str) -> Viewer:
    """Whoever holds the collection's folder in their hands: nothing can be kept from them."""
    return Viewer(user, "administrator", (ALL,))


def scoped(viewer: Viewer, table: sa.Table) -> sa.Select:  # type: ignore[type-arg]
    """A query for the rows of a table that are the viewer's; add what else is wanted.

    Raises AccessError where none can be: what speaks of all jurisdictions at once is for those who see
    all, users and the audit log for administrators who do.
    """
    query = sa.select(table)
    if table in _SECRETS:
        viewer.must("administer")
    viewer.must("see")
    if viewer.sees_all:
        return query
    if table not in _SCOPES:
        raise AccessError(
            f"{viewer.user} may not see {table.name}", hint="it speaks of every jurisdiction"
        )
    return query.where(_SCOPES[table](viewer))


def own_isolates(viewer: Viewer) -> sa.Select:  # type: ignore[type-arg]
    """A query for the names of the viewer's isolates."""
    return scoped(viewer, schema.isolates).with_only_columns(schema.isolates.c.isolate_id)


def _within(column: sa.Column[str]) -> Callable[[Viewer], sa.ColumnElement[bool]]:
    return lambda viewer: column.in_(viewer.jurisdictions)


def _of_own(*columns: sa.Column[str]) -> Callable[[Viewer], sa.ColumnElement[bool]]:
    return lambda viewer: sa.and_(*(column.in_(own_isolates(viewer)) for column in columns))


def _of_own_alerts(column: sa.Column[str]) -> Callable[[Viewer], sa.ColumnElement[bool]]:
    alert = schema.alerts.c.alert
    return lambda viewer: column.in_(scoped(viewer, schema.alerts).with_only_columns(alert))


_SECRETS = (schema.users, schema.tokens, schema.attempts, schema.audit)
_SCOPES: Mapping[sa.Table, Callable[[Viewer], sa.ColumnElement[bool]]] = {
    schema.isolates: _within(schema.isolates.c.jurisdiction),
    schema.near_pairs: _of_own(schema.near_pairs.c.isolate_1, schema.near_pairs.c.isolate_2),
    schema.memberships: _of_own(schema.memberships.c.isolate_id),
    schema.log: _of_own(schema.log.c.subject),
    schema.alerts: _within(schema.alerts.c.jurisdiction),
    schema.deliveries: _of_own_alerts(schema.deliveries.c.alert),
    schema.acknowledgements: _of_own_alerts(schema.acknowledgements.c.alert),
    schema.contacts: lambda _: sa.true(),  # published to all who take part
}
