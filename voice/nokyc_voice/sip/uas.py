"""What arrives: matched to transactions and dialogs, and what is new given to the handlers (RFC 3261 8.2, 12.2.2)."""

import hashlib
import traceback
from collections.abc import Callable, Sequence
from typing import Protocol

import structlog

from nokyc_voice.sip.admission import Meter
from nokyc_voice.sip.core import ALLOW, MAX_DIALOGS, MAX_TRANSACTIONS, SUPPORTED, Core
from nokyc_voice.sip.grammar import SipSyntaxError
from nokyc_voice.sip.invitation import Invitation
from nokyc_voice.sip.message import Framing, Request, Response, parse
from nokyc_voice.sip.ports import Connection, DialogLostError, Source
from nokyc_voice.sip.refresher import MIN_SE, is_too_short
from nokyc_voice.sip.register import RegisterRequest
from nokyc_voice.sip.server_transaction import InviteServer, ServerTransaction
from nokyc_voice.sip.statuses import read_cause
from nokyc_voice.sip.via import Via, parse_vias

RETRY_SEC = "10"
"""What an overloaded or stopping endpoint asks the far end to wait."""

KNOWN_METHODS = frozenset({
    "INVITE", "ACK", "BYE", "CANCEL", "OPTIONS", "REGISTER", "PRACK", "UPDATE", "INFO", "MESSAGE", "SUBSCRIBE",
    "NOTIFY", "PUBLISH", "REFER",
})  # fmt: skip
"""Registered ones get 405 where we do not take them, others 501."""
IN_DIALOG_ONLY = frozenset({"BYE", "PRACK", "UPDATE", "INFO"})
EXTENSIONS = frozenset({"100rel", "timer"})
"""What may stand in Require."""
SCHEMES = ("sip", "sips", "tel")

log = structlog.get_logger()

ServerKey = tuple[str, ...]


class Handlers(Protocol):
    """Who decides."""

    def admits(self, source: Source, request: Request) -> bool:
        """Whether to look at a request outside of a dialog at all. Asked before any state is made; a no is answered
        with a stateless 403, and with silence if it goes on."""
        ...

    async def invited(self, invitation: Invitation) -> None:
        """An INVITE outside of a dialog. It is refused with 500 if this returns or raises without an answer."""
        ...

    async def registered(self, register: RegisterRequest) -> None:
        """A REGISTER; refused with 500 if this returns or raises without an answer."""
        ...


class Server:
    """The receiving half of one Endpoint."""

    def __init__(self, core: Core, handlers: Handlers) -> None:
        self._core = core
        self._handlers = handlers
        self._transactions: dict[ServerKey, ServerTransaction] = {}
        self._merging: dict[tuple[str, int, str], ServerKey] = {}
        """INVITEs by what stays the same when a request comes by two ways (8.2.2.2)."""
        self._invitations: set[Invitation] = set()
        self._meter = Meter(core.timers)
        self._salt = core.token()
        self._is_stopping = False
        self.on_closed: Callable[[Connection], None] | None = None

    @property
    def transactions(self) -> int:
        return len(self._transactions)

    def stop(self) -> None:
        """Take nothing new; refuse what is not answered yet."""
        self._is_stopping = True
        for invitation in list(self._invitations):
            invitation.refuse(503, headers=[("Retry-After", RETRY_SEC)])

    def close(self) -> None:
        for transaction in list(self._transactions.values()):
            transaction.abandon()

    def received(self, data: bytes, connection: Connection, framing: Framing) -> None:
        try:
            self._receive(parse(data, framing), connection)
        except SipSyntaxError as error:
            self._core.counters["malformed"] += 1
            self._refuse_malformed(error, connection)
        except Exception as error:
            # One message must not take a connection down, nor fill the logs by coming again and again.
            self._core.counters["internal_errors"] += 1
            if self._meter.allows(connection.remote[0]):
                _log_failure("received", error)

    def lost(self, connection: Connection) -> None:
        self._core.lost(connection)
        if connection.transport == "ws":
            self._give_up(connection)
        if self.on_closed is not None:
            self.on_closed(connection)

    def _give_up(self, connection: Connection) -> None:
        """Invitations that nobody can be told the answer of: no connection leads to a browser (RFC 7118, 5)."""
        for transaction in [each for each in self._transactions.values() if each.flow is connection]:
            if isinstance(transaction, InviteServer) and transaction.on_cancel is not None:
                transaction.on_cancel(None)

    def _receive(self, message: Request | Response, connection: Connection) -> None:
        if isinstance(message, Response):
            self._core.counters["responses"] += 1
            transaction = self._core.clients.get((message.via.branch, message.cseq[1]))
            if transaction is None:
                self._core.counters["stray_responses"] += 1
            else:
                transaction.receive(message)
        else:
            self._core.counters["requests"] += 1
            message.came_from(*connection.remote)
            self._request(message, connection)

    def _request(self, request: Request, connection: Connection) -> None:
        key = _key(request)
        transaction = self._transactions.get(key)
        if request.method == "ACK":
            if not (isinstance(transaction, InviteServer) and transaction.acknowledge()):
                user = self._core.dialogs.get(_dialog_key(request))
                if user is not None:
                    user.acknowledged(request)
        elif request.method == "CANCEL":
            self._cancel(request, connection)
        elif transaction is not None:
            transaction.receive(request)
        elif request.to.tag is not None:
            self._in_dialog(request, key, connection)
        else:
            self._new(request, key, connection)

    def _cancel(self, request: Request, connection: Connection) -> None:
        transaction = self._transactions.get(_key(request, "INVITE"))
        if not isinstance(transaction, InviteServer):
            self._answer(request, connection, 481)
            return
        self._answer(request, connection, 200)
        if not transaction.is_answered and transaction.on_cancel is not None:
            transaction.on_cancel(read_cause(request.headers.all("Reason")))

    def _in_dialog(self, request: Request, key: ServerKey, connection: Connection) -> None:
        user = self._core.dialogs.get(_dialog_key(request))
        if user is None:
            self._core.counters["no_dialog"] += 1
            if self._meter.allows(connection.remote[0]):
                self._answer(request, connection, 481)
        elif unknown := request.listed("Require") - EXTENSIONS:
            self._answer(request, connection, 420, [("Unsupported", ", ".join(sorted(unknown)))])
        elif len(self._transactions) >= MAX_TRANSACTIONS:
            self._overloaded(request, connection)
        else:
            user.follow(connection)
            user.receive(request, self._open(request, key, connection))

    def _new(self, request: Request, key: ServerKey, connection: Connection) -> None:
        """Outside of any dialog: first everything that needs no state."""
        source = Source(connection.transport, *connection.remote, connection.subject)
        if not self._handlers.admits(source, request):
            self._core.counters["not_admitted"] += 1
            if self._meter.allows(source.host):
                self._answer(request, connection, 403)
            return
        dialogs_full = request.method == "INVITE" and len(self._core.dialogs) >= MAX_DIALOGS
        if self._is_stopping or dialogs_full or len(self._transactions) >= MAX_TRANSACTIONS:
            self._overloaded(request, connection)
            return
        status, headers = self._judge(request, key)
        if status:
            self._answer(request, connection, status, headers)
        elif request.method == "OPTIONS":
            self._answer(
                request,
                connection,
                200,
                [("Allow", ALLOW), ("Supported", SUPPORTED), ("Accept", "application/sdp")],
            )
        else:
            self._decide(request, self._open(request, key, connection), source, connection)

    def _judge(self, request: Request, key: ServerKey) -> tuple[int, Sequence[tuple[str, str]]]:
        """The status of what nobody has to be asked about (8.2.1 to 8.2.3); 0: somebody has to."""
        if request.method not in KNOWN_METHODS:
            return 501, [("Allow", ALLOW)]
        if request.method in IN_DIALOG_ONLY:
            return 481, []
        if request.method not in ("INVITE", "OPTIONS", "REGISTER"):
            return 405, [("Allow", ALLOW)]
        if request.uri.partition(":")[0].lower() not in SCHEMES:
            return 416, []
        if unknown := request.listed("Require") - EXTENSIONS - _of_register(request):
            return 420, [("Unsupported", ", ".join(sorted(unknown)))]
        if request.method == "INVITE":
            if self._merging.get(_merge_key(request), key) != key:
                return 482, []
            if request.body and (request.sdp is None or "Content-Encoding" in request.headers):
                return 415, [("Accept", "application/sdp"), ("Accept-Encoding", "identity")]
            if is_too_short(request):
                return 422, [("Min-SE", str(MIN_SE))]
            if not request.contacts:
                return 400, []
        return 0, []

    def _decide(self, request: Request, transaction: ServerTransaction, source: Source, connection: Connection) -> None:
        if isinstance(transaction, InviteServer):
            transaction.respond(request.reply(100))
            self._core.spawn(self._invited(Invitation(self._core, request, transaction, source, connection)))
            return
        try:
            register = RegisterRequest(self._core, request, transaction, source, connection)
        except SipSyntaxError as error:
            transaction.respond(request.reply(error.status, to_tag=self._core.token()))
        else:
            self._core.spawn(self._registered(register))

    async def _invited(self, invitation: Invitation) -> None:
        self._invitations.add(invitation)
        try:
            await self._handlers.invited(invitation)
        except DialogLostError:
            self._core.counters["dialogs_lost"] += 1
        except Exception as error:
            _log_failure("invited", error)
        finally:
            invitation.refuse(500)
            self._invitations.discard(invitation)

    async def _registered(self, register: RegisterRequest) -> None:
        try:
            await self._handlers.registered(register)
        except Exception as error:
            _log_failure("registered", error)
        finally:
            register.refuse(500)

    def _open(self, request: Request, key: ServerKey, connection: Connection) -> ServerTransaction:
        """A transaction for a new request."""
        merge_key = _merge_key(request)

        def end() -> None:
            del self._transactions[key]
            if self._merging.get(merge_key) == key:
                del self._merging[merge_key]

        machine = InviteServer if request.method == "INVITE" else ServerTransaction
        back = self._back(request.via, connection)
        transaction = self._transactions[key] = machine(request, back, self._core.timers, end)
        if request.method == "INVITE":
            self._merging[merge_key] = key
        return transaction

    def _back(self, via: Via, connection: Connection) -> Connection:
        """Where the answers go (18.2.2)."""
        if connection.transport != "udp" or via.answers_go_to() == connection.remote:
            return connection
        return self._core.network.answering(connection, via.answers_go_to())

    def _overloaded(self, request: Request, connection: Connection) -> None:
        self._core.counters["overloaded"] += 1
        self._answer(request, connection, 503, [("Retry-After", RETRY_SEC)])

    def _answer(
        self, request: Request, connection: Connection, status: int, headers: Sequence[tuple[str, str]] = ()
    ) -> None:
        """Without state: the same request again gets the same answer (8.2.7)."""
        tag = hashlib.sha256(
            f"{self._salt} {request.via.branch} {request.call_id}".encode("utf-8", "surrogateescape")
        ).hexdigest()[:16]
        response = request.reply(status, None, headers, to_tag=tag)
        self._back(request.via, connection).send(bytes(response))

    def _refuse_malformed(self, error: SipSyntaxError, connection: Connection) -> None:
        """Tell whoever sent it, if that can be read, and not for ever."""
        if error.headers is None or error.method == "ACK" or not self._meter.allows(connection.remote[0]):
            return
        try:
            via = parse_vias(error.headers.all("Via")[:1])[0].received_from(*connection.remote)
        except (SipSyntaxError, IndexError):
            return
        response = Request(error.method, "", error.headers).reply(error.status)
        self._back(via, connection).send(bytes(response))


def _log_failure(handler: str, error: Exception) -> None:
    """Where it broke, without the values that a traceback would show."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    log.error("voice.handler_failed", handler=handler, error=type(error).__name__, where=f"{frame.name}:{frame.lineno}")


def _key(request: Request, method: str | None = None) -> ServerKey:
    """RFC 3261 17.2.3; for branches without the cookie, what RFC 2543 has in its place."""
    method = method or ("INVITE" if request.method == "ACK" else request.method)
    via = request.via
    if via.has_cookie:
        return via.branch, via.sent_by, method
    return request.call_id, request.from_.tag or "", str(request.cseq[0]), via.sent_by, via.branch, request.uri, method


def _merge_key(request: Request) -> tuple[str, int, str]:
    return request.call_id, request.cseq[0], request.from_.tag or ""


def _dialog_key(request: Request) -> tuple[str, str, str]:
    return request.call_id, request.to.tag or "", request.from_.tag or ""


def _of_register(request: Request) -> set[str]:
    """Extensions that only a registrar needs to know (RFC 5626, RFC 3327)."""
    return {"outbound", "path"} if request.method == "REGISTER" else set()
