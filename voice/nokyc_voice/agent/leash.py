"""What every agent is held by: seconds, turns, silence, cost."""

from nokyc_voice.agents import Agent, AgentEnd

SILENCE_MS = 6_000
"""Without a word, until the party is asked whether it is still there."""
SILENCE_PROMPTS = 2
"""So often it is asked; then it is let go."""
THINKING_MS = 8_000
"""For ears to understand a turn; longer means that they are out of order."""
REPLY_MS = 3_000
"""For a language model to answer; then the script's own sentence is said."""
HEARD_SEC_MICRO, SPOKEN_CHAR_MICRO, ASKED_CHAR_MICRO = 100, 15, 1
"""What endpoints commonly ask, in millionths of a dollar; local engines cost less."""


class Leash:
    """Counts what a conversation has used up."""

    def __init__(self, plan: Agent) -> None:
        self._plan = plan
        self.turns = 0
        self.cost_micro = 0

    def heard(self, milliseconds: int) -> None:
        """A turn of the party."""
        self.turns += 1
        self.cost_micro += -(-milliseconds * HEARD_SEC_MICRO // 1_000)

    def spoken(self, text: str) -> None:
        self.cost_micro += len(text) * SPOKEN_CHAR_MICRO

    def asked(self, characters: int) -> None:
        self.cost_micro += characters * ASKED_CHAR_MICRO

    def exceeded(self, at_ms: int) -> AgentEnd | None:
        """The limit that is reached, if one is."""
        if at_ms >= self._plan.max_sec * 1_000:
            return "max_sec"
        if self.turns > self._plan.max_turns:
            return "max_turns"
        if self.cost_micro > self._plan.max_cost_micro:
            return "cost"
        return None
