"""How many recorded calls one process carries: RTP over loopback against far ends in another process.

    python bench/voice_media.py [--calls 200,400,600] [--seconds 20] [--bridged] [--first] [--asyncio]

A plain call is one leg that is heard, recorded on both sides, and given back its own voice. A bridged call is two
legs that hear each other, recorded. Worst gap is the longest time between two packets of a call as its far end gets
them; delay is from a far end's mouth to a far end's ear, through our jitter buffer.
"""

import argparse
import asyncio
import gc
import json
import os
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path

import uvloop

from nokyc_voice.media.recorder import StereoRecorder
from nokyc_voice.media.rtp_leg import Audio, RtpLeg
from nokyc_voice.media.sources import join
from nokyc_voice.media.spool import Spool
from nokyc_voice.media.ticker import Ticker

FAR_END = Path(__file__).with_name("voice_far_end.py")
TARGET_GAP_MS, TARGET_DELAY_MS = 60, 60


async def measure(calls: int, seconds: float, *, bridged: bool) -> dict[str, float]:
    """One run; the figures as they are printed."""
    legs_each = 2 if bridged else 1
    far = await asyncio.create_subprocess_exec(
        sys.executable, str(FAR_END), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=1 << 24
    )
    assert far.stdin is not None
    assert far.stdout is not None
    far.stdin.write(json.dumps({"count": calls * legs_each, "seconds": seconds, "bridged": bridged}).encode() + b"\n")
    ports = json.loads(await far.stdout.readline())
    ticker, spool = Ticker(), Spool()
    audio = Audio(host="127.0.0.1", ports=range(20_000, 30_000), ticker=ticker)
    legs = [audio.answering(offer(port), codecs=("PCMU",))[0] for port in ports]
    with tempfile.TemporaryDirectory() as folder:
        recorders: list[StereoRecorder] = []
        for number, leg in enumerate(legs[::legs_each]):
            recorders.append(StereoRecorder(leg, Path(folder) / f"{number}.wav", spool))
        for number in range(0, len(legs), legs_each):
            join(legs[number], legs[number + legs_each - 1])
        gc.collect()
        gc.freeze()
        running = asyncio.create_task(ticker.run())
        far.stdin.write(json.dumps([leg.port for leg in legs]).encode() + b"\n")
        started, cpu = time.monotonic(), time.process_time()
        told = json.loads(await far.stdout.readline())
        wall, used = time.monotonic() - started, time.process_time() - cpu
        running.cancel()
        lengths = [await recorder.finish() for recorder in recorders]
        figures = {
            "calls": calls,
            "legs": len(legs),
            "cpu_percent": 100 * used / wall,
            "cpu_percent_per_call": 100 * used / wall / calls,
            "sent_to_us": told["sent"],
            "lost_to_us": sum(leg.quality().packets_lost for leg in legs) + told["sent"] - received(legs),
            "lost_from_us": told["lost"],
            "unsent": sum(leg.counters()["unsent"] for leg in legs),
            "concealed_ms": sum(leg.quality().concealed_ms for leg in legs),
            "worst_gap_ms": max(told["gaps_ms"]),
            "median_worst_gap_ms": statistics.median(told["gaps_ms"]),
            "ticker_gap_ms": ticker.worst_gap_ms,
            "far_end_late_ms": told["late_ms"],
            "delay_p50_ms": told["delays_ms"][len(told["delays_ms"]) // 2],
            "delay_max_ms": told["delays_ms"][-1],
            "recorded_sec": sum(lengths) / 1_000,
            "frames_not_recorded": sum(recorder.dropped_frames for recorder in recorders),
            "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024,
        }
        audio.close()
        spool.close()
    await far.wait()
    return figures


def received(legs: list[RtpLeg]) -> int:
    return sum(leg.quality().packets_received for leg in legs)


def offer(port: int) -> bytes:
    return f"v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio {port} RTP/AVP 0\r\n".encode()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--calls", default="200,400,600")
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--bridged", action="store_true")
    parser.add_argument("--first", action="store_true", help="ask the kernel to let us go first (SCHED_RR; root may)")
    parser.add_argument("--asyncio", action="store_true", help="the loop of the standard library in place of uvloop")
    given = parser.parse_args()
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit[1], limit[1]))
    if given.first:
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(10))
    run = asyncio.run if given.asyncio else uvloop.run
    for calls in map(int, given.calls.split(",")):
        figures = run(measure(calls, given.seconds, bridged=given.bridged))
        good = (
            figures["lost_to_us"] == figures["lost_from_us"] == 0
            and figures["worst_gap_ms"] <= TARGET_GAP_MS
            and figures["delay_max_ms"] <= TARGET_DELAY_MS
        )
        print(f"{'bridged' if given.bridged else 'plain'}: {'within' if good else 'beyond'} the targets")
        for name, value in figures.items():
            print(f"  {name:22} {value:,.2f}".rstrip("0").rstrip("."))


if __name__ == "__main__":
    main()
