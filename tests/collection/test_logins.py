"""Logging in, sessions and tokens: nobody gets in who should not."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher

import databases
import jurisdictions as j
from abscope.collection import logins, passwords, tokens, users
from abscope.collection.database import connect, reading, writing
from abscope.collection.schema import attempts
from abscope.collection.schema import tokens as table
from abscope.collection.schema import users as users_table
from abscope.errors import AccessError, DataError, UsageError

GOOD, BAD = "correct horse battery", "wrong horse battery"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes that cost a test little."""
    quick = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", lambda: quick)
    passwords._nobody.cache_clear()


@pytest.fixture
def engine(tmp_path: Path, cheap: None) -> Iterator[sa.Engine]:
    made = connect(tmp_path / "collection.db")
    with writing(made) as connection:
        users.add(connection, j.AZ, password=GOOD)
    yield made
    made.dispose()


def log_in(
    engine: sa.Engine, password: str, *, minutes: float = 0, user: str = "ana", source: str = ""
) -> str:
    now = j.NOW + timedelta(minutes=minutes)
    return logins.log_in(engine, user, password, now=now, source=source)


def who(engine: sa.Engine, secret: str, *, kind: str = "session", hours: float = 0):
    with reading(engine) as connection:
        now = j.NOW + timedelta(hours=hours)
        return tokens.viewer_of(connection, secret, kind=kind, now=now)  # type: ignore[arg-type]


def test_a_session_is_its_users_until_it_expires(engine: sa.Engine) -> None:
    secret = log_in(engine, GOOD)
    assert who(engine, secret) == j.AZ
    assert who(engine, secret, hours=11.9) == j.AZ
    with pytest.raises(AccessError, match="this session is not valid"):
        who(engine, secret, hours=12)


def test_a_wrong_password_and_a_user_that_is_not_there_are_refused_in_the_same_words(
    engine: sa.Engine,
) -> None:
    words = set()
    for user, password in (("ana", BAD), ("nobody", GOOD), ("ana", ""), ("a" * 10_000, GOOD)):
        with pytest.raises(AccessError) as error:
            log_in(engine, password, user=user)
        words.add(error.value.message)
    assert words == {"user or password is wrong"}


def test_after_five_wrong_guesses_even_the_right_password_waits_a_quarter_of_an_hour(
    engine: sa.Engine,
) -> None:
    for _ in range(5):
        with pytest.raises(AccessError, match="is wrong"):
            log_in(engine, BAD)
    with pytest.raises(AccessError, match="too many failed attempts"):
        log_in(engine, GOOD, minutes=14)
    assert log_in(engine, GOOD, minutes=15)


def test_one_place_cannot_guess_at_many_users(engine: sa.Engine) -> None:
    limits = logins.Limits(by_source=3)
    for number in range(3):
        with pytest.raises(AccessError, match="is wrong"):
            logins.log_in(engine, f"u{number}", BAD, now=j.NOW, source="10.0.0.1", limits=limits)
    with pytest.raises(AccessError, match="too many"):
        logins.log_in(engine, "ana", GOOD, now=j.NOW, source="10.0.0.1", limits=limits)
    assert logins.log_in(engine, "ana", GOOD, now=j.NOW, source="10.0.0.2", limits=limits)


def test_a_login_forgives_the_attempts_before_it(engine: sa.Engine) -> None:
    for _ in range(4):
        with pytest.raises(AccessError):
            log_in(engine, BAD)
    log_in(engine, GOOD, source="10.0.0.1")
    with reading(engine) as connection:
        assert connection.execute(sa.select(attempts)).all() == []


FORGED = {
    "longer": lambda secret: secret + "A",
    "shorter": lambda secret: secret[:-1],
    "other case": lambda secret: secret.swapcase(),
    "empty": lambda _: "",
    "sql": lambda _: "' OR 1=1 --",
    "half a letter": lambda _: "\ud800",
}


@pytest.mark.parametrize("how", list(FORGED))
def test_a_forged_token_is_refused(engine: sa.Engine, how: str) -> None:
    with writing(engine) as connection:
        secret = tokens.issue(connection, "ana", kind="token", now=j.NOW)
    assert who(engine, secret, kind="token") == j.AZ
    with pytest.raises(AccessError, match="this token is not valid"):
        who(engine, FORGED[how](secret), kind="token")


def test_what_is_kept_of_a_token_does_not_let_anybody_in(engine: sa.Engine) -> None:
    with writing(engine) as connection:
        secret = tokens.issue(connection, "ana", kind="token", now=j.NOW, label="robot")
    with reading(engine) as connection:
        [row] = connection.execute(sa.select(table))
        [listed] = tokens.listed(connection)
    assert not any(secret in str(value) for value in (*row, listed))
    for kept in (row.digest, listed.name):
        with pytest.raises(AccessError):
            who(engine, kept, kind="token")


def test_a_session_is_no_token_and_a_token_no_session(engine: sa.Engine) -> None:
    with pytest.raises(AccessError):
        who(engine, log_in(engine, GOOD), kind="token")


def test_logging_out_a_new_password_and_being_shut_out_end_sessions(engine: sa.Engine) -> None:
    ends = (
        tokens.revoke,
        lambda connection, _: users.set_password(connection, "ana", GOOD),
        lambda connection, _: users.disable(connection, "ana", at=j.STAMP.at),
    )
    for end in ends:
        secret = log_in(engine, GOOD)
        with writing(engine) as connection:
            end(connection, secret)
        with pytest.raises(AccessError):
            who(engine, secret)
    with pytest.raises(AccessError, match="is wrong"):
        log_in(engine, GOOD)
    with writing(engine) as connection, pytest.raises(DataError, match="or disabled"):
        tokens.issue(connection, "ana", kind="token", now=j.NOW)


def test_a_users_new_role_holds_for_a_session_that_is_open(engine: sa.Engine) -> None:
    secret = log_in(engine, GOOD)
    with writing(engine) as connection:
        users.change(connection, "ana", role="viewer", jurisdictions=["NM"])
    assert (who(engine, secret).role, who(engine, secret).jurisdictions) == ("viewer", ("NM",))


def test_a_token_is_revoked_by_its_name_and_expired_ones_are_forgotten(engine: sa.Engine) -> None:
    with writing(engine) as connection:
        day = timedelta(days=1)
        tokens.issue(connection, "ana", kind="token", now=j.NOW - 2 * day, lasts=day)
        one = tokens.issue(connection, "ana", kind="token", now=j.NOW, label="one")
        [listed] = tokens.listed(connection)
        assert tokens.revoke_named(connection, listed.name[:8]).label == "one"
        with pytest.raises(DataError, match="0 tokens"):
            tokens.revoke_named(connection, listed.name)
        with pytest.raises(UsageError, match="must last"):
            tokens.issue(connection, "ana", kind="token", now=j.NOW, lasts=timedelta())
    with pytest.raises(AccessError):
        who(engine, one, kind="token")


def test_passwords_are_kept_as_argon2_and_never_twice_the_same() -> None:
    one, two = passwords.hashed(GOOD), passwords.hashed(GOOD)
    assert one != two
    assert one.startswith("$argon2id$")
    assert passwords.matches(GOOD, one)
    assert not passwords.matches(GOOD, None)
    assert not passwords.matches(GOOD, "no hash at all")
    assert passwords.matches("pässword är here", passwords.hashed("pa\u0308ssword a\u0308r here"))
    for length in (11, 257):
        with pytest.raises(UsageError, match=f"{length} characters"):
            passwords.hashed("x" * length)


def test_a_hash_of_older_settings_is_made_anew_at_the_next_login(
    engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    stronger = PasswordHasher(time_cost=2, memory_cost=64, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", lambda: stronger)
    log_in(engine, GOOD)
    with reading(engine) as connection:
        kept = connection.execute(sa.select(users_table.c.password)).scalar_one()
    assert "t=2" in kept
    assert log_in(engine, GOOD)


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        tokens.instant(j.NOW.replace(tzinfo=None))


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_guesses_made_at_once_count_like_guesses_made_in_turn(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    where: Path | str = tmp_path / "other.db"
    if kind == "postgresql":
        where = databases.fresh(request.getfixturevalue("postgresql"))
    engine = connect(where)
    with writing(engine) as connection:
        users.add(connection, j.AZ, password=GOOD)
    assert who(engine, log_in(engine, GOOD, source="10.0.0.1")) == j.AZ

    def guess(_: int) -> str:
        with pytest.raises(AccessError) as error:
            log_in(engine, BAD, source="10.0.0.1")
        return error.value.message

    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(guess, range(12)))
    engine.dispose()
    assert said.count("user or password is wrong") == 5
    assert said.count("too many failed attempts") == 7
