"""Windows against a naive model of the wall clock, and over the nights when clocks change."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nokyc.kit.windows import DAYS, Window, Windows, WindowsError, is_off, next_change, parse, to_json

ZONES = ["UTC", "Europe/Paris", "America/New_York", "Australia/Lord_Howe"]
CLOCK_CHANGES = [  # of these zones, in 2026
    datetime(2026, 3, 29, 1, tzinfo=UTC),
    datetime(2026, 10, 25, 1, tzinfo=UTC),
    datetime(2026, 3, 8, 7, tzinfo=UTC),
    datetime(2026, 11, 1, 6, tzinfo=UTC),
    datetime(2026, 4, 4, 15, tzinfo=UTC),
    datetime(2026, 10, 3, 15, 30, tzinfo=UTC),
]

hours = st.one_of(
    st.times().map(lambda t: time(t.hour, t.minute)),
    st.sampled_from([time(0), time(1), time(1, 30), time(2), time(2, 15), time(2, 30), time(3)]),
)
window_sets = st.builds(
    Windows,
    st.sampled_from(ZONES),
    st.lists(
        st.builds(
            Window,
            st.sets(st.sampled_from(DAYS), min_size=1).map(lambda days: tuple(d for d in DAYS if d in days)),
            hours,
            hours,
        ),
        min_size=1,
        max_size=3,
    ).map(tuple),
)
instants = st.one_of(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)).map(lambda at: at.replace(tzinfo=UTC)),  # noqa: DTZ001
    st.builds(
        lambda change, minutes: change + timedelta(minutes=minutes),
        st.sampled_from(CLOCK_CHANGES),
        st.integers(-2000, 2000),
    ),
)


def windows(zone: str, *items: tuple[str, str, str]) -> Windows:
    return parse({"timezone": zone, "windows": [{"days": d.split(), "from": f, "to": t} for d, f, t in items]})


def at(text: str, zone: str = "UTC") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@settings(deadline=None)
@given(window_sets, instants, st.lists(st.floats(0, 0.999), min_size=5, max_size=5))
def test_next_change_is_where_the_state_flips(w: Windows, moment: datetime, fractions: list[float]) -> None:
    state, change = is_off(w, moment), next_change(w, moment)
    until = change or moment + timedelta(days=20)
    assert until > moment
    for fraction in fractions:
        assert is_off(w, moment + (until - moment) * fraction) == state
    assert is_off(w, until - timedelta(microseconds=1)) == state
    if change:
        assert change.tzinfo is UTC
        assert is_off(w, change) != state
    else:
        assert state


@settings(deadline=None)
@given(window_sets, instants)
def test_a_steady_clock_agrees_with_reading_the_wall(w: Windows, moment: datetime) -> None:
    local = moment.astimezone(ZoneInfo(w.timezone))
    near = [(moment + timedelta(days=n)).astimezone(local.tzinfo).utcoffset() for n in (-3, 3)]
    if set(near) == {local.utcoffset()}:
        assert is_off(w, moment) == any(_reads_off(window, local) for window in w.windows)


def _reads_off(window: Window, local: datetime) -> bool:
    today, yesterday = DAYS[local.weekday()], DAYS[local.weekday() - 1]
    clock = local.time()
    if window.start < window.end:
        return today in window.days and window.start <= clock < window.end
    return (today in window.days and clock >= window.start) or (yesterday in window.days and clock < window.end)


@given(window_sets)
def test_json_round_trips(w: Windows) -> None:
    assert parse(to_json(w)) == w


def test_a_night_runs_into_the_next_day() -> None:
    night = windows("Europe/Paris", ("fri", "22:00", "07:00"))
    friday = at("2026-01-02T21:59", "Europe/Paris")
    assert not is_off(night, friday)
    assert next_change(night, friday) == at("2026-01-02T22:00", "Europe/Paris")
    assert is_off(night, at("2026-01-03T06:59:59", "Europe/Paris"))
    assert not is_off(night, at("2026-01-03T07:00", "Europe/Paris"))
    assert next_change(night, at("2026-01-03T07:00", "Europe/Paris")) == at("2026-01-09T22:00", "Europe/Paris")


def test_the_same_time_twice_is_a_whole_day() -> None:
    day = windows("UTC", ("sun", "12:00", "12:00"))
    assert next_change(day, at("2026-01-04T12:00")) == at("2026-01-05T12:00")
    assert not is_off(day, at("2026-01-05T12:00"))


def test_windows_that_touch_are_one() -> None:
    weekend = windows("UTC", ("fri", "18:00", "00:00"), ("sat sun", "00:00", "00:00"), ("sun", "23:00", "06:00"))
    assert next_change(weekend, at("2026-01-02T20:00")) == at("2026-01-05T06:00")


@pytest.mark.parametrize("zone", ZONES)
def test_a_full_week_never_changes(zone: str) -> None:
    always = windows(zone, (" ".join(DAYS), "02:30", "02:30"))
    assert is_off(always, at("2026-03-29T01:00"))
    assert next_change(always, at("2026-02-01T00:00")) is None


@pytest.mark.parametrize(
    ("start", "end", "hours_off"),
    [("2026-03-28T22:00", "2026-03-29T07:00", 8), ("2026-10-24T22:00", "2026-10-25T07:00", 10)],
)
def test_a_night_keeps_to_the_wall_clock(start: str, end: str, hours_off: int) -> None:
    night = windows("Europe/Paris", ("sat", "22:00", "07:00"))
    assert next_change(night, at(start, "Europe/Paris")) == at(end, "Europe/Paris")
    assert at(end, "Europe/Paris") - at(start, "Europe/Paris") == timedelta(hours=hours_off)


def test_a_skipped_time_is_read_with_the_offset_before() -> None:
    early = windows("Europe/Paris", ("sun", "02:30", "04:00"))
    assert next_change(early, at("2026-03-29T00:00")) == at("2026-03-29T01:30")  # 03:30 summer time
    assert next_change(early, at("2026-03-29T01:30")) == at("2026-03-29T02:00")


def test_a_window_that_would_end_first_waits_a_week() -> None:
    brief = windows("Europe/Paris", ("sun", "02:30", "03:00"))
    assert next_change(brief, at("2026-03-22T01:30", "UTC") + timedelta(hours=1)) == at("2026-04-05T00:30")


def test_a_repeated_time_is_its_first_passage() -> None:
    early = windows("Europe/Paris", ("sun", "02:30", "03:00"))
    assert next_change(early, at("2026-10-25T00:00")) == at("2026-10-25T00:30")
    assert next_change(early, at("2026-10-25T00:30")) == at("2026-10-25T02:00")


def test_a_naive_instant_is_a_mistake() -> None:
    with pytest.raises(AssertionError):
        is_off(windows("UTC", ("mon", "00:00", "01:00")), datetime(2026, 1, 1))  # noqa: DTZ001


GOOD: dict[str, Any] = {"days": ["mon"], "from": "22:00", "to": "07:00"}


def test_days_are_put_in_order() -> None:
    parsed = parse({"timezone": "UTC", "windows": [GOOD | {"days": ["sun", "mon", "sun"]}]})
    assert parsed.windows[0].days == ("mon", "sun")


@pytest.mark.parametrize(
    ("obj", "path"),
    [
        (None, ""),
        ([], ""),
        ({}, "timezone"),
        ({"timezone": "UTC"}, "windows"),
        ({"timezone": "UTC", "windows": [GOOD], "active": True}, "active"),
        *[
            ({"timezone": zone, "windows": [GOOD]}, "timezone")
            for zone in (
                None,
                1,
                "",
                "Paris",
                "europe/paris",
                "Europe",
                "../etc/passwd",
                "right/UTC",
                "+01:00",
            )
        ],
        *[({"timezone": "UTC", "windows": w}, "windows") for w in (None, {}, "mon", [], [GOOD] * 51)],
        *[
            ({"timezone": "UTC", "windows": [GOOD, GOOD | {"days": days}]}, "windows[1].days")
            for days in (None, "mon", [], ["Mon"], ["monday"], [1], [[]], ["mon", None])
        ],
        *[
            ({"timezone": "UTC", "windows": [GOOD | {key: value}]}, f"windows[0].{key}")
            for key in ("from", "to")
            for value in (None, 22, "", "7:00", "24:00", "22:60", "22:00:00", "22:00\n", "٢٢:00", "22.00")
        ],
        ({"timezone": "UTC", "windows": [GOOD | {"start": "22:00"}]}, "windows[0].start"),
        ({"timezone": "UTC", "windows": [{"days": ["mon"], "to": "07:00"}]}, "windows[0].from"),
        ({"timezone": "UTC", "windows": ["mon"]}, "windows[0]"),
    ],
)
def test_bad_json_is_told_where(obj: object, path: str) -> None:
    with pytest.raises(WindowsError) as caught:
        parse(obj)
    assert caught.value.path == path
    assert str(caught.value)
