"""A request of ours and its answers; digest challenges are met on the way (RFC 3261 22)."""

from collections.abc import Callable

from nokyc_voice.sip.core import Core, Hop, Sending
from nokyc_voice.sip.digest import Challenge, authorize, parse_challenges
from nokyc_voice.sip.ladder import Ladder
from nokyc_voice.sip.message import Request, Response
from nokyc_voice.sip.ports import Credentials

MAX_REALMS = 4
"""Challenges that one request meets, from the far end and from proxies on the way."""


class Login:
    """Credentials, and the challenges that they have met so far: later requests of a dialog answer them in advance."""

    def __init__(self, credentials: Credentials | None) -> None:
        self._credentials = credentials
        self._met: dict[tuple[str, bool], tuple[Challenge, int]] = {}

    def meet(self, response: Response, tried: set[tuple[str, bool, bool]]) -> bool:
        """Whether another try makes sense after a 401 or 407; once for each realm, once more if it was stale."""
        if self._credentials is None or response.status not in (401, 407):
            return False
        proxy = response.status == 407
        values = response.headers.all("Proxy-Authenticate" if proxy else "WWW-Authenticate")
        for challenge in parse_challenges(values, proxy=proxy):
            attempt = challenge.realm, proxy, challenge.stale
            if attempt in tried or len(tried) >= MAX_REALMS:
                return False
            tried.add(attempt)
            self._met[challenge.realm, proxy] = challenge, 0
            return True
        return False

    def headers(self, method: str, uri: str, cnonce: str) -> list[tuple[str, str]]:
        """An answer to each challenge met."""
        found = []
        for key, (challenge, count) in self._met.items():
            if self._credentials is not None:
                self._met[key] = challenge, count + 1
                username, password = self._credentials.username, self._credentials.password
                found.append(authorize(challenge, username, password, method, uri, cnonce=cnonce, count=count + 1))
        return found


class Exchange:
    """`make` makes the request anew for each try; `on_answer` gets every answer but challenges that could be met.

    A 408 or 503 that nobody sent is made here, so that there always is a final answer.
    """

    def __init__(
        self,
        core: Core,
        make: Callable[[], Request],
        hop: Hop | None,
        *,
        login: Login,
        ladder: Ladder,
        on_answer: Callable[[Response], None],
        contact_user: str | None = None,
    ) -> None:
        self._core = core
        self._make = make
        self._hop = hop
        self._login = login
        self._ladder = ladder
        self._on_answer = on_answer
        self.meets_challenges = True
        """False: it is not tried again."""
        self._contact_user = contact_user
        self._tried: set[tuple[str, bool, bool]] = set()
        self._accepted: set[str] = set()
        self._sending: Sending | None = None
        self.request: Request
        """The latest try."""

    def begin(self) -> "Exchange":
        self.request = self._make()
        for name, value in self._login.headers(self.request.method, self.request.uri, self._core.token()):
            self.request.headers.add(name, value)
        self._ladder.note(True, self.request)
        if self._hop is None:
            self._core.timers.call_later(0.0, lambda: self._failed(503))
            return self
        self._sending = self._core.transact(
            self.request,
            self._hop,
            on_response=self._answered,
            on_failure=self._failed,
            contact_user=self._contact_user,
        )
        return self

    @property
    def sending(self) -> Sending | None:
        return self._sending

    def abandon(self) -> None:
        """No further answer is told."""
        if self._sending is not None:
            self._sending.abandon()

    def _answered(self, response: Response) -> None:
        tag = response.to.tag or ""
        if not (200 <= response.status < 300 and tag in self._accepted):
            self._ladder.note(False, response)
        if 200 <= response.status < 300:
            self._accepted.add(tag)
        if self.meets_challenges and self._login.meet(response, self._tried):
            self.begin()
        else:
            self._on_answer(response)

    def _failed(self, status: int) -> None:
        response = self.request.reply(status)
        response.is_ours = True
        self._on_answer(response)
