"""Settings come from the environment, whole and well-formed, or the server does not start."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from idp.outbound.master_key import MasterKeyRefused, load_or_create
from idp.settings import SettingsRefused, from_environment


def test_a_variable_that_is_no_setting_is_refused_by_name() -> None:
    with pytest.raises(SettingsRefused, match=r"^IDP_PROT is not a setting of idp"):
        from_environment({"IDP_PROT": "1"}, "serve")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("IDP_PORT", "many"),
        ("IDP_PORT", "-1"),
        ("IDP_PORT", "0"),
        ("IDP_PORT", "65536"),
        ("IDP_ACCOUNT", "12"),
        ("IDP_REGION", "nowhere"),
        ("IDP_WORKERS", "0"),
        ("IDP_THREADS", "0"),
        ("IDP_HASH_SLOTS", "0"),
        ("IDP_ARGON2_TIME", "0"),
        ("IDP_COMPROMISED_PASSWORDS", "nowhere.txt"),
        ("IDP_PUBLIC_URL", "example.com"),
        ("IDP_ANY_CREDENTIALS", "yes"),
        ("IDP_SQLITE_SYNCHRONOUS", "SOMETIMES"),
        ("IDP_ISSUER_TEMPLATE", "https://example.com"),
        ("IDP_ISSUER_TEMPLATE", "https://example.com/{pool_id}/{stage}"),
        ("IDP_ISSUER_TEMPLATE", "https://example.com/{pool_id}/{"),
    ],
)
def test_a_malformed_value_is_refused_with_a_sentence(name: str, value: str) -> None:
    with pytest.raises(SettingsRefused, match=f"^{name} is malformed: .*{value}"):
        from_environment({name: value}, "serve")


@pytest.mark.parametrize(
    ("name", "value"),
    [("IDP_DATABASE_URL", "mysql://idp:hunter2@db/idp"), ("IDP_SMTP_URL", "http://idp:hunter2@mail")],
)
def test_a_malformed_secret_is_refused_and_not_shown(name: str, value: str) -> None:
    with pytest.raises(SettingsRefused, match=f"^{name} is malformed: ") as refusal:
        from_environment({name: value}, "serve")
    assert "hunter2" not in str(refusal.value)


@pytest.mark.parametrize("name", ["IDP_ANY_CREDENTIALS", "IDP_OPEN_OUTBOX", "IDP_PYTHON_TRIGGERS", "IDP_DEV_DOORS"])
def test_serve_refuses_each_leniency_of_dev(name: str) -> None:
    with pytest.raises(SettingsRefused, match=f"^{name} is for idp dev; idp serve refuses it"):
        from_environment({name: "true"}, "serve")


def test_only_dev_lets_another_server_stand_in_for_social_providers() -> None:
    stand_in = {"IDP_SOCIAL_PROVIDERS_URL": "http://localhost:8000/"}

    assert from_environment({}, "dev").social_providers_url is None
    assert from_environment(stand_in, "dev").social_providers_url == "http://localhost:8000"
    with pytest.raises(SettingsRefused, match="IDP_SOCIAL_PROVIDERS_URL is for idp dev; idp serve refuses it"):
        from_environment(stand_in, "serve")


def test_dev_is_lenient_and_serve_is_not() -> None:
    assert from_environment({}, "dev").any_credentials
    assert not from_environment({}, "serve").any_credentials


def test_dev_can_be_made_strict() -> None:
    assert not from_environment({"IDP_ANY_CREDENTIALS": "false"}, "dev").any_credentials


def test_dev_listens_on_loopback_only() -> None:
    with pytest.raises(SettingsRefused, match="listens on loopback only"):
        from_environment({"IDP_HOST": "0.0.0.0"}, "dev")


def test_the_command_line_goes_before_the_environment() -> None:
    assert from_environment({"IDP_PORT": "1000"}, "serve", port=2000).port == 2000


def test_a_secret_setting_is_not_in_the_repr() -> None:
    settings = from_environment({"IDP_DATABASE_URL": "postgresql+psycopg://idp:hunter2@db/idp"}, "serve")
    assert "hunter2" not in repr(settings)


def test_the_issuer_may_take_the_form_of_aws() -> None:
    template = "https://cognito-idp.{region}.amazonaws.com/{pool_id}"
    settings = from_environment({"IDP_ISSUER_TEMPLATE": template}, "serve")
    assert settings.issuer("eu-west-1_abc") == "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_abc"


def test_the_master_key_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    key = load_or_create(tmp_path / "keys", "serve")
    assert load_or_create(tmp_path / "keys", "serve") == key
    assert (tmp_path / "keys" / "master.key").stat().st_mode & 0o777 == 0o600


def test_a_master_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    load_or_create(tmp_path, "serve")
    (tmp_path / "master.key").chmod(0o644)
    with pytest.raises(MasterKeyRefused, match="can be read by others"):
        load_or_create(tmp_path, "serve")


def test_serve_refuses_a_master_key_that_dev_made(tmp_path: Path) -> None:
    load_or_create(tmp_path, "dev")
    with pytest.raises(MasterKeyRefused, match="idp serve refuses development secrets"):
        load_or_create(tmp_path, "serve")


@pytest.mark.parametrize("content", ["", "idp-master-key-1 serve", "idp-master-key-1 serve !!!", "other serve AAAA"])
def test_a_damaged_master_key_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "master.key"
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(MasterKeyRefused):
        load_or_create(tmp_path, "serve")


def test_a_master_key_of_another_length_is_refused() -> None:
    from idp.outbound.master_key import from_text

    with pytest.raises(MasterKeyRefused, match="16 bytes; 32 are expected"):
        from_text(base64.b64encode(bytes(16)).decode())
