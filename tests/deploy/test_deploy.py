"""What `deploy/` holds is what it says: units, compose file and chart, looked at by programs that know their formats.

systemd is Debian's. The others come with `make lint-deploy` and are as large as the rest together, so that without them
their tests are skipped.
"""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from nokyc.cli import COMMANDS

HOST_PATH = "/opt/nokyc/bin/nokyc"
KUBERNETES = "1.30"
NEEDED = {
    "publicUrl": "https://sms.example.com",
    "secret": "nokyc",
    "tls": "nokyc-tls",
    "files": {"url": "s3://recordings/nokyc"},
}
EVERYTHING = NEEDED | {
    "voice": {"replicas": 2, "nodeSelector": {"calls": "yes"}},
    "files": {"url": "s3://recordings", "endpoint": "https://s3.example.com"},
    "settings": {"NOKYC_SMS_VALIDITY_SEC": 3600},
    "service": {"annotations": {"example.com/kind": "internal"}},
}


@pytest.fixture(scope="module")
def deploy(repository: Path) -> Path:
    return repository / "deploy"


@pytest.fixture(scope="module")
def settings(repository: Path) -> set[str]:
    """Every variable that operators are told of."""
    text = (repository / "docs" / "operating" / "settings.md").read_text("utf-8")
    return set(re.findall(r"`([A-Z][A-Z_]+)`", text))


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="Debian's package systemd")
def test_units(deploy: Path, tmp_path: Path) -> None:
    units = []
    for path in (deploy / "systemd").iterdir():
        text = path.read_text("utf-8")
        for command in re.findall(rf"{HOST_PATH} (\S+)", text):
            assert command in COMMANDS
        unit = tmp_path / path.name.replace("@.", "@1.")
        unit.write_text(text.replace(HOST_PATH, "/bin/true"))
        units.append(unit)
    assert len(units) >= 6
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", *units],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, [line for line in done.stderr.splitlines() if str(tmp_path) in line]) == (0, [])


def test_units_of_one_machine_share_its_files(deploy: Path) -> None:
    for path in (deploy / "systemd").glob("*.service"):
        lines = path.read_text("utf-8").splitlines()
        assert "Environment=DATA_DIR=/var/lib/nokyc" in lines, path.name
        assert any(line.split()[0] == "StateDirectory=nokyc" for line in lines if line), path.name


def test_compose_file(deploy: Path, settings: set[str]) -> None:
    text = (deploy / "compose" / "compose.yaml").read_text("utf-8")
    services = yaml.safe_load(text)["services"]
    ours = [service for service in services.values() if service["image"] == "nokyc:local"]
    assert len(ours) == 4
    for service in ours:
        assert service["command"][0] in COMMANDS
        assert set(service["environment"]) <= settings
    spec = pytest.importorskip("compose_spec")
    parsed = spec.PyOptions(apply_merge=True).from_yaml(text)
    parsed.validate()
    assert set(parsed.service_names()) == services.keys()


@pytest.mark.parametrize("values", [NEEDED, EVERYTHING], ids=["what is needed", "everything"])
def test_chart(deploy: Path, settings: set[str], values: dict[str, Any]) -> None:
    helm = pytest.importorskip("helm_python")
    kubernetes = pytest.importorskip("kubernetes_validate")
    report = helm.lint(deploy / "helm", values, strict=True)
    assert [message for message in report["messages"] if message["severity"] > 1] == report["errors"] == []
    with helm.Chart.load(deploy / "helm") as chart:
        rendered = chart.render(values, name="shop", namespace="sms")
    objects = [each for text in rendered.values() for each in yaml.safe_load_all(text) if each]
    for each in objects:
        kubernetes.validate(each, KUBERNETES, strict=True)
    kinds = sorted((each["kind"], each["metadata"]["name"]) for each in objects)
    parts = ["api", "worker", *(["voice"] if "voice" in values else [])]
    assert kinds == sorted(
        [("Job", "shop-migrate"), ("Service", "shop-api")]
        + [(kind, f"shop-{part}") for part in parts for kind in ("Deployment", "PodDisruptionBudget")]
    )
    for each in objects:
        if each["kind"] in ("Deployment", "Job"):
            (container,) = each["spec"]["template"]["spec"]["containers"]
            assert container["args"][0] in COMMANDS
            assert {variable["name"] for variable in container["env"]} <= settings


@pytest.mark.parametrize("missing", NEEDED)
def test_chart_says_what_it_needs(deploy: Path, missing: str) -> None:
    helm = pytest.importorskip("helm_python")
    values = {name: value for name, value in NEEDED.items() if name != missing}
    with helm.Chart.load(deploy / "helm") as chart, pytest.raises(helm.HelmRenderError, match=missing):
        chart.render(values, name="shop", namespace="sms")
