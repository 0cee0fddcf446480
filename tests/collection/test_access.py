"""Roles and jurisdictions: what each user may do, and whose rows they are given."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

import jurisdictions as j
from abscope.collection import alerts, paged, schema, users, views
from abscope.collection.access import Viewer, at_terminal, scoped
from abscope.collection.database import reading
from abscope.collection.paged import Window
from abscope.errors import AccessError, DataError, UsageError

WHOLE = Window(1_000)


@pytest.fixture
def here(tmp_path: Path) -> Iterator[sa.Connection]:
    with j.shared(tmp_path / "collection.db") as engine, reading(engine) as opened:
        yield opened


def test_everybody_sees_the_isolates_of_their_jurisdictions_and_no_others(
    connection: sa.Connection,
) -> None:
    def seen(viewer: Viewer) -> list[str]:
        return [one.isolate_id for one in paged.isolates(connection, viewer, WHOLE).rows]

    assert seen(j.AZ) == ["az_1", "az_2"]
    assert seen(j.CO) == ["co-1.x", "co-2"]
    assert seen(j.BOTH) == ["az_1", "az_2", "co-1.x", "co-2"]
    assert seen(j.ALL) == list(j.OWNERS)
    assert paged.isolates(connection, j.AZ, WHOLE).rows[0].clusters == {25: 1}


def test_of_a_near_isolate_elsewhere_only_its_jurisdiction_and_contact_are_told(
    connection: sa.Connection,
) -> None:
    own, others = views.near(connection, j.AZ, "az_1")
    assert [(one.isolate_id, one.snps) for one in own] == [("az_2", 3)]
    assert others == (views.Elsewhere("CO", "CO laboratory, +1 555"),)
    assert views.elsewhere(connection, j.AZ, "az_2") == (views.Elsewhere("NM", None),)
    own, others = views.near(connection, j.BOTH, "az_1")
    assert [(one.isolate_id, one.snps) for one in own] == [("az_2", 3), ("co-1.x", 4)]
    assert others == ()
    assert views.near(connection, j.ALL, "az_2")[1] == ()


def test_another_jurisdictions_isolate_is_refused_in_the_words_for_one_that_is_not_there(
    here: sa.Connection,
) -> None:
    words = []
    for name in ("co-2", "nobody"):
        with pytest.raises(AccessError) as error:
            views.near(here, j.AZ, name)
        words.append(error.value.message.replace(name, "NAME"))
    assert words[0] == words[1]


def test_an_alert_is_told_without_the_names_of_isolates_elsewhere(here: sa.Connection) -> None:
    [alert] = [one.alert for one in alerts.kept(here, j.AZ)]
    assert alert.reason == f"az_1 is 4 SNPs from {views.ELSEWHERE}."
    assert alert.evidence == {
        "pair": ["az_1", views.ELSEWHERE],
        views.ELSEWHERE: {"snps": 4},
        "told": f"(az_1+{views.ELSEWHERE})",
    }
    assert "co-1.x" in alerts.kept(here, j.ALL)[0].alert.reason
    assert len(alerts.kept(here, j.BOTH)) == 2
    assert alerts.kept(here, j.BOTH)[0].alert.evidence["pair"] == ["az_1", "co-1.x"]


def test_the_ledger_tells_of_own_clusters_and_names_own_isolates(here: sa.Connection) -> None:
    told = [entry for _, entry in views.ledger(here, j.AZ)]
    assert [entry.isolates for entry in told] == [("az_1",), ("az_2",), ()]
    assert (told[-1].verb, told[-1].other) == ("merged", 7)
    assert len(views.ledger(here, j.ALL)) == len(j.OWNERS) + 2


def test_the_log_tells_of_own_isolates(here: sa.Connection) -> None:
    assert [line.subject for line in views.log(here, j.CO)] == ["co-1.x", "co-2"]
    assert views.log(here, j.CO, since="2027") == ()


def test_every_table_either_has_a_scope_or_is_kept_from_those_who_do_not_see_all(
    here: sa.Connection,
) -> None:
    open_to_all_seers = {"ledger", "counters", "users", "tokens", "attempts", "audit"}
    refused = set()
    for table in schema.metadata.sorted_tables:
        try:
            here.execute(scoped(j.AZ, table)).all()
        except AccessError:
            refused.add(table.name)
    assert refused == open_to_all_seers


def test_users_and_the_audit_log_are_for_administrators_even_among_those_who_see_all(
    here: sa.Connection,
) -> None:
    everywhere = Viewer("eve", "epidemiologist", ("*",))
    for table in (schema.users, schema.tokens, schema.attempts, schema.audit):
        with pytest.raises(AccessError, match="may not administer"):
            scoped(everywhere, table)
        assert here.execute(scoped(j.ALL, table)).all() == []


@pytest.mark.parametrize(
    ("role", "may_not"),
    [
        ("viewer", {"change isolates", "acknowledge", "see cases", "share", "administer"}),
        ("laboratory", {"see cases", "share", "administer"}),
        ("epidemiologist", {"change isolates", "administer"}),
        ("administrator", set()),
    ],
)
def test_a_role_allows_what_its_work_needs(role: str, may_not: set[str]) -> None:
    viewer = Viewer("u", role, ("AZ",))  # type: ignore[arg-type]
    deeds = ("see", "change isolates", "acknowledge", "see cases", "share", "administer")
    assert {deed for deed in deeds if not viewer.may(deed)} == may_not
    for deed in may_not:
        with pytest.raises(AccessError, match=f"u .{role}. may not {deed}"):
            viewer.must(deed)  # type: ignore[arg-type]


def test_rows_of_another_jurisdiction_are_not_changed() -> None:
    j.AZ.must_own("AZ")
    j.ALL.must_own("CO")
    with pytest.raises(AccessError, match="no part in jurisdiction 'CO'"):
        j.AZ.must_own("CO")
    with pytest.raises(AccessError):
        j.AZ.must_own("")


@pytest.mark.parametrize("jurisdictions", [(), ("",), ("AZ", "")])
def test_a_user_without_a_jurisdiction_is_refused_rather_than_given_all(
    jurisdictions: tuple[str, ...],
) -> None:
    with pytest.raises(UsageError, match="no jurisdiction"):
        Viewer("u", "viewer", jurisdictions)


def test_a_role_nobody_has_is_refused() -> None:
    with pytest.raises(UsageError, match="no role called 'root'"):
        Viewer("u", "root", ("*",))  # type: ignore[arg-type]


def test_whoever_holds_the_folder_may_do_everything() -> None:
    assert at_terminal("me").may("administer")
    assert at_terminal("me").sees_all


def test_users_are_entered_changed_shut_out_and_let_in(connection: sa.Connection) -> None:
    users.add(connection, j.AZ, password="four unrelated words")
    with pytest.raises(DataError, match="is a user already"):
        users.add(connection, j.AZ)
    users.add(connection, j.CO)
    users.change(connection, "carl", role="viewer", jurisdictions=["CO", "NM"])
    users.disable(connection, "ana", at=j.STAMP.at)
    found = {one.viewer.user: one for one in users.everybody(connection)}
    assert found["carl"].viewer == Viewer("carl", "viewer", ("CO", "NM"))
    assert (found["carl"].has_password, found["ana"].has_password) == (False, True)
    assert found["ana"].disabled == j.STAMP.at
    assert users.password_of(connection, "ana") is None
    users.enable(connection, "ana")
    assert (
        users.password_of(
            connection,
            "ana",
        )
        is not None
    )
    with pytest.raises(DataError, match="ghost: no such user"):
        users.disable(connection, "ghost", at=j.STAMP.at)
    with pytest.raises(UsageError, match="cannot be a user's name"):
        users.add(connection, Viewer("from 10.0.0.1", "viewer", ("AZ",)))


def test_a_contact_is_one_line_a_jurisdiction_and_can_be_changed(connection: sa.Connection) -> None:
    users.set_contact(connection, "NM", "first")
    users.set_contact(connection, "NM", "second")
    assert users.contact_of(connection, "NM") == "second"
    assert users.contact_of(connection, "UT") is None
    with pytest.raises(UsageError):
        users.set_contact(connection, "NM", " ")
