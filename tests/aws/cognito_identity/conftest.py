"""An identity pool over a user pool, roles for its identities, and people who sign in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from tests.aws.iam.policies import allow, trust

ACCOUNT = "111122223333"
PASSWORD = "Correct-horse-9"


@dataclass(frozen=True)
class UserPool:
    """A user pool and its client, with the key that its users' tokens have in `Logins`."""

    idp: Any
    id: str
    client_id: str

    @property
    def provider(self) -> str:
        return f"cognito-idp.us-east-1.amazonaws.com/{self.id}"

    @property
    def as_provider(self) -> dict[str, Any]:
        return {"ProviderName": self.provider, "ClientId": self.client_id}

    def sign_up(self, name: str) -> None:
        self.idp.sign_up(ClientId=self.client_id, Username=name, Password=PASSWORD)
        self.idp.admin_confirm_sign_up(UserPoolId=self.id, Username=name)

    def tokens(self, name: str) -> Mapping[str, str]:
        """Sign in; returns AuthenticationResult."""
        answer: Mapping[str, str] = self.idp.initiate_auth(
            ClientId=self.client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": name, "PASSWORD": PASSWORD},
        )["AuthenticationResult"]
        return answer

    def login(self, name: str) -> dict[str, str]:
        """Sign in; returns `Logins`."""
        return {self.provider: self.tokens(name)["IdToken"]}


@pytest.fixture
def a_user_pool(aws: Any) -> Callable[[], UserPool]:
    """Make a user pool with the users ann and bob."""

    def make() -> UserPool:
        idp = aws("cognito-idp", key=ACCOUNT)
        pool_id = idp.create_user_pool(PoolName="people")["UserPool"]["Id"]
        client = idp.create_user_pool_client(
            UserPoolId=pool_id,
            ClientName="app",
            ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        )["UserPoolClient"]
        pool = UserPool(idp, pool_id, client["ClientId"])
        pool.sign_up("ann")
        pool.sign_up("bob")
        return pool

    return make


@pytest.fixture
def people(a_user_pool: Callable[[], UserPool]) -> UserPool:
    return a_user_pool()


@pytest.fixture
def admin(aws: Any) -> Any:
    """A client of identity pools, signed by the account's root."""
    return aws("cognito-identity", key=ACCOUNT)


@pytest.fixture
def public(aws: Any) -> Any:
    """A client of identity pools that signs nothing, as an app does."""
    return aws("cognito-identity", unsigned=True)


@pytest.fixture
def a_pool(admin: Any, people: UserPool) -> Callable[..., str]:
    """Make an identity pool over the user pool; returns its id."""

    def make(**members: Any) -> str:
        wanted: dict[str, Any] = {
            "IdentityPoolName": "app",
            "AllowUnauthenticatedIdentities": True,
            "CognitoIdentityProviders": [people.as_provider],
        }
        pool_id: str = admin.create_identity_pool(**(wanted | members))["IdentityPoolId"]
        return pool_id

    return make


@pytest.fixture
def pool_id(a_pool: Callable[..., str]) -> str:
    return a_pool()


@pytest.fixture
def a_role(aws: Any) -> Callable[..., str]:
    """Make a role that trusts an identity pool; returns its ARN."""
    iam = aws("iam", key=ACCOUNT)

    def make(name: str, pool_id: str, policy: str, *, amr: str = "authenticated") -> str:
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust_pool(pool_id, amr))
        iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=policy)
        return f"arn:aws:iam::{ACCOUNT}:role/{name}"

    return make


@pytest.fixture
def roles(admin: Any, pool_id: str, a_role: Callable[..., str]) -> dict[str, str]:
    """The pool's two roles: members may list roles and users, guests list roles and user pools."""
    arns = {
        "authenticated": a_role("members", pool_id, allow(["iam:ListRoles", "iam:ListUsers"])),
        "unauthenticated": a_role(
            "guests", pool_id, allow(["iam:ListRoles", "cognito-idp:ListUserPools"]), amr="unauthenticated"
        ),
    }
    admin.set_identity_pool_roles(IdentityPoolId=pool_id, Roles=arns)
    return arns


@pytest.fixture
def signing_with(aws: Any) -> Callable[[Mapping[str, Any], str], Any]:
    """Make a client that signs with an identity's credentials."""
    return lambda credentials, service: aws(
        service,
        key=credentials["AccessKeyId"],
        secret=credentials["SecretKey"],
        token=credentials["SessionToken"],
    )


def trust_pool(pool_id: str, amr: str) -> str:
    """The trust policy that AWS's guide gives a pool's role."""
    return trust(
        {"Federated": "cognito-identity.amazonaws.com"},
        "sts:AssumeRoleWithWebIdentity",
        Condition={
            "StringEquals": {"cognito-identity.amazonaws.com:aud": pool_id},
            "ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": amr},
        },
    )
