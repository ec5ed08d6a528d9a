"""People who sign in, for tests that come in by the API: their account, and both ways to prove a password."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pycognito.aws_srp import AWSSRP

from idp.authorizer.unverified_token import parse_token
from tests.aws.cognito_idp.pools import PASSWORD, a_user_pool, named_values

EVERY_FLOW = [
    "ALLOW_USER_PASSWORD_AUTH",
    "ALLOW_ADMIN_USER_PASSWORD_AUTH",
    "ALLOW_USER_SRP_AUTH",
    "ALLOW_REFRESH_TOKEN_AUTH",
    "ALLOW_CUSTOM_AUTH",
]
ROTATING: dict[str, Any] = {
    "ExplicitAuthFlows": [flow for flow in EVERY_FLOW if flow != "ALLOW_REFRESH_TOKEN_AUTH"],
    "RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": 0},
}
TEMPORARY = "Temp0rary!"


@dataclass(frozen=True)
class Pool:
    """A pool with one client, and the API they are reached by."""

    idp: Any
    pool_id: str
    client_id: str
    client_secret: str | None

    def sign_up(self, username: str = "ann", **attributes: str) -> str:
        """Let a confirmed user be, whose password is PASSWORD, and return their `sub`."""
        made = self.idp.sign_up(
            ClientId=self.client_id,
            Username=username,
            Password=PASSWORD,
            UserAttributes=named_values(**attributes),
            **self._secret_hash("SecretHash", username),
        )
        self.idp.admin_confirm_sign_up(UserPoolId=self.pool_id, Username=username)
        return str(made["UserSub"])

    def give_temporary_password(self, username: str = "ann") -> None:
        """Let a user's password be TEMPORARY, and be changed at the next sign-in."""
        self.idp.admin_set_user_password(
            UserPoolId=self.pool_id, Username=username, Password=TEMPORARY, Permanent=False
        )

    def initiate(self, flow: str, username: str = "ann", **parameters: str) -> Any:
        """Begin a sign-in, with the SECRET_HASH that the client needs."""
        given = {"USERNAME": username, **parameters, **self._secret_hash("SECRET_HASH", username)}
        return self.idp.initiate_auth(ClientId=self.client_id, AuthFlow=flow, AuthParameters=given)

    def sign_in(self, username: str = "ann", password: str = PASSWORD, **more: Any) -> Any:
        """Sign in by the plain password and return the whole answer."""
        return self.idp.initiate_auth(
            ClientId=self.client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={
                "USERNAME": username,
                "PASSWORD": password,
                **self._secret_hash("SECRET_HASH", username),
            },
            **more,
        )

    def tokens(self, username: str = "ann", password: str = PASSWORD) -> Any:
        """Sign in by the plain password and return AuthenticationResult."""
        return self.sign_in(username, password)["AuthenticationResult"]

    def answer(self, challenge: Any, *, username: str = "ann", **responses: str) -> Any:
        """Answer a challenge that came with a Session."""
        return self.idp.respond_to_auth_challenge(
            ClientId=self.client_id,
            ChallengeName=challenge["ChallengeName"],
            Session=challenge["Session"],
            ChallengeResponses={"USERNAME": username, **responses, **self._secret_hash("SECRET_HASH", username)},
        )

    def refresh(self, tokens: Any, **more: Any) -> Any:
        """Refresh by InitiateAuth and return AuthenticationResult."""
        return self.idp.initiate_auth(
            ClientId=self.client_id,
            AuthFlow="REFRESH_TOKEN_AUTH",
            AuthParameters={"REFRESH_TOKEN": tokens["RefreshToken"], **more},
        )["AuthenticationResult"]

    def rotate(self, tokens: Any) -> Any:
        """Refresh by GetTokensFromRefreshToken and return AuthenticationResult."""
        return self.idp.get_tokens_from_refresh_token(ClientId=self.client_id, RefreshToken=tokens["RefreshToken"])[
            "AuthenticationResult"
        ]

    def srp(self, username: str = "ann", password: str = PASSWORD) -> Srp:
        """Return an independent SRP client that has been asked for the password."""
        helper = AWSSRP(
            username, password, self.pool_id, self.client_id, client=self.idp, client_secret=self.client_secret
        )
        asked = self.idp.initiate_auth(
            ClientId=self.client_id, AuthFlow="USER_SRP_AUTH", AuthParameters=helper.get_auth_params()
        )
        return Srp(self, asked, helper.process_challenge(asked["ChallengeParameters"], helper.get_auth_params()))

    def secret_hash(self, username: str) -> str:
        """Return the SECRET_HASH for a name, made by an independent client."""
        made: str = AWSSRP.get_secret_hash(username, self.client_id, self.client_secret)
        return made

    def _secret_hash(self, name: str, username: str) -> Any:
        return {} if self.client_secret is None else {name: self.secret_hash(username)}


@dataclass(frozen=True)
class Srp:
    """One SRP exchange: what was asked, and what pycognito answers."""

    pool: Pool
    asked: Any
    responses: dict[str, str]

    def answer(self, **changed: str) -> Any:
        """Send the answer, with some responses changed."""
        return self.pool.idp.respond_to_auth_challenge(
            ClientId=self.pool.client_id,
            ChallengeName="PASSWORD_VERIFIER",
            ChallengeResponses={**self.responses, **changed},
        )


def a_pool(idp: Any, *, settings: dict[str, Any] | None = None, **client: Any) -> Pool:
    """Make a pool and a client that may use every flow."""
    return a_client_of(idp, a_user_pool(idp, **(settings or {})), **client)


def a_client_of(idp: Any, pool_id: str, **client: Any) -> Pool:
    """Make a client of a pool that may use every flow."""
    made = idp.create_user_pool_client(
        UserPoolId=pool_id, ClientName="app", **{"ExplicitAuthFlows": EVERY_FLOW, **client}
    )["UserPoolClient"]
    return Pool(idp, pool_id, made["ClientId"], made.get("ClientSecret"))


def claims_of(token: str) -> dict[str, Any]:
    """Return a token's claims, unverified."""
    return parse_token(token).claims


def with_ann(pool: Pool) -> Pool:
    """Let Ann be in a pool, and return it."""
    pool.sign_up(email="ann@example.com", address="1 Main St", given_name="Ann")
    return pool
