"""Has schemathesis look for requests that a whole server does not bear, as long as it is told to.

PYTHONPATH=tests python -m fuzz.api --minutes 15
"""

import argparse
import asyncio
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from contract.test_openapi import CHECKS, CONFIG
from nokyc.torture.load import Load
from nokyc.torture.platform import Platform

MANY = "100000"
NUMBER, HANDSET = "+33647180001", "+33612345678"


async def fuzz(folder: Path, minutes: float) -> int:
    """schemathesis' exit code, against `nokyc serve` in a folder of its own."""
    platform = Platform(folder)
    load = Load(platform.url, random.Random())
    try:
        await platform.start()
        account = (await platform.command("accounts", "create", "--balance", "1000000"))["account_id"]
        key = await platform.command(
            "keys", "create", account, "--mode", "test", "--scope", "admin", "--rate-limit", MANY
        )
        await platform.command("inventory", "add", NUMBER, "--country", "fr", "--type", "mobile")
        holder, _ = await load.activate(key["secret"])
        message = {"from": holder.number_id, "to": HANDSET, "body": "Hello"}
        known = {
            "numbers": holder.number_id,
            "sms": (await load.ask(holder.key, "POST", "/v1/sms", message))["id"],
            "calls": (await load.ask(holder.key, "POST", "/v1/calls", {"from": holder.number_id, "to": HANDSET}))["id"],
            "events": (await load.ask(holder.key, "GET", "/v1/events"))["data"][0]["id"],
        }
        config = folder / "schemathesis.toml"
        config.write_text("".join(CONFIG.format(noun=noun, id=object_id) for noun, object_id in known.items()))
        command = [
            sys.executable, "-m", "schemathesis.cli", "--config-file", str(config), "run",
            f"{platform.url}/openapi.json", "--url", platform.url, "--checks", CHECKS, "--no-color", "--workers", "2",
            "--max-examples", MANY, "--max-time", f"{minutes * 60:.0f}", "--phases", "fuzzing,stateful",
            "--header", f"Authorization: Bearer {holder.key}",
        ]  # fmt: skip
        done = await asyncio.to_thread(subprocess.run, command, cwd=folder, check=False)
        return done.returncode
    finally:
        await load.close()
        await platform.stop()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--minutes", type=float, default=15.0)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)  # PostgreSQL's own user has to get in
        sys.exit(asyncio.run(fuzz(Path(folder), given.minutes)))


if __name__ == "__main__":
    main()
