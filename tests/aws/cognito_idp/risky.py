"""Users of a pool with threat protection, and the places they sign in from."""

from __future__ import annotations

from typing import Any

from tests.aws.cognito_idp.people import Pool
from tests.aws.cognito_idp.pools import named_values

GOOD = "V3ry-own-words!"
BLOCKED = "Unable to login because of security reasons."
HOME, AWAY = "192.0.2.1", "198.51.100.7"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605 Version/17.5 Mobile/15E148 Safari/604.1"
)
ARN = "arn:aws:ses:us-east-1:000000000000:identity/example.com"


def protected(mode: str = "ENFORCED", **settings: Any) -> dict[str, Any]:
    return {"UserPoolAddOns": {"AdvancedSecurityMode": mode}, **settings}


def with_ann(pool: Pool, password: str = GOOD) -> Pool:
    pool.idp.sign_up(
        ClientId=pool.client_id,
        Username="ann",
        Password=password,
        UserAttributes=named_values(email="ann@example.com"),
    )
    pool.idp.admin_confirm_sign_up(UserPoolId=pool.pool_id, Username="ann")
    return pool


def configure(pool: Pool, **document: Any) -> Any:
    return pool.idp.set_risk_configuration(UserPoolId=pool.pool_id, **document)["RiskConfiguration"]


def reacting(action: str, *, notify: bool = False, **letters: Any) -> dict[str, Any]:
    """Return a configuration that does the same about every risk."""
    reaction = {"EventAction": action, "Notify": notify}
    actions = dict.fromkeys(("LowAction", "MediumAction", "HighAction"), reaction)
    takeover: dict[str, Any] = {"Actions": actions}
    if notify:
        takeover["NotifyConfiguration"] = {"SourceArn": ARN, **letters}
    return {"AccountTakeoverRiskConfiguration": takeover}


def sign_in(pool: Pool, address: str = HOME, device: str = FIREFOX, password: str = GOOD) -> Any:
    """Sign Ann in as an administrator's server does for somebody at an address."""
    return pool.idp.admin_initiate_auth(
        UserPoolId=pool.pool_id,
        ClientId=pool.client_id,
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "ann", "PASSWORD": password},
        ContextData={
            "IpAddress": address,
            "ServerName": "shop.example.com",
            "ServerPath": "/login",
            "HttpHeaders": [{"headerName": "User-Agent", "headerValue": device}],
        },
    )


def events(pool: Pool, **more: Any) -> list[Any]:
    answer = pool.idp.admin_list_user_auth_events(UserPoolId=pool.pool_id, Username="ann", **more)
    listed: list[Any] = answer["AuthEvents"]
    return listed


def newest(pool: Pool) -> Any:
    return events(pool)[0]
