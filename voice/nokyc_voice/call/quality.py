"""Watching the audio of a call that goes on: what is told, and when a line counts as dead."""

from typing import Literal

from nokyc_voice.call.party import Party
from nokyc_voice.platform import Quality

SETTLED_SEC = 10
"""Before that, figures say little."""
ONE_WAY_SEC = 10
DEAD_SEC = 60
"""Nothing at all from a party for so long, though it is not on hold: it is gone without a BYE."""
MAX_LOSS = 0.05
MAX_JITTER_MS = 60.0
MIN_MOS = 3.1
"""ITU-T G.107, annex B: below it, nearly all users are dissatisfied."""

Kind = Literal["packet_loss", "jitter", "one_way_audio", "low_mos"]


class Watch:
    """Remembers what was told of one call, and until when each party was on hold."""

    def __init__(self) -> None:
        self._told: set[tuple[str, Kind]] = set()
        self._held_until: dict[str, float] = {}

    def alerts(self, party: Party, age_sec: float) -> list[tuple[Kind, Quality]]:
        """What is bad now and was not told before. `age_sec` is how long the party has been in."""
        silent_sec = self._silent_sec(party, age_sec)
        if age_sec < SETTLED_SEC or party.quiet:
            return []
        quality = party.leg.quality()
        fresh = [kind for kind in _bad(quality, silent_sec) if (party.name, kind) not in self._told]
        self._told.update((party.name, kind) for kind in fresh)
        return [(kind, quality) for kind in fresh]

    def is_dead(self, party: Party, age_sec: float) -> bool:
        """Whether the party sends nothing any more."""
        return self._silent_sec(party, age_sec) >= DEAD_SEC

    def _silent_sec(self, party: Party, age_sec: float) -> float:
        """Since the last packet or the end of the last hold, whichever came later: a party that is taken back has not
        been heard for as long as it was held."""
        if party.quiet:
            self._held_until[party.name] = age_sec
        ago_ms = party.leg.heard_ms_ago()
        since_hold_sec = age_sec - self._held_until.get(party.name, 0.0)
        return since_hold_sec if ago_ms is None else min(since_hold_sec, ago_ms / 1_000)


def _bad(quality: Quality, silent_sec: float) -> list[Kind]:
    if silent_sec >= ONE_WAY_SEC:
        return ["one_way_audio"]  # the other figures mean nothing then
    kinds: list[Kind] = []
    expected = quality.packets_received + quality.packets_lost
    if expected and quality.packets_lost / expected > MAX_LOSS:
        kinds.append("packet_loss")
    if quality.jitter_ms > MAX_JITTER_MS:
        kinds.append("jitter")
    if quality.mos is not None and quality.mos < MIN_MOS:
        kinds.append("low_mos")
    return kinds
