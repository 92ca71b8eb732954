"""The day is never before the last one that the server signed."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meti_desk.services import server_time
from tests.unit.services.fakes import JST, NOW, World

MOMENTS = st.datetimes(
    min_value=datetime(2020, 1, 1), max_value=datetime(2040, 1, 1)  # noqa: DTZ001 - hypothesis
).map(lambda one: one.replace(tzinfo=UTC))  # fmt: skip


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(Path(tmp_path_factory.mktemp("world")))


@given(times=st.lists(MOMENTS, max_size=6), clock=MOMENTS)
@settings(
    derandomize=True, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_floor_only_rises(world: World, times: Sequence[datetime], clock: datetime) -> None:
    world.store.settings.rows.clear()
    world.clock.moment = clock.astimezone(JST)
    days = [server_time.today(world.ctx)]
    for one in times:
        server_time.saw(world.ctx, one.isoformat())
        days.append(server_time.today(world.ctx))
    assert days == sorted(days)
    assert days[0] == world.clock.now().date()
    latest = max((clock, *times)).astimezone(JST)
    assert (latest - timedelta(minutes=10)).date() <= days[-1] <= latest.date()


def test_what_is_no_moment_moves_nothing(world: World) -> None:
    world.store.settings.rows.clear()
    world.clock.moment = NOW
    server_time.saw(world.ctx, "", "soon", "2099-01-01", "2099-01-01T00:00:00")
    assert server_time.today(world.ctx) == NOW.date()
    assert not world.store.settings.rows


def test_while_locked_the_clock_is_all_there_is(world: World) -> None:
    world.clock.moment = NOW
    server_time.saw(world.ctx, "2030-01-01T00:00:00+00:00")
    assert server_time.today(world.ctx).year == 2030
    assert server_time.today(world.locked()) == NOW.date()
