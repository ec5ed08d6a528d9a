"""A seed makes what it names, once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from idp.seed import SeedRefused, apply_file
from idp.services import Services

DEMO = Path(__file__).parents[1] / "examples" / "demo" / "seed.yaml"
CLIENT = "demoweb000000000000000000"
ANN = {"USERNAME": "ann", "PASSWORD": "Correct-horse-7"}


def test_the_demo_signs_its_user_in(services: Services, idp: Any) -> None:
    apply_file(services, DEMO)
    answer = idp.initiate_auth(ClientId=CLIENT, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=ANN)
    assert answer["AuthenticationResult"]["TokenType"] == "Bearer"


def test_a_seed_may_be_applied_twice(services: Services, idp: Any) -> None:
    first = apply_file(services, DEMO)
    idp.admin_set_user_password(
        UserPoolId="us-east-1_DemoPool1", Username="ann", Password="Another-horse-8", Permanent=True
    )
    assert apply_file(services, DEMO) == first
    another = {**ANN, "PASSWORD": "Another-horse-8"}
    assert idp.initiate_auth(ClientId=CLIENT, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=another)[
        "AuthenticationResult"
    ]


def test_the_demo_has_one_of_everything(services: Services, aws: Any, web: FlaskClient) -> None:
    apply_file(services, DEMO)
    assert aws("cognito-identity").get_identity_pool_roles(
        IdentityPoolId="us-east-1:00000000-0000-4000-8000-00000000de30"
    )["Roles"]
    assert aws("dynamodb").list_tables()["TableNames"] == ["demo-notes"]
    assert len(aws("lambda").list_functions()["Functions"]) == 2
    assert web.get("/_api/demo/prod/people").get_json() == {"message": "Unauthorized"}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[]", "must be a mapping"),
        ("user_pool: []", "must be a mapping"),
        ("a: [", "cannot be read"),
        ("user_pools: [{id: us-east-1_abc, PoolName: ''}]", "Member must have length greater than or equal to 1"),
        ("user_pools: [{PoolName: people}]", "lacks id"),
        ("roles: [{RoleName: r, AssumeRolePolicyDocument: {}}]", "CreateRole is refused"),
        ("tables: [{TableName: t}]", "lacks KeySchema"),
        ("functions: [{FunctionName: f, source: nowhere.py}]", "nowhere.py"),
    ],
)
def test_what_cannot_be_made_is_refused_with_its_reason(
    services: Services, tmp_path: Path, text: str, sentence: str
) -> None:
    path = tmp_path / "seed.yaml"
    path.write_text(text)
    with pytest.raises(SeedRefused, match=sentence):
        apply_file(services, path)
