"""Sends what a scanner or an attacker would, as fast as it is told to, from an address that is nobody's.

python tests/voice/flood.py PORT SECONDS PER_SEC
"""

import socket
import sys
import time
from random import Random

STRANGER = "127.0.0.2"
"""Loopback, but no trunk's."""
DEVICE = "num_{:012x}"


def messages(random: Random) -> list[bytes]:
    """One of each kind: calls and registrations of strangers, some under names as ours are, and broken ones."""
    token = f"{random.getrandbits(64):x}"
    whole = []
    for method, user in (("INVITE", "100"), ("INVITE", "device"), ("REGISTER", "device"), ("OPTIONS", "probe")):
        name = DEVICE.format(random.getrandbits(48)) if user == "device" else user
        whole.append(
            f"{method} sip:+33612345678@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP {STRANGER}:5060;branch=z9hG4bK{token}\r\n"
            f"From: <sip:{name}@127.0.0.1>;tag={token}\r\nTo: <sip:+33612345678@127.0.0.1>\r\n"
            f"Call-ID: {token}{method}\r\nCSeq: 1 {method}\r\nContact: <sip:{name}@{STRANGER}:5060>\r\n"
            "Max-Forwards: 70\r\nContent-Length: 0\r\n\r\n"
        )
    cut = whole[0][: random.randrange(20, 200)]
    return [*(text.encode() for text in whole), cut.encode(), random.randbytes(200), b"INVITE sip:x SIP/2.0\r\n\r\n"]


def main() -> None:
    port, seconds, per_sec = int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])
    random = Random(1)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sending:
        sending.bind((STRANGER, 0))
        began, sent = time.monotonic(), 0
        while (passed := time.monotonic() - began) < seconds:
            while sent < passed * per_sec:
                for message in messages(random):
                    sending.sendto(message, ("127.0.0.1", port))
                    sent += 1
            time.sleep(0.002)


if __name__ == "__main__":
    main()
