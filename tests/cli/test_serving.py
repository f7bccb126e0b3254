"""What `nokyc serve` and its parts refuse before anything is started: one line that says what to mend."""

from pathlib import Path

import pytest

from cli.conftest import Installation


@pytest.mark.parametrize("part", ["serve", "api"])
def test_a_certificate_needs_its_key(platform: Installation, part: str, tmp_path: Path) -> None:
    done = platform.run(part, f"--tls-cert={tmp_path}/chain.pem")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "--tls-key" in done.stderr


def test_a_certificate_that_cannot_be_read_is_named(platform: Installation, tmp_path: Path) -> None:
    chain, key = tmp_path / "chain.pem", tmp_path / "key.pem"
    assert refusal(platform, "serve", f"--tls-cert={chain}", f"--tls-key={key}").startswith(f"nokyc: {chain}: No such")
    for path in (chain, key):
        path.write_text("no certificate")
    assert str(chain) in refusal(platform, "serve", f"--tls-cert={chain}", f"--tls-key={key}")
    sip = {"NOKYC_SIP_TLS_CERT": str(chain), "NOKYC_SIP_TLS_KEY": str(key)}
    assert str(chain) in refusal(platform, "serve", **sip)


@pytest.mark.parametrize(
    ("name", "value"), [("NOKYC_FILES", "gs://bucket"), ("PORT", "99999"), ("PUBLIC_URL", "sms.example.com")]
)
def test_a_setting_that_makes_no_sense_is_named(platform: Installation, name: str, value: str) -> None:
    assert name in refusal(platform, "serve", **{name: value})


def test_a_voice_process_says_where_it_cannot_listen(platform: Installation) -> None:
    elsewhere = {"DATABASE_URL": platform.dsn, "NOKYC_SIP_HOST": "203.0.113.1"}
    assert "203.0.113.1" in refusal(platform, "voice", **elsewhere).splitlines()[-1]


def refusal(platform: Installation, *arguments: str, **environment: str) -> str:
    done = platform.run(*arguments, **environment)
    assert (done.returncode, done.stdout) == (1, ""), done
    assert "Traceback" not in done.stderr
    return done.stderr
