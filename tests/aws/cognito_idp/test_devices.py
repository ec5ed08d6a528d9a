"""Devices: confirming, reading, listing, remembering and forgetting them."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from idp.domain.device import Device as StoredDevice
from idp.domain.srp import N
from tests.aws.cognito_idp.device_users import (
    ALWAYS,
    ON_PROMPT,
    UNKNOWN_KEY,
    Device,
    a_device,
    a_tracking_pool,
    attributes_of,
    confirm,
    sign_in_on,
)
from tests.aws.cognito_idp.people import Pool, a_pool, claims_of, with_ann
from tests.fakes import START
from tests.sdk import refused

if TYPE_CHECKING:
    from idp.services import Services
    from tests.fakes import FakeClock

NAMED = {"DeviceKey": UNKNOWN_KEY}
UNKNOWN = "Device does not exist."
NOT_TRACKED = "Device tracking has not been configured in this User Pool"


@pytest.fixture
def pool(idp: Any) -> Pool:
    """A pool that remembers devices always, and Ann."""
    return a_tracking_pool(idp)


@pytest.fixture
def device(pool: Pool) -> Device:
    """A confirmed device of Ann's."""
    return a_device(pool)


def encoded(number: int) -> str:
    return base64.b64encode(number.to_bytes(400)).decode()


# Keys


def test_a_sign_in_without_a_device_gives_the_keys_of_a_new_one(pool: Pool) -> None:
    tokens = pool.tokens()
    new = tokens["NewDeviceMetadata"]

    assert new["DeviceKey"].startswith("us-east-1_")
    assert len(new["DeviceKey"]) == len(UNKNOWN_KEY)
    assert len(new["DeviceGroupKey"]) == 9
    assert new["DeviceGroupKey"].startswith("-")
    assert claims_of(tokens["AccessToken"])["device_key"] == new["DeviceKey"]


def test_each_sign_in_gives_another_device_of_the_same_group(pool: Pool) -> None:
    first, second = (pool.tokens()["NewDeviceMetadata"] for _ in range(2))

    assert first["DeviceKey"] != second["DeviceKey"]
    assert first["DeviceGroupKey"] == second["DeviceGroupKey"]


def test_users_have_different_groups(pool: Pool) -> None:
    pool.sign_up("bob")
    ann, bob = (pool.tokens(name)["NewDeviceMetadata"]["DeviceGroupKey"] for name in ("ann", "bob"))

    assert ann != bob


@pytest.mark.parametrize("configuration", [{}, {"DeviceConfiguration": {}}])
def test_a_pool_that_tracks_none_gives_none(idp: Any, configuration: Any) -> None:
    tokens = with_ann(a_pool(idp, settings=configuration)).tokens()

    assert "NewDeviceMetadata" not in tokens
    assert "device_key" not in claims_of(tokens["AccessToken"])


def test_a_sign_in_on_a_known_device_gives_no_new_one(pool: Pool, device: Device) -> None:
    tokens = sign_in_on(pool, device.key)["AuthenticationResult"]

    assert "NewDeviceMetadata" not in tokens
    assert claims_of(tokens["AccessToken"])["device_key"] == device.key


# Confirming


@pytest.mark.parametrize(
    ("tracking", "must_ask", "status"), [(ALWAYS, False, "remembered"), (ON_PROMPT, True, "not_remembered")]
)
def test_a_confirmed_device_is_remembered_at_once_or_when_its_user_says_so(
    idp: Any, tracking: Any, must_ask: bool, status: str
) -> None:
    pool = a_tracking_pool(idp, tracking)
    tokens = pool.tokens()
    key = tokens["NewDeviceMetadata"]["DeviceKey"]
    answer = idp.confirm_device(AccessToken=tokens["AccessToken"], DeviceKey=key)
    shown = idp.get_device(AccessToken=tokens["AccessToken"], DeviceKey=key)["Device"]

    assert answer["UserConfirmationNecessary"] is must_ask
    assert attributes_of(shown)["dev:device_remembered_status"] == status


def test_a_device_is_shown_with_its_attributes(pool: Pool, device: Device) -> None:
    shown = pool.idp.get_device(AccessToken=device.tokens["AccessToken"], DeviceKey=device.key)["Device"]
    owner = f"ann.{pool.pool_id}"

    assert shown["DeviceKey"] == device.key
    assert attributes_of(shown) == {
        "device_status": "valid",
        "device_name": "laptop",
        "last_ip_used": "127.0.0.1",
        "dev:device_arn": f"arn:aws:cognito-idp:us-east-1:000000000000:owner/{owner}/device/{device.key}",
        "dev:device_owner": owner,
        "dev:device_remembered_status": "remembered",
        "dev:device_sdk": "aws-sdk",
    }
    assert {
        shown["DeviceCreateDate"].timestamp(),
        shown["DeviceLastModifiedDate"].timestamp(),
        shown["DeviceLastAuthenticatedDate"].timestamp(),
    } == {START.timestamp()}


def test_an_administrator_sees_the_same(pool: Pool, device: Device) -> None:
    own = pool.idp.get_device(AccessToken=device.tokens["AccessToken"], DeviceKey=device.key)["Device"]
    shown = pool.idp.admin_get_device(UserPoolId=pool.pool_id, Username="ann", DeviceKey=device.key)["Device"]

    assert shown == own


def test_a_sign_in_on_a_device_is_noted(pool: Pool, device: Device, clock: FakeClock) -> None:
    clock.advance(timedelta(hours=1))
    sign_in_on(pool, device.key)
    shown = pool.idp.admin_get_device(UserPoolId=pool.pool_id, Username="ann", DeviceKey=device.key)["Device"]

    assert shown["DeviceLastAuthenticatedDate"] - shown["DeviceCreateDate"] == timedelta(hours=1)
    assert shown["DeviceLastModifiedDate"] == shown["DeviceCreateDate"]


def test_a_key_is_confirmed_by_the_token_it_came_with_alone(pool: Pool) -> None:
    first, second = pool.tokens(), pool.tokens()

    with refused("InvalidParameterException", "Invalid device key given."):
        confirm(pool, {**first, "AccessToken": second["AccessToken"]})


def test_a_key_that_was_not_given_out_is_refused(pool: Pool) -> None:
    with refused("InvalidParameterException", "Invalid device key given."):
        pool.idp.confirm_device(AccessToken=pool.tokens()["AccessToken"], DeviceKey=UNKNOWN_KEY)


def test_a_device_is_confirmed_once(pool: Pool, device: Device) -> None:
    with refused("DeviceKeyExistsException"):
        confirm(pool, device.tokens)


def test_a_refreshed_token_confirms_the_device_of_its_sign_in(pool: Pool) -> None:
    tokens = pool.tokens()
    refreshed = pool.refresh(tokens)
    device = confirm(pool, {**tokens, "AccessToken": refreshed["AccessToken"]})

    assert "NewDeviceMetadata" not in sign_in_on(pool, device.key)["AuthenticationResult"]


@pytest.mark.parametrize(
    "secret",
    [
        {"Salt": "AQ=="},
        {"PasswordVerifier": "AQID"},
        {"Salt": "AQ==", "PasswordVerifier": "not base64"},
        {"Salt": "é", "PasswordVerifier": "AQID"},
        {"Salt": "AA==", "PasswordVerifier": "AQID"},
        {"Salt": encoded(1 << 600), "PasswordVerifier": "AQID"},
        {"Salt": "AQ==", "PasswordVerifier": "AA=="},
        {"Salt": "AQ==", "PasswordVerifier": "AQ=="},
        {"Salt": "AQ==", "PasswordVerifier": base64.b64encode(N.to_bytes(385)).decode()},
        {"Salt": "AQ==", "PasswordVerifier": base64.b64encode((N - 1).to_bytes(385)).decode()},
        {"Salt": "AQ==", "PasswordVerifier": encoded(5)},
    ],
)
def test_a_secret_that_anybody_could_prove_is_refused(pool: Pool, secret: Any) -> None:
    tokens = pool.tokens()

    with refused("InvalidParameterException"):
        pool.idp.confirm_device(
            AccessToken=tokens["AccessToken"],
            DeviceKey=tokens["NewDeviceMetadata"]["DeviceKey"],
            DeviceSecretVerifierConfig=secret,
        )


# Listing


def test_devices_are_listed_in_pages(pool: Pool) -> None:
    devices = [a_device(pool) for _ in range(3)]
    token = devices[0].tokens["AccessToken"]
    first = pool.idp.list_devices(AccessToken=token, Limit=2)
    second = pool.idp.list_devices(AccessToken=token, Limit=2, PaginationToken=first["PaginationToken"])
    listed = [each["DeviceKey"] for page in (first, second) for each in page["Devices"]]

    assert len(first["Devices"]) == 2
    assert "PaginationToken" not in second
    assert sorted(listed) == sorted(each.key for each in devices)


def test_an_administrator_lists_the_same(pool: Pool, device: Device) -> None:
    own = pool.idp.list_devices(AccessToken=device.tokens["AccessToken"])["Devices"]
    listed = pool.idp.admin_list_devices(UserPoolId=pool.pool_id, Username="ann")["Devices"]

    assert [each["DeviceKey"] for each in listed] == [device.key]
    assert listed == own


def test_a_page_token_of_one_user_is_not_anothers(pool: Pool) -> None:
    a_device(pool)
    a_device(pool)
    pool.sign_up("bob")
    page = pool.idp.admin_list_devices(UserPoolId=pool.pool_id, Username="ann", Limit=1)

    with refused("InvalidParameterException", "Invalid pagination token"):
        pool.idp.admin_list_devices(UserPoolId=pool.pool_id, Username="bob", PaginationToken=page["PaginationToken"])


def test_a_user_without_devices_has_an_empty_list(pool: Pool) -> None:
    assert pool.idp.list_devices(AccessToken=pool.tokens()["AccessToken"])["Devices"] == []


# Remembering and forgetting


@pytest.mark.parametrize(("given", "status"), [("remembered", "remembered"), ("not_remembered", "not_remembered")])
def test_a_user_says_whether_a_device_is_remembered(
    pool: Pool, device: Device, clock: FakeClock, given: Any, status: str
) -> None:
    clock.advance(60)
    token = device.tokens["AccessToken"]
    pool.idp.update_device_status(AccessToken=token, DeviceKey=device.key, DeviceRememberedStatus=given)
    shown = pool.idp.get_device(AccessToken=token, DeviceKey=device.key)["Device"]

    assert attributes_of(shown)["dev:device_remembered_status"] == status
    assert shown["DeviceLastModifiedDate"] - shown["DeviceCreateDate"] == timedelta(minutes=1)


def test_an_administrator_says_so_too(pool: Pool, device: Device) -> None:
    named = {"UserPoolId": pool.pool_id, "Username": "ann", "DeviceKey": device.key}
    pool.idp.admin_update_device_status(**named, DeviceRememberedStatus="not_remembered")

    shown = attributes_of(pool.idp.admin_get_device(**named)["Device"])
    assert shown["dev:device_remembered_status"] == "not_remembered"


def test_a_status_that_is_left_out_changes_nothing(pool: Pool, device: Device) -> None:
    named = {"UserPoolId": pool.pool_id, "Username": "ann", "DeviceKey": device.key}
    pool.idp.admin_update_device_status(**named)

    assert attributes_of(pool.idp.admin_get_device(**named)["Device"])["dev:device_remembered_status"] == "remembered"


def test_a_forgotten_device_is_gone(pool: Pool, device: Device) -> None:
    token = device.tokens["AccessToken"]
    pool.idp.forget_device(AccessToken=token, DeviceKey=device.key)

    assert pool.idp.list_devices(AccessToken=token)["Devices"] == []
    with refused("ResourceNotFoundException", UNKNOWN):
        pool.idp.get_device(AccessToken=token, DeviceKey=device.key)
    with refused("ResourceNotFoundException", UNKNOWN):
        sign_in_on(pool, device.key)


def test_an_administrator_forgets_a_device(pool: Pool, device: Device) -> None:
    named = {"UserPoolId": pool.pool_id, "Username": "ann", "DeviceKey": device.key}
    pool.idp.admin_forget_device(**named)

    with refused("ResourceNotFoundException", UNKNOWN):
        pool.idp.admin_get_device(**named)


def test_a_deleted_users_devices_go_with_them(pool: Pool, device: Device) -> None:
    pool.idp.admin_delete_user(UserPoolId=pool.pool_id, Username="ann")
    pool.sign_up()

    with refused("ResourceNotFoundException", UNKNOWN):
        sign_in_on(pool, device.key)


# Refusals


@pytest.mark.parametrize("operation", ["get_device", "update_device_status", "forget_device"])
def test_another_users_device_does_not_exist(pool: Pool, device: Device, operation: str) -> None:
    pool.sign_up("bob")
    token = pool.tokens("bob")["AccessToken"]

    with refused("ResourceNotFoundException", UNKNOWN):
        getattr(pool.idp, operation)(AccessToken=token, DeviceKey=device.key)


@pytest.mark.parametrize("operation", ["admin_get_device", "admin_update_device_status", "admin_forget_device"])
def test_another_users_device_does_not_exist_for_an_administrator(pool: Pool, device: Device, operation: str) -> None:
    pool.sign_up("bob")

    with refused("ResourceNotFoundException", UNKNOWN):
        getattr(pool.idp, operation)(UserPoolId=pool.pool_id, Username="bob", DeviceKey=device.key)


@pytest.mark.parametrize(
    ("operation", "named", "code"),
    [
        ("admin_get_device", NAMED, "ResourceNotFoundException"),
        ("admin_update_device_status", NAMED, "UserNotFoundException"),
        ("admin_forget_device", NAMED, "UserNotFoundException"),
        ("admin_list_devices", {}, "ResourceNotFoundException"),
    ],
)
def test_nobody_has_no_devices(pool: Pool, operation: str, named: dict[str, str], code: str) -> None:
    with refused(code, "User does not exist."):
        getattr(pool.idp, operation)(UserPoolId=pool.pool_id, Username="nobody", **named)


@pytest.mark.parametrize(
    ("operation", "named"),
    [
        ("confirm_device", NAMED),
        ("get_device", NAMED),
        ("list_devices", {}),
        ("update_device_status", NAMED),
        ("forget_device", NAMED),
    ],
)
def test_a_pool_without_tracking_refuses_users(idp: Any, operation: str, named: dict[str, str]) -> None:
    token = with_ann(a_pool(idp)).tokens()["AccessToken"]

    with refused("InvalidUserPoolConfigurationException", NOT_TRACKED):
        getattr(idp, operation)(AccessToken=token, **named)


@pytest.mark.parametrize(
    ("operation", "named"),
    [
        ("admin_get_device", NAMED),
        ("admin_list_devices", {}),
        ("admin_update_device_status", NAMED),
        ("admin_forget_device", NAMED),
    ],
)
def test_a_pool_without_tracking_refuses_administrators(idp: Any, operation: str, named: dict[str, str]) -> None:
    pool = with_ann(a_pool(idp))

    with refused("InvalidUserPoolConfigurationException", NOT_TRACKED):
        getattr(idp, operation)(UserPoolId=pool.pool_id, Username="ann", **named)


@pytest.mark.parametrize("operation", ["get_device", "forget_device"])
def test_the_access_token_is_required_although_the_model_does_not_say_so(pool: Pool, operation: str) -> None:
    sentence = (
        "1 validation error detected: Value null at 'accessToken' failed to satisfy constraint: Member must not be null"
    )
    with refused("InvalidParameterException", sentence):
        getattr(pool.idp, operation)(DeviceKey=UNKNOWN_KEY)


@pytest.mark.parametrize(
    ("operation", "named"),
    [("get_device", NAMED), ("list_devices", {}), ("update_device_status", NAMED), ("forget_device", NAMED)],
)
def test_a_token_of_a_user_who_signed_out_is_refused(
    pool: Pool, device: Device, operation: str, named: dict[str, str]
) -> None:
    pool.idp.global_sign_out(AccessToken=device.tokens["AccessToken"])

    with refused("NotAuthorizedException", "Access Token has been revoked"):
        getattr(pool.idp, operation)(AccessToken=device.tokens["AccessToken"], **named)


def test_a_device_beyond_a_thousand_makes_the_one_unused_longest_forgotten(
    pool: Pool, device: Device, services: Services, clock: FakeClock
) -> None:
    fill_up(services, pool, 999)
    clock.advance(1)
    newest = a_device(pool)
    with refused("ResourceNotFoundException", UNKNOWN):
        pool.idp.admin_get_device(UserPoolId=pool.pool_id, Username="ann", DeviceKey=device.key)

    assert pool.idp.admin_get_device(UserPoolId=pool.pool_id, Username="ann", DeviceKey=newest.key)


def fill_up(services: Services, pool: Pool, count: int) -> None:
    """Let Ann have more devices, used a moment later than those she has."""
    then = START + timedelta(seconds=1)
    with services.unit_of_work() as work:
        ann = work.users.find_by_username(pool.pool_id, "ann")
        assert ann is not None
        for number in range(count):
            work.devices.add(
                StoredDevice(ann.id, f"us-east-1_{number}", None, True, None, then, then, then, "192.0.2.1")
            )
        work.commit()
