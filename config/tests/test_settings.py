"""Settings: development needs nothing, production refuses to start half-configured and says what is missing."""

import os
import subprocess
import sys

import pytest

from config.settings.variables import VARIABLES
from tools.check import DEPLOY

PRINT = "import django; from django.conf import settings; django.setup(); print({})"
CLEAN = {name: value for name, value in os.environ.items() if name not in VARIABLES}


def run(expression: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Read the settings in a process of their own."""
    return subprocess.run(
        [sys.executable, "-c", PRINT.format(expression)],
        env={**CLEAN, "DJANGO_SETTINGS_MODULE": "config.settings", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_development_starts_with_nothing_set() -> None:
    done = run("settings.DEBUG, settings.PRODUCTION, settings.EMBEDDED_POSTGRES, len(settings.SECRET_KEY) > 50")

    assert done.stdout.strip() == "True False True True", done.stderr


def test_production_starts_with_what_it_needs() -> None:
    done = run(
        "settings.DEBUG, settings.PRODUCTION, settings.SECURE_SSL_REDIRECT, settings.EMBEDDED_POSTGRES", **DEPLOY
    )

    assert done.stdout.strip() == "False True True False", done.stderr


@pytest.mark.parametrize("name", [variable.name for variable in VARIABLES.values() if variable.required])
def test_production_refuses_to_start_without(name: str) -> None:
    environment = {key: value for key, value in DEPLOY.items() if key != name}

    done = run("settings.DEBUG", **environment)

    assert done.returncode != 0
    assert f"{name} is not set" in done.stderr


def test_in_production_a_probe_is_answered_whatever_host_it_names() -> None:
    ask = "[client.get(path, HTTP_HOST='127.0.0.1:8000').status_code for path in ('/livez', '/readyz', '/robots.txt')]"
    done = run(f"(lambda client: {ask})(__import__('django.test').test.Client())", **DEPLOY)

    # Alive; not ready, because this production's database does not exist; and the site itself knows its host names.
    assert done.stdout.strip().splitlines()[-1] == "[200, 503, 400]", done.stderr


def test_a_database_url_alone_means_production() -> None:
    done = run("settings.DEBUG", DATABASE_URL="postgres://u:p@127.0.0.1:1/x")

    assert "is not set. In production it must be" in done.stderr


def test_a_value_of_the_wrong_kind_is_named() -> None:
    done = run("settings.DEBUG", PORT="eighty")

    assert "PORT is not a valid int" in done.stderr


def test_production_never_imports_the_embedded_servers() -> None:
    done = run("[name for name in __import__('sys').modules if 'embedded' in name or 'pgserver' in name]", **DEPLOY)

    assert done.stdout.strip() == "[]", done.stderr
