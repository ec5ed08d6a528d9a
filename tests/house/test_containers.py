"""The image and the composition with PostgreSQL are sound, and hold no secret."""

import re
import shutil
import subprocess
from typing import Any

import pytest
import yaml

from tests.house import project

SECRET = re.compile(r"\b\w*PASSWORD\s*[:=]\s*[^\s$]|://[^/\s:@$]+:[^/\s@$]+@")


def has_compose() -> bool:
    docker = shutil.which("docker")
    command = [docker or "docker", "compose", "version"]
    return docker is not None and subprocess.run(command, check=False, capture_output=True).returncode == 0


@pytest.fixture(scope="module")
def composition() -> Any:
    return yaml.safe_load(project.read("docker-compose.yml"))


@pytest.mark.skipif(not has_compose(), reason="docker compose is not here; its file is checked as YAML below")
def test_docker_compose_accepts_its_file() -> None:
    answer = subprocess.run(
        ["docker", "compose", "config", "--quiet"], cwd=project.ROOT, check=False, capture_output=True
    )
    assert (answer.returncode, answer.stderr.decode()) == (0, "")


def test_every_service_has_an_image_or_a_build(composition: Any) -> None:
    homeless = [name for name, service in composition["services"].items() if not {"image", "build"} & service.keys()]
    assert homeless == []


def test_every_dependency_is_a_service(composition: Any) -> None:
    services = composition["services"]
    needed = {name for service in services.values() for name in service.get("depends_on", {})}
    assert needed - services.keys() == set()


def test_every_named_volume_is_declared(composition: Any) -> None:
    mounts = {mount.split(":")[0] for service in composition["services"].values() for mount in service["volumes"]}
    assert mounts == composition["volumes"].keys()


def test_ports_are_published_on_the_loopback_address_alone(composition: Any) -> None:
    ports = [port for service in composition["services"].values() for port in service.get("ports", [])]
    assert ports != []
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []


def test_the_program_is_told_where_the_database_is(composition: Any) -> None:
    settings = composition["services"]["idp"]["environment"]
    assert settings["IDP_DATABASE_URL"].startswith("postgresql+psycopg://")
    assert settings["IDP_HOST"] == "0.0.0.0"


@pytest.mark.parametrize("file", ["docker-compose.yml", "Dockerfile"])
def test_no_password_is_written_down(file: str) -> None:
    assert SECRET.search(project.read(file)) is None


def test_the_image_runs_as_a_user_of_its_own_from_the_lock() -> None:
    image = project.read("Dockerfile")
    assert "--require-hashes -r requirements.lock" in image
    assert re.search(r"^USER (?!root\b|0\b)\S+", image, re.MULTILINE)
    assert re.search(r"^HEALTHCHECK .*\\\n.*/readyz", image, re.MULTILINE)
