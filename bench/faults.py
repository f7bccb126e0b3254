"""This platform, Kannel and Jasmin when something breaks: what is lost, told or sent twice, and for how long it stands.

    .venv/bin/python bench/faults.py [--per-sec 100] [--only ours,kannel,jasmin,kannel-files]

A steady offer of messages; in its middle the gateway is killed (kill -9, and started again at once) while receipts are
outstanding, the SMSC drops the link, or it goes half-open (takes bytes and connections, says nothing) for a while.
Under throttling it takes 100 a second of the 200 offered, and answers ESME_RTHROTTLED to the rest.
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass

from endings import end_in_order
from gateways.fleet import GATEWAYS, running, settle
from gateways.gateway import WINDOW, Gateway
from gateways.load import Generator, Sent
from gateways.smsc import Seen, SmscProcess
from report import describe_machine, keep

BEFORE_SEC, AFTER_SEC = 4.0, 10.0
RECEIPT_AFTER_SEC = 2.0
HALF_OPEN_SEC = 30.0
PATIENCE_SEC = 100.0
QUIET_SEC = 75.0
"""Longer than any lease or timer of the three after which something may still move."""
THROTTLED_SEC, ALLOWED, OFFERED = 20.0, 100.0, 200.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one fault did to one gateway."""

    accepted: int
    lost: int
    """Accepted, and never at the SMSC."""
    untold: int
    """At the SMSC, which told of the delivery, but the customer was never told."""
    duplicated: int
    """Submissions that the SMSC took beyond one for each message."""
    gap_sec: float
    """From the fault (half-open: from its end) to the next submission that the SMSC took."""
    caught_up_sec: float
    """From there to the last submission of a message that was accepted before it."""
    charged_twice: int | None


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--per-sec", type=float, default=100.0, help="messages offered, but under throttling")
    options.add_argument("--only", default=",".join(GATEWAYS), help="gateways, by comma")
    options.add_argument("--faults", default="kill,drop,half-open,throttle", help="which, by comma")
    chosen = options.parse_args()
    end_in_order()
    smsc, generator = SmscProcess(), Generator()
    faults = chosen.faults.split(",")
    rows, rates = [], []
    try:
        for name in chosen.only.split(","):
            for fault in faults:
                if fault == "throttle":
                    rates.append(throttle(name, smsc, generator))
                    print(rates[-1], flush=True)
                else:
                    outcome = suffer(name, fault, smsc, generator, chosen.per_sec)
                    rows.append(row(name, fault, outcome))
                    print(rows[-1], flush=True)
    finally:
        generator.stop()
        smsc.stop()
    head = ["| | Fault | Accepted | Lost | Untold | Duplicates | Gap s | Caught up s | Charged twice |"]
    head.append("|---|---|" + "---:|" * 7)
    second = ["", f"Under throttling ({ALLOWED:.0f}/s allowed, {OFFERED:.0f}/s offered for {THROTTLED_SEC:.0f} s):", ""]
    second += ["| | Accepted/s | Taken by the SMSC/s | of what it allows | Throttled |", "|---|---:|---:|---:|---:|"]
    about = f"{describe_machine()}\nWindow {WINDOW}; {chosen.per_sec:.0f}/s offered; receipts {RECEIPT_AFTER_SEC} s on."
    keep("faults", "SMS gateways under faults", about, [*head, *rows, *second, *rates])


def suffer(name: str, fault: str, smsc: SmscProcess, generator: Generator, per_sec: float) -> Outcome:
    """One fault in the middle of a steady offer."""
    with running(name, smsc, generator) as (gateway, target):
        smsc.behave(receipt_after_sec=RECEIPT_AFTER_SEC)
        breaks: dict[str, Callable[[], float]] = {
            "kill": lambda: _kill(gateway),
            "drop": lambda: _drop(smsc),
            "half-open": lambda: _half_open(smsc),
        }
        last = AFTER_SEC + (HALF_OPEN_SEC if fault == "half-open" else 0)
        generator.begin(target, BEFORE_SEC + last, per_sec=per_sec)
        time.sleep(BEFORE_SEC)
        broken_at = time.monotonic()
        healed_at = breaks[fault]()
        sent = generator.end()
        settle(smsc, len(sent.taken), PATIENCE_SEC, QUIET_SEC)
        charged = gateway.charged_twice()
        return judge(sent, smsc.seen(), broken_at, healed_at, charged)


def judge(sent: Sent, seen: Seen, broken_at: float, healed_at: float, charged: int | None) -> Outcome:
    """Hold what was promised against what arrived."""
    after = sorted(at for each in seen.accepted.values() for at in each if at > healed_at)
    before = [token for token in sent.taken if sent.begun[token] < broken_at]
    arrived = [max(seen.accepted[token]) for token in before if token in seen.accepted]
    return Outcome(
        accepted=len(sent.taken),
        lost=sum(token not in seen.accepted for token in sent.taken),
        untold=sum(token in seen.accepted and token not in seen.told for token in sent.taken),
        duplicated=sum(len(each) - 1 for each in seen.accepted.values()),
        gap_sec=after[0] - healed_at if after else float("inf"),
        caught_up_sec=max(0.0, max(arrived, default=healed_at) - healed_at),
        charged_twice=charged,
    )


def throttle(name: str, smsc: SmscProcess, generator: Generator) -> str:
    """A row of the second table."""
    with running(name, smsc, generator) as (_, target):
        smsc.behave(allowed_per_sec=ALLOWED)
        began = time.monotonic()
        sent = generator.run(target, THROTTLED_SEC, per_sec=OFFERED)
        seen = smsc.seen()
        taken = sum(at < began + THROTTLED_SEC for each in seen.accepted.values() for at in each) / THROTTLED_SEC
        return (
            f"| {GATEWAYS[name].name} | {sent.per_sec:.0f} | {taken:.1f} | {taken / ALLOWED:.2f} | {seen.throttled:,} |"
        )


def row(name: str, fault: str, outcome: Outcome) -> str:
    charged = "keeps no money" if outcome.charged_twice is None else str(outcome.charged_twice)
    return (
        f"| {GATEWAYS[name].name} | {fault} | {outcome.accepted:,} | {outcome.lost} | {outcome.untold} |"
        f" {outcome.duplicated} | {outcome.gap_sec:.1f} | {outcome.caught_up_sec:.1f} | {charged} |"
    )


def _kill(gateway: Gateway) -> float:
    gateway.kill()
    killed_at = time.monotonic()
    gateway.restart()
    return killed_at


def _drop(smsc: SmscProcess) -> float:
    smsc.drop()
    return time.monotonic()


def _half_open(smsc: SmscProcess) -> float:
    smsc.behave(mute=True)
    time.sleep(HALF_OPEN_SEC)
    smsc.behave(mute=False)
    return time.monotonic()


if __name__ == "__main__":
    main()
