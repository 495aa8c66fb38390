"""Production as files: no container engine is needed to see that the roles, checks and secrets are in order."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.test import Client

from config import roles
from config.settings.variables import VARIABLES

ROOT = Path(__file__).resolve().parent.parent.parent
OURS = ("migrate", "web", "live", "worker", "messages", "bulk", "beat")
SECRETS = {variable.name for variable in VARIABLES.values() if variable.secret}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return found


def test_every_role_is_there_and_its_command_exists(compose: dict[str, Any]) -> None:
    assert set(compose["services"]) == {*OURS, "postgres", "redis", "proxy"}
    for name in OURS:
        assert roles.command_for(compose["services"][name]["command"])


def test_every_lane_has_a_worker(compose: dict[str, Any]) -> None:
    served = [lane for name in ("worker", "messages", "bulk") for lane in compose["services"][name]["command"][1:]]

    assert sorted(served) == sorted(roles.LANES)


def test_every_lasting_service_has_a_health_check_and_comes_back(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        if name != "migrate":
            assert service["healthcheck"]["test"], name
            assert service["restart"] == "unless-stopped", name


@pytest.mark.django_db(transaction=True)
def test_web_is_asked_for_its_health_in_a_way_it_answers(
    compose: dict[str, Any], client: Client, settings: Any
) -> None:
    settings.DEBUG, settings.ALLOWED_HOSTS, settings.SECURE_SSL_REDIRECT = False, ["comanda.example"], True
    probe = compose["services"]["web"]["healthcheck"]["test"]
    asked = re.search(r"urlopen\('http://([^/]+)(/\w+)'", probe[-1])

    assert asked is not None
    assert client.get(asked[2], headers={"host": asked[1]}).status_code == 200


def test_no_secret_has_a_default(compose: dict[str, Any]) -> None:
    environment = compose["services"]["web"]["environment"]

    for name in ("SECRET_KEY", "FIELD_ENCRYPTION_KEYS", "ALLOWED_HOSTS"):
        assert environment[name].startswith(f"${{{name}:?"), name
    for name in SECRETS & set(environment):
        literal = re.sub(r"\$\{[A-Z_]+(:\?[^}]*|:-)?\}", "", environment[name])
        assert not re.search(r":[^/:@]+@", literal), name


def test_every_variable_it_sets_is_one_we_read(compose: dict[str, Any]) -> None:
    assert set(compose["services"]["web"]["environment"]) <= set(VARIABLES)


def test_every_required_setting_is_set(compose: dict[str, Any]) -> None:
    required = {variable.name for variable in VARIABLES.values() if variable.required}

    assert required <= set(compose["services"]["web"]["environment"])


def test_only_named_volumes_are_used(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source in compose["volumes"] or (ROOT / source).exists(), volume


def test_the_proxy_sends_sockets_to_live_and_the_rest_to_web() -> None:
    caddy = (ROOT / "ops" / "Caddyfile").read_text()

    assert re.search(r"handle /ws/\* \{\s+reverse_proxy live:8001", caddy)
    assert "reverse_proxy web:8000" in caddy


def test_the_image_runs_as_nobody_special_and_copies_nothing_secret() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()

    assert "USER comanda" in dockerfile.rpartition("FROM")[2]
    assert "COPY . " not in dockerfile
    assert (ROOT / ".dockerignore").read_text().startswith("*\n")


def test_an_unknown_role_or_lane_is_refused() -> None:
    for words in ([], ["nonsense"], ["worker", "nonsense"]):
        with pytest.raises(SystemExit):
            roles.command_for(words)
