"""SMPP 3.4 on the wire, without any I/O: `parse(frame)` and `bytes(pdu)` mirror each other.

Section numbers are those of "Short Message Peer to Peer Protocol Specification v3.4", issue 1.2.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar, Self

from nokyc.carriers.smpp.fields import (
    PduError,
    read_c_string,
    read_octets,
    read_tlvs,
    write_c_string,
    write_octets,
    write_tlvs,
)

MIN_FRAME_OCTETS = 16
MAX_FRAME_OCTETS = 65_536
MAX_SHORT_MESSAGE_OCTETS = 254
MAX_SEQUENCE = 0x7FFF_FFFF
INTERFACE_VERSION = 0x34
RESPONSE_BIT = 0x8000_0000

UDHI = 0x40
"""esm_class: the short message begins with a user data header (§5.2.12)."""

TLV_RECEIPTED_MESSAGE_ID = 0x001E
TLV_SAR_MSG_REF_NUM = 0x020C
TLV_SAR_TOTAL_SEGMENTS = 0x020E
TLV_SAR_SEGMENT_SEQNUM = 0x020F
TLV_MESSAGE_PAYLOAD = 0x0424
TLV_MESSAGE_STATE = 0x0427

_LENGTH = struct.Struct(">I")
_HEADER = struct.Struct(">IIII")


class Deframer:
    """Cuts a stream of octets into frames; the only place that trusts, and checks, command_length."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Whole frames, in order. PduError if a length is impossible: then the stream cannot be read on."""
        data = self._rest + data if self._rest else data
        start, end = 0, len(data)
        try:
            while end - start >= 4:
                (length,) = _LENGTH.unpack_from(data, start)
                if not MIN_FRAME_OCTETS <= length <= MAX_FRAME_OCTETS:
                    raise PduError(f"impossible frame length {length}")
                if end - start < length:
                    break
                yield data[start : start + length]
                start += length
        finally:
            self._rest = data[start:]


# --- PDUs --------------------------------------------------------------------------------------------------


@dataclass(slots=True, kw_only=True)
class Pdu:
    """The header that every PDU has (§3.2); alone, a PDU without a body."""

    command: ClassVar[int] = 0
    status: int = 0
    sequence: int = 0

    def __bytes__(self) -> bytes:
        body = self._body()
        return _HEADER.pack(len(body) + 16, self.command, self.status, self.sequence) + body

    def _body(self) -> bytes:
        return b""

    @classmethod
    def _read(cls, body: bytes) -> Self:
        return cls()


class EnquireLink(Pdu):
    """§4.11: are you there?"""

    command = 0x0000_0015


class EnquireLinkResp(Pdu):
    command = 0x8000_0015


class Unbind(Pdu):
    """§4.2: goodbye."""

    command = 0x0000_0006


class UnbindResp(Pdu):
    command = 0x8000_0006


class GenericNack(Pdu):
    """§4.3: the answer to what was not understood."""

    command = 0x8000_0000


class AlertNotification(Pdu):
    """§4.12: a handset is back; we do not ask for it and do not read it."""

    command = 0x0000_0102


class Outbind(Pdu):
    """§4.1.7: the SMSC asks us to bind, which we do anyway."""

    command = 0x0000_000B


@dataclass(slots=True, kw_only=True)
class Bind(Pdu):
    """§4.1: who we are. Its three subclasses differ in their command only."""

    system_id: str = ""
    password: str = field(default="", repr=False)
    system_type: str = ""
    interface_version: int = INTERFACE_VERSION
    addr_ton: int = 0
    addr_npi: int = 0
    address_range: str = ""

    def _body(self) -> bytes:
        return (
            write_c_string(self.system_id)
            + write_c_string(self.password)
            + write_c_string(self.system_type)
            + write_octets(self.interface_version, self.addr_ton, self.addr_npi)
            + write_c_string(self.address_range)
        )

    @classmethod
    def _read(cls, body: bytes) -> Self:
        system_id, at = read_c_string(body, 0)
        password, at = read_c_string(body, at)
        system_type, at = read_c_string(body, at)
        version, ton, npi = read_octets(body, at, 3)
        address_range, _ = read_c_string(body, at + 3)
        return cls(
            system_id=system_id,
            password=password,
            system_type=system_type,
            interface_version=version,
            addr_ton=ton,
            addr_npi=npi,
            address_range=address_range,
        )


class BindReceiver(Bind):
    command = 0x0000_0001


class BindTransmitter(Bind):
    command = 0x0000_0002


class BindTransceiver(Bind):
    command = 0x0000_0009


@dataclass(slots=True, kw_only=True)
class BindResp(Pdu):
    """§4.1.2: the SMSC's name, or a status that says why not (then often without a body)."""

    system_id: str = ""
    tlvs: dict[int, bytes] = field(default_factory=dict)

    def _body(self) -> bytes:
        return write_c_string(self.system_id) + write_tlvs(self.tlvs)

    @classmethod
    def _read(cls, body: bytes) -> Self:
        if not body:
            return cls()
        system_id, at = read_c_string(body, 0)
        return cls(system_id=system_id, tlvs=read_tlvs(body, at))


class BindReceiverResp(BindResp):
    command = 0x8000_0001


class BindTransmitterResp(BindResp):
    command = 0x8000_0002


class BindTransceiverResp(BindResp):
    command = 0x8000_0009


@dataclass(slots=True, kw_only=True)
class ShortMessage(Pdu):
    """The layout that submit_sm (§4.4) and deliver_sm (§4.6) share."""

    service_type: str = ""
    source_ton: int = 0
    source_npi: int = 0
    source: str = ""
    dest_ton: int = 0
    dest_npi: int = 0
    dest: str = ""
    esm_class: int = 0
    protocol_id: int = 0
    priority: int = 0
    schedule_time: str = ""
    validity_period: str = ""
    registered_delivery: int = 0
    replace_if_present: int = 0
    data_coding: int = 0
    default_msg_id: int = 0
    short_message: bytes = b""
    tlvs: dict[int, bytes] = field(default_factory=dict)

    def _body(self) -> bytes:
        if len(self.short_message) > MAX_SHORT_MESSAGE_OCTETS:
            raise PduError(f"short message of {len(self.short_message)} octets")
        return b"".join(
            (
                write_c_string(self.service_type),
                write_octets(self.source_ton, self.source_npi),
                write_c_string(self.source),
                write_octets(self.dest_ton, self.dest_npi),
                write_c_string(self.dest),
                write_octets(self.esm_class, self.protocol_id, self.priority),
                write_c_string(self.schedule_time),
                write_c_string(self.validity_period),
                write_octets(self.registered_delivery, self.replace_if_present, self.data_coding),
                write_octets(self.default_msg_id, len(self.short_message)),
                self.short_message,
                write_tlvs(self.tlvs),
            )
        )

    @classmethod
    def _read(cls, body: bytes) -> Self:
        service_type, at = read_c_string(body, 0)
        source_ton, source_npi = read_octets(body, at, 2)
        source, at = read_c_string(body, at + 2)
        dest_ton, dest_npi = read_octets(body, at, 2)
        dest, at = read_c_string(body, at + 2)
        esm_class, protocol_id, priority = read_octets(body, at, 3)
        schedule_time, at = read_c_string(body, at + 3)
        validity_period, at = read_c_string(body, at)
        registered, replace, data_coding, default_msg_id, length = read_octets(body, at, 5)
        at += 5
        if at + length > len(body):
            raise PduError("sm_length reaches beyond the frame")
        return cls(
            service_type=service_type,
            source_ton=source_ton,
            source_npi=source_npi,
            source=source,
            dest_ton=dest_ton,
            dest_npi=dest_npi,
            dest=dest,
            esm_class=esm_class,
            protocol_id=protocol_id,
            priority=priority,
            schedule_time=schedule_time,
            validity_period=validity_period,
            registered_delivery=registered,
            replace_if_present=replace,
            data_coding=data_coding,
            default_msg_id=default_msg_id,
            short_message=body[at : at + length],
            tlvs=read_tlvs(body, at + length),
        )


class SubmitSm(ShortMessage):
    command = 0x0000_0004


class DeliverSm(ShortMessage):
    command = 0x0000_0005


@dataclass(slots=True, kw_only=True)
class MessageResp(Pdu):
    """§4.4.2, §4.6.2: the id that the SMSC gave. Without a body when the status is an error."""

    message_id: str = ""
    tlvs: dict[int, bytes] = field(default_factory=dict)

    def _body(self) -> bytes:
        return write_c_string(self.message_id) + write_tlvs(self.tlvs)

    @classmethod
    def _read(cls, body: bytes) -> Self:
        if not body:
            return cls()
        end = body.find(0)
        if end < 0:  # seen in the wild: an id that fills the frame
            return cls(message_id=body.decode("latin-1"))
        return cls(message_id=body[:end].decode("latin-1"), tlvs=read_tlvs(body, end + 1))


class SubmitSmResp(MessageResp):
    command = 0x8000_0004


class DeliverSmResp(MessageResp):
    command = 0x8000_0005


_PDUS: dict[int, type[Pdu]] = {
    kind.command: kind
    for kind in (
        EnquireLink,
        EnquireLinkResp,
        Unbind,
        UnbindResp,
        GenericNack,
        AlertNotification,
        Outbind,
        BindReceiver,
        BindReceiverResp,
        BindTransmitter,
        BindTransmitterResp,
        BindTransceiver,
        BindTransceiverResp,
        SubmitSm,
        SubmitSmResp,
        DeliverSm,
        DeliverSmResp,
    )
}


def parse(frame: bytes) -> Pdu:
    """One whole frame, as `Deframer` cuts them, to its PDU. PduError if it is unknown or malformed."""
    if len(frame) < MIN_FRAME_OCTETS:
        raise PduError("shorter than a header")
    length, command, status, sequence = _HEADER.unpack_from(frame)
    kind = _PDUS.get(command)
    if length != len(frame) or length > MAX_FRAME_OCTETS:
        raise PduError("command_length is not the frame's length", command, sequence)
    if kind is None:
        raise PduError(f"unknown command 0x{command:08X}", command, sequence, unknown=True)
    try:
        pdu = kind._read(frame[16:])
    except PduError as error:
        raise PduError(str(error), command, sequence) from None
    pdu.status = status
    pdu.sequence = sequence
    return pdu
