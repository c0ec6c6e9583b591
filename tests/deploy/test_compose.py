"""What the compose files promise of every container, and that they say nothing the product does not know."""

from __future__ import annotations

import re
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from deploy import healthcheck
from launcher.catalogue import SETTINGS
from launcher.parts import OF_THE_ACTIONS, OF_THE_SERVICE
from tests.deploy.compose_files import DEPLOY, FILES, parsed, services, variables, with_defaults
from tests.deploy.images import ROOT, stages

OURS = {"service": "service", "migrate": "service", "assistant": "assistant", "actions": "assistant"}
BETWEEN_THE_PARTS = {"ACTIONS_HOST", "ACTIONS_URL", "RASA_INTERFACE", "RASA_URL"}
OF_OTHERS = re.compile(r"POSTGRES_|GF_")
# What a person may set for the containers alone; the guide has a table of them.
FOR_CONTAINERS = {
    "GRAFANA_PASSWORD",
    "GRAFANA_PORT",
    "POSTGRES_PASSWORD",
    "RELEVO_ENTRANCE_NETWORK",
    "RELEVO_IMAGES",
    "RELEVO_PARTS_NETWORK",
    "RELEVO_PULL",
    "RELEVO_VERSION",
}
EVERY = [pytest.param(file, name, id=f"{file.stem}:{name}") for file in FILES for name in services(file)]
every_container = pytest.mark.parametrize(("file", "name"), EVERY)
every_file = pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)


def our_image(service: dict[str, Any]) -> str:
    """`service` or `assistant`, or nothing where the image is not ours."""
    found = re.fullmatch(r"\$\{RELEVO_IMAGES:-relevo\}/(\w+):\$\{RELEVO_VERSION:-local\}", service["image"])
    return found[1] if found else ""


@every_container
def test_it_is_confined(file: Path, name: str) -> None:
    service = services(file)[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"] and "cap_add" not in service and "privileged" not in service
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert re.fullmatch(r"[1-9]\d*:\d+", service["user"])
    assert float(service["cpus"]) > 0 and re.fullmatch(r"\d+[mg]", service["mem_limit"]) and service["pids_limit"] > 0
    assert "network_mode" not in service and not any("docker.sock" in str(each) for each in service.get("volumes", []))


@every_container
def test_it_says_whether_it_is_well_and_comes_back(file: Path, name: str) -> None:
    service = services(file)[name]
    if name == "migrate":
        assert (service["restart"], service["healthcheck"]) == ("no", {"disable": True})
        return
    assert service["restart"] == "unless-stopped"
    assert {"test", "interval", "timeout", "retries", "start_period"} == set(service["healthcheck"])
    assert int(service["stop_grace_period"].removesuffix("s")) > 15


@every_container
def test_its_image_has_a_version_and_is_ours_or_well_known(file: Path, name: str) -> None:
    service = services(file)[name]
    ours = our_image(service)
    if ours:
        image = stages(DEPLOY / f"{ours}.Dockerfile")[-1]
        assert service["user"] == image.last("USER")
        assert service["pull_policy"] == "${RELEVO_PULL:-never}"
        if name.startswith(ours):
            assert service["command"] == image.command
        if "build" in service:
            assert (DEPLOY / service["build"]["context"] / service["build"]["dockerfile"]).exists()
        return
    assert re.fullmatch(r"(haproxy|postgres|prom/prometheus|grafana/grafana):v?\d[\w.-]*", service["image"])


@every_container
def test_its_health_check_asks_a_route_that_exists(file: Path, name: str) -> None:
    service = services(file)[name]
    if our_image(service) and name != "migrate":
        asked = service["healthcheck"]["test"]
        assert asked[:4] == ["CMD", "python", "-m", "deploy.healthcheck"]
        assert asked[4] in healthcheck.PARTS and name.startswith(asked[4])


def test_the_health_check_of_each_part_asks_where_the_part_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PORT", "RASA_PORT", "RASA_INTERFACE", "ACTIONS_PORT", "ACTIONS_HOST", "DATABASE_URL", "BACKEND_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("RELEVO_SECRET", "s" * 32)
    written = {
        "service": ROOT / "handoff_service" / "health.py",
        "assistant": ROOT / "bot" / "door.py",
        "actions": ROOT / "actions" / "server.py",
    }
    asked = {name: part()[0] for name, part in healthcheck.PARTS.items()}
    assert asked == {
        "service": "http://127.0.0.1:8000/healthz",
        "assistant": "http://127.0.0.1:5005/webhooks/relevo/health",
        "actions": "http://127.0.0.1:5055/alive",
    }
    for name, url in asked.items():
        assert f'.get("/{url.rpartition("/")[2]}")' in written[name].read_text()


@every_file
def test_one_entrance_is_published_and_monitoring_on_this_machine_alone(file: Path) -> None:
    published = {name: service["ports"] for name, service in services(file).items() if "ports" in service}
    watching = {name for name, service in services(file).items() if service.get("profiles") == ["monitoring"]}
    assert watching == {"prometheus", "grafana"}
    entrance = {name: ports for name, ports in published.items() if name not in watching}
    assert list(entrance.values()) == [["${HOST:-127.0.0.1}:${PORT:-8000}:8000"]]
    assert set(entrance) <= {"service", "entrance"}
    assert {port.split(":")[0] for name in published.keys() & watching for port in published[name]} == {"127.0.0.1"}


@every_file
def test_what_must_not_be_reached_is_on_inner_networks_alone(file: Path) -> None:
    inner = {name for name, network in parsed(file)["networks"].items() if (network or {}).get("internal")}
    for name, service in services(file).items():
        networks = set(service["networks"])
        assert networks <= set(parsed(file)["networks"])
        if name.startswith(("assistant", "database", "migrate", "prometheus")):
            assert networks <= inner, name
        if name == "actions":
            assert networks - inner == {"outward"}
        if name.startswith("service"):
            assert networks - inner == {"entrance"}


@every_file
def test_the_parts_listen_on_the_network_in_which_they_are_called(file: Path) -> None:
    subnet = parsed(file)["networks"]["parts"]["ipam"]["config"][0]["subnet"]
    assert ip_network(with_defaults(subnet)).is_private
    for service in services(file).values():
        if our_image(service) == "assistant":
            said = service["environment"]
            assert said.get("RASA_INTERFACE", said.get("ACTIONS_HOST")) == subnet
            assert "parts" in service["networks"]
    entrance = parsed(file)["networks"]["entrance"]["ipam"]["config"][0]["subnet"]
    trusted = next(iter(s for n, s in services(file).items() if n.startswith("service")))["environment"]
    assert with_defaults(entrance) == with_defaults(trusted["FORWARDED_ALLOW_IPS"])


@every_container
def test_it_is_told_settings_that_exist_and_no_more_than_it_needs(file: Path, name: str) -> None:
    told = services(file)[name].get("environment", {})
    known = {setting.name for setting in SETTINGS} | BETWEEN_THE_PARTS
    assert {each for each in told if each not in known and not OF_OTHERS.match(each)} == set()
    if not name.startswith("service"):
        assert not set(told) & set(OF_THE_SERVICE)
    if name != "actions":
        assert not set(told) & set(OF_THE_ACTIONS)


def test_every_setting_of_a_person_reaches_the_part_it_is_for() -> None:
    for file in FILES:
        told = {each for service in services(file).values() for each in service.get("environment", {})}
        missing = {setting.name for setting in SETTINGS} - told
        assert missing <= {"DATABASE_URL"}


@every_file
def test_no_secret_stands_in_the_files_and_none_has_a_default(file: Path) -> None:
    secret = re.compile(r"SECRET|TOKEN|PASSWORD")
    for variable in variables(file):
        if secret.search(variable.name):
            assert variable.otherwise == "?" or not variable.words, variable
    for service in services(file).values():
        for key, value in service.get("environment", {}).items():
            if secret.search(key):
                assert re.fullmatch(r"\$\{[A-Z_]+(:[?-][^}]*)?\}", value), key


@every_file
def test_every_variable_is_a_setting_or_one_of_the_few_for_containers(file: Path) -> None:
    named = {variable.name for variable in variables(file)}
    assert named - {setting.name for setting in SETTINGS} <= FOR_CONTAINERS
    guide = (ROOT / "docs" / "guide-deployment.md").read_text()
    assert {each for each in FOR_CONTAINERS if f"| `{each}` |" not in guide} == set()


@every_file
def test_whatever_serves_waits_for_the_migration(file: Path) -> None:
    serving = {name: s for name, s in services(file).items() if our_image(s) == "service" and name != "migrate"}
    assert serving
    for service in serving.values():
        assert service["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
        migrate = services(file)["migrate"]
        assert service["environment"].get("DATABASE_URL") == migrate["environment"].get("DATABASE_URL")
        if "DATABASE_URL" not in migrate["environment"]:
            assert service["volumes"] == migrate["volumes"]


@every_file
def test_every_volume_config_and_mounted_file_exists(file: Path) -> None:
    for service in services(file).values():
        for volume in service.get("volumes", []):
            source, _, _ = volume.partition(":")
            assert (DEPLOY / source).exists() if source.startswith(".") else source in parsed(file)["volumes"], volume
        for config in service.get("configs", []):
            assert config["source"] in parsed(file)["configs"]
    for config in parsed(file)["configs"].values():
        assert (DEPLOY / with_defaults(config["file"])).exists()


def test_there_are_three_replicas_two_workers_and_a_balancer_that_knows_them() -> None:
    names = set(services(DEPLOY / "compose.replicas.yml"))
    for balancer, part, port in (("entrance", "service", 8000), ("assistant", "assistant", 5005)):
        text = (DEPLOY / "balancer" / f"{balancer}.cfg").read_text()
        known = dict(re.findall(r"^\s+server (\S+) (\S+)", text, re.MULTILINE))
        replicas = {name for name in names if re.fullmatch(rf"{part}-\d", name)}
        assert known == {name: f"{name}:{port}" for name in replicas}
        asked = re.search(r"http-check send meth GET uri (\S+)", text)
        assert asked and getattr(healthcheck, part) and asked[1] in ("/healthz", "/webhooks/relevo/health")
    assert {"service-3", "assistant-2"} <= names


def test_prometheus_finds_every_replica_and_the_rules() -> None:
    config = parsed(DEPLOY / "prometheus" / "prometheus.yml")
    assert config["scrape_configs"][0]["dns_sd_configs"][0]["names"] == ["service"]
    assert config["scrape_configs"][0]["job_name"] == "relevo"
    for name, service in services(DEPLOY / "compose.replicas.yml").items():
        if re.fullmatch(r"service-\d", name):
            assert service["networks"]["parts"] == {"aliases": ["service"]}
    mounted = services(DEPLOY / "compose.yml")["prometheus"]["volumes"]
    assert any(each.endswith(f":{config['rule_files'][0]}:ro") for each in mounted)


@pytest.mark.parametrize("name", ["entrance", "assistant"])
def test_a_balancer_may_open_as_many_files_as_its_connections_need(name: str) -> None:
    text = (DEPLOY / "balancer" / f"{name}.cfg").read_text()
    connections = int(re.findall(r"^\s+maxconn (\d+)", text, re.MULTILINE)[0])
    allowed = services(DEPLOY / "compose.replicas.yml")[name]["ulimits"]["nofile"]
    assert 2 * connections + 100 < allowed  # one to the customer, one to the replica; it refuses to start with fewer
