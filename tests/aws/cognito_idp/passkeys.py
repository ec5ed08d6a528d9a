"""A pool whose users sign in with passkeys, for tests that come in by the API."""

from __future__ import annotations

from typing import Any

from tests.authenticator import Authenticator
from tests.aws.cognito_idp.people import EVERY_FLOW, Pool, a_pool, claims_of, with_ann

DOMAIN = "acme"
RELYING_PARTY = "acme.auth.localhost"
ORIGIN = f"http://{RELYING_PARTY}:9229"
CHOICE: dict[str, Any] = {"ExplicitAuthFlows": [*EVERY_FLOW, "ALLOW_USER_AUTH"]}
HIDING: dict[str, Any] = {**CHOICE, "PreventUserExistenceErrors": "ENABLED"}
EVERY_FACTOR = ["PASSWORD", "EMAIL_OTP", "SMS_OTP", "WEB_AUTHN"]


def policies(*factors: str) -> dict[str, Any]:
    """Return pool settings that allow these first factors."""
    return {"Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": list(factors)}}}


def a_choice_pool(idp: Any, *factors: str, **client: Any) -> Pool:
    """Make a pool with a domain that allows these first factors (all when none is named), and Ann in it."""
    pool = a_pool(idp, settings=policies(*(factors or EVERY_FACTOR)), **{**CHOICE, **client})
    idp.create_user_pool_domain(Domain=f"{DOMAIN}", UserPoolId=pool.pool_id)
    return with_ann(pool)


def register(pool: Pool, authenticator: Authenticator, access_token: str) -> None:
    """Register an authenticator's passkey."""
    options = pool.idp.start_web_authn_registration(AccessToken=access_token)["CredentialCreationOptions"]
    pool.idp.complete_web_authn_registration(AccessToken=access_token, Credential=authenticator.create(options))


def with_passkey(pool: Pool, authenticator: Authenticator) -> Pool:
    """Let Ann have a passkey, and return the pool."""
    register(pool, authenticator, pool.tokens()["AccessToken"])
    return pool


def asked_for_passkey(pool: Pool, username: str = "ann") -> Any:
    """Begin a sign-in by passkey and return the challenge."""
    return pool.initiate("USER_AUTH", username, PREFERRED_CHALLENGE="WEB_AUTHN")


def signed(authenticator: Authenticator, challenge: Any) -> str:
    """Return what an authenticator answers to a challenge."""
    return authenticator.sign(challenge["ChallengeParameters"]["CREDENTIAL_REQUEST_OPTIONS"])


def username_of(answer: Any) -> str:
    """Return the name in the access token of an answer."""
    name: str = claims_of(answer["AuthenticationResult"]["AccessToken"])["username"]
    return name
