"""Two secrets of one client: added, listed, both accepted at every door, and taken away."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.aws.cognito_idp.people import Pool, a_client_of, a_pool, with_ann
from tests.sdk import refused

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from idp.services import Services
    from tests.fakes import FakeClock

OWN = "an+own+secret+of+thirty+signs"
M2M: dict[str, Any] = {
    "GenerateSecret": True,
    "AllowedOAuthFlowsUserPoolClient": True,
    "AllowedOAuthFlows": ["client_credentials"],
    "AllowedOAuthScopes": ["pets/read"],
}


@pytest.fixture
def pool(idp: Any) -> Pool:
    """A pool whose client has one secret, and Ann."""
    return with_ann(a_pool(idp, GenerateSecret=True))


def add(pool: Pool, **given: Any) -> Any:
    made = pool.idp.add_user_pool_client_secret(UserPoolId=pool.pool_id, ClientId=pool.client_id, **given)
    return made["ClientSecretDescriptor"]


def listed(pool: Pool) -> list[Any]:
    answer = pool.idp.list_user_pool_client_secrets(UserPoolId=pool.pool_id, ClientId=pool.client_id)
    secrets: list[Any] = answer["ClientSecrets"]
    return secrets


def delete(pool: Pool, secret_id: str) -> None:
    pool.idp.delete_user_pool_client_secret(UserPoolId=pool.pool_id, ClientId=pool.client_id, ClientSecretId=secret_id)


def with_secret(pool: Pool, secret: str) -> Pool:
    return replace(pool, client_secret=secret)


def test_a_generated_secret_is_shown_once(pool: Pool, clock: FakeClock) -> None:
    clock.advance(60)
    added = add(pool)

    assert len(added["ClientSecretValue"]) == 52
    assert added["ClientSecretId"] == f"{pool.client_id}--{int(clock.now().timestamp())}"
    assert added["ClientSecretCreateDate"] == clock.now()
    assert [sorted(secret) for secret in listed(pool)] == [["ClientSecretCreateDate", "ClientSecretId"]] * 2
    assert listed(pool)[1]["ClientSecretId"] == added["ClientSecretId"]


def test_a_secret_of_ones_own_is_not_shown_at_all(pool: Pool) -> None:
    assert sorted(add(pool, ClientSecret=OWN)) == ["ClientSecretCreateDate", "ClientSecretId"]


def test_two_secrets_of_the_same_second_have_two_ids(pool: Pool) -> None:
    add(pool)

    assert len({secret["ClientSecretId"] for secret in listed(pool)}) == 2


def test_either_secret_makes_a_secret_hash(pool: Pool, real_time: None) -> None:
    second = with_secret(pool, add(pool)["ClientSecretValue"])

    assert pool.tokens()
    assert second.tokens()
    assert second.srp().answer()["AuthenticationResult"]


def test_either_secret_refreshes_and_revokes(pool: Pool) -> None:
    second, token = add(pool)["ClientSecretValue"], pool.tokens()["RefreshToken"]

    for secret in (pool.client_secret, second):
        assert pool.idp.get_tokens_from_refresh_token(ClientId=pool.client_id, RefreshToken=token, ClientSecret=secret)
        pool.idp.revoke_token(ClientId=pool.client_id, Token="unknown", ClientSecret=secret)


def test_either_secret_opens_the_token_endpoint_until_it_is_deleted(idp: Any, web: FlaskClient) -> None:
    pool = a_pool(idp)
    idp.create_resource_server(
        UserPoolId=pool.pool_id,
        Identifier="pets",
        Name="pets",
        Scopes=[{"ScopeName": "read", "ScopeDescription": "see them"}],
    )
    idp.create_user_pool_domain(UserPoolId=pool.pool_id, Domain="people")
    machine = a_client_of(idp, pool.pool_id, **M2M)
    second = add(machine)["ClientSecretValue"]

    assert [_status(web, machine, secret) for secret in (machine.client_secret, second, "x" * 52)] == [200, 200, 400]
    delete(machine, listed(machine)[0]["ClientSecretId"])
    assert [_status(web, machine, secret) for secret in (machine.client_secret, second)] == [400, 200]


def _status(web: FlaskClient, machine: Pool, secret: str | None) -> int:
    form = {"grant_type": "client_credentials", "client_id": machine.client_id, "client_secret": secret}
    return web.post("/_domain/people/oauth2/token", data=form).status_code


def test_a_deleted_secret_is_good_no_more(pool: Pool) -> None:
    second = with_secret(pool, add(pool)["ClientSecretValue"])
    delete(pool, listed(pool)[0]["ClientSecretId"])
    with refused("NotAuthorizedException", f"Unable to verify secret hash for client {pool.client_id}"):
        pool.sign_in()

    assert second.tokens()
    described = pool.idp.describe_user_pool_client(UserPoolId=pool.pool_id, ClientId=pool.client_id)
    assert described["UserPoolClient"]["ClientSecret"] == second.client_secret


def test_a_third_secret_is_refused_until_one_is_gone(pool: Pool) -> None:
    add(pool)
    with refused("LimitExceededException", "A client can have at most 2 active secrets."):
        add(pool)
    delete(pool, listed(pool)[0]["ClientSecretId"])
    add(pool)

    assert len(listed(pool)) == 2


def test_the_last_secret_stays(pool: Pool) -> None:
    with refused("InvalidParameterException", "The last secret of a client cannot be deleted."):
        delete(pool, listed(pool)[0]["ClientSecretId"])

    assert pool.tokens()


def test_a_public_client_stays_public(idp: Any) -> None:
    pool = a_pool(idp)
    with refused("InvalidParameterException"):
        add(pool)

    assert listed(pool) == []


def test_the_same_secret_twice_is_refused(pool: Pool) -> None:
    with refused("InvalidParameterException", "The client has this secret already."):
        add(pool, ClientSecret=pool.client_secret)


@pytest.mark.parametrize("secret", ["short", "with spaces in it, thirty signs", "s" * 65])
def test_a_secret_of_another_form_is_refused(pool: Pool, secret: str) -> None:
    with refused("InvalidParameterException"):
        add(pool, ClientSecret=secret)


def test_another_clients_secret_cannot_be_deleted(pool: Pool) -> None:
    other = a_client_of(pool.idp, pool.pool_id, GenerateSecret=True)
    add(other)
    with refused("ResourceNotFoundException", "Client secret does not exist."):
        delete(pool, listed(other)[0]["ClientSecretId"])

    assert len(listed(other)) == 2


def test_another_pools_client_has_no_secrets_here(pool: Pool, idp: Any) -> None:
    other = a_pool(idp, GenerateSecret=True)
    with refused("ResourceNotFoundException"):
        add(replace(pool, client_id=other.client_id))


def test_another_accounts_pool_is_not_there(pool: Pool, aws: Any) -> None:
    stranger = replace(pool, idp=aws("cognito-idp", key="222222222222"))
    with refused("ResourceNotFoundException"):
        add(stranger)


def test_a_made_up_page_is_refused(pool: Pool) -> None:
    with refused("InvalidParameterException", "Invalid pagination token"):
        pool.idp.list_user_pool_client_secrets(UserPoolId=pool.pool_id, ClientId=pool.client_id, NextToken="2")


def test_secrets_do_not_show_in_the_database_or_when_printed(pool: Pool, services: Services) -> None:
    add(pool, ClientSecret=OWN)
    with services.reading() as work:
        client = work.clients.find(pool.client_id)

    assert client is not None
    assert OWN not in repr(client)
    assert OWN.encode() not in (services.settings.data / "idp.sqlite").read_bytes()
