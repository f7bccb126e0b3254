"""When a line counts as dead, and what is told of bad audio: a party that can be silenced; time is handed in."""

from dataclasses import dataclass, field, replace
from typing import cast

from nokyc_voice.call.party import Party
from nokyc_voice.call.quality import DEAD_SEC, ONE_WAY_SEC, Watch
from nokyc_voice.platform import Quality

CLEAN = Quality("PCMU", 1_000, 1_000, 0, 2.0, 20.0, 4.3, one_way=False)


@dataclass
class Line:
    """What a watch sees of a leg."""

    heard_ms: float | None = 20.0
    figures: Quality = CLEAN

    def heard_ms_ago(self) -> float | None:
        return self.heard_ms

    def quality(self) -> Quality:
        return self.figures


@dataclass
class Far:
    """What a watch sees of a party."""

    name: str = "caller"
    quiet: bool = False
    leg: Line = field(default_factory=Line)


def dead(watch: Watch, far: Far, age_sec: float) -> bool:
    return watch.is_dead(cast(Party, far), age_sec)


def told(watch: Watch, far: Far, age_sec: float) -> list[str]:
    return [kind for kind, _ in watch.alerts(cast(Party, far), age_sec)]


def test_a_line_is_dead_after_a_minute_without_a_packet() -> None:
    watch, far = Watch(), Far()
    assert not dead(watch, far, 100)
    far.leg.heard_ms = (DEAD_SEC - 1) * 1_000
    assert not dead(watch, far, 159)
    far.leg.heard_ms = DEAD_SEC * 1_000
    assert dead(watch, far, 160)


def test_who_never_sent_anything_is_as_silent_as_it_is_old() -> None:
    watch, far = Watch(), Far(leg=Line(heard_ms=None))
    assert not dead(watch, far, DEAD_SEC - 1)
    assert dead(watch, far, DEAD_SEC)


def test_a_long_hold_is_no_death_and_neither_is_its_end() -> None:
    """The first packet after it may come later than the first look."""
    watch, far = Watch(), Far()
    far.quiet = True
    for age_sec in range(100, 700, 5):
        far.leg.heard_ms = (age_sec - 99) * 1_000
        assert not dead(watch, far, age_sec)
        assert told(watch, far, age_sec) == []
    far.quiet = False
    far.leg.heard_ms = 600_000
    assert not dead(watch, far, 700)
    assert told(watch, far, 700) == []
    far.leg.heard_ms = 600_000 + DEAD_SEC * 1_000
    assert dead(watch, far, 700 + DEAD_SEC)


def test_each_fault_is_told_once() -> None:
    watch, far = Watch(), Far()
    assert told(watch, far, 60) == []
    far.leg.figures = replace(CLEAN, packets_lost=100, jitter_ms=80.0, mos=2.5)
    assert told(watch, far, 65) == ["packet_loss", "jitter", "low_mos"]
    assert told(watch, far, 70) == []
    far.leg.heard_ms = ONE_WAY_SEC * 1_000
    assert told(watch, far, 80) == ["one_way_audio"]
    assert told(watch, far, 85) == []


def test_figures_of_the_first_seconds_are_not_told() -> None:
    watch, far = Watch(), Far(leg=Line(figures=replace(CLEAN, jitter_ms=80.0)))
    assert told(watch, far, 9) == []
    assert told(watch, far, 10) == ["jitter"]
