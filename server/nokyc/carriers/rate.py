"""How fast we may submit: paced below the contract's limit, cut when the SMSC complains, grown back after."""

HORIZON_SEC = 0.5
"""How far ahead a submission may be given its turn; later ones are told to come again."""
MIN_PER_SEC = 0.5
UNPACED_PER_SEC = 10_000.0
"""A rate that grew beyond this no longer limits anything."""
CUT_AT_LEAST = 0.95
CUT_AT_MOST = 0.5
STEP_INTERVAL_SEC = 1.0
"""Between two steps up; and complaints within this time after a cut are about the mistake that it mended."""
FIRST_STEP = 0.02
MIN_STEP_PER_SEC = 0.2


class Rate:
    """AIMD over a virtual schedule. Instants are seconds of any clock that never goes back.

    A cut goes to what the SMSC really took in the last second, which is what it allows. Growth starts with a
    small step each second and doubles it for as long as nobody complains: a limit that has gone is forgotten in
    seconds, one that stays is seldom touched.
    """

    def __init__(self, limit_per_sec: float | None) -> None:
        self._limit = limit_per_sec
        self._rate = limit_per_sec
        self._step = 0.0
        self._turn = 0.0
        self._cut_at = self._grown_at = float("-inf")
        self._second = 0
        self._taken = self._taken_before = 0

    @property
    def per_sec(self) -> float | None:
        """The rate now; None while nothing limits it."""
        return self._rate

    def room(self, now: float) -> int | None:
        """Submissions that would get their turn within the horizon; None if any number would."""
        if self._rate is None:
            return None
        if self._turn <= now:
            return max(1, int(HORIZON_SEC * self._rate))
        return max(0, int((now + HORIZON_SEC - self._turn) * self._rate))

    def take_turn(self, now: float) -> float:
        """Seconds until this submission's turn. Above HORIZON_SEC: none was reserved, come again then."""
        if self._rate is None:
            return 0.0
        turn = max(now, self._turn)
        if turn - now <= HORIZON_SEC:
            self._turn = turn + 1 / self._rate
        return turn - now

    def accepted(self, now: float) -> None:
        """The SMSC took one."""
        self._roll(now)
        self._taken += 1
        if self._rate is None or self._rate == self._limit:
            return
        if now - max(self._cut_at, self._grown_at) < STEP_INTERVAL_SEC:
            return
        self._grown_at = now
        self._rate += self._step
        self._step *= 2
        if self._limit is not None:
            self._rate = min(self._rate, self._limit)
        elif self._rate > UNPACED_PER_SEC:
            self._rate = None

    def throttled(self, now: float) -> None:
        """The SMSC complained that we are too fast."""
        self._roll(now)
        if now - self._cut_at < STEP_INTERVAL_SEC:
            return
        taken = self._taken + self._taken_before * (1 - now % 1)
        target = (taken + 1 if taken else 0) * CUT_AT_LEAST  # counting in whole messages errs by one
        if self._rate is not None:
            target = min(max(target, self._rate * CUT_AT_MOST), self._rate * CUT_AT_LEAST)
        self._rate = max(target, MIN_PER_SEC)
        self._step = max(MIN_STEP_PER_SEC, self._rate * FIRST_STEP)
        self._cut_at = now

    def _roll(self, now: float) -> None:
        second = int(now)
        if second != self._second:
            self._taken_before = self._taken if second == self._second + 1 else 0
            self._taken = 0
            self._second = second
