"""Our INVITE, from sending to its last answer: forks, reliable provisionals, challenges and cancellation."""

from collections.abc import AsyncIterator, Callable

from nokyc_voice.sip.ports import Progress, Trace


class Attempt:
    """Made by Endpoint.invite."""

    call_id: str
    trace: Trace | None
    on_offer: Callable[[bytes], bytes | None] | None
    """With `offer=None` given to invite: their offer of the 2xx to our answer in the ACK; None hangs up."""

    def progress(self) -> AsyncIterator[Progress]:
        """Every provisional answer and last, exactly once, a Final. To be iterated over once."""
        raise NotImplementedError

    def cancel(self, cause: int | None = None) -> None:
        """Give it up: CANCEL with Reason (RFC 3326). A 2xx that crosses it is acknowledged and hung up; the Final
        is a 487 either way. Harmless once there is a Final."""
        raise NotImplementedError
