"""What identities get: credentials and OpenID tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from idp.aws.context import Context
from idp.aws.registry import operation
from idp.flows import identity_credentials

if TYPE_CHECKING:
    from idp.aws.types import cognito_identity as types


@operation("cognito-identity")
def get_credentials_for_identity(
    context: Context, request: types.GetCredentialsForIdentityInput
) -> types.GetCredentialsForIdentityResponse:
    identity, credentials = identity_credentials.get_credentials_for_identity(
        context.services,
        request["IdentityId"],
        request.get("Logins", {}),
        custom_role_arn=request.get("CustomRoleArn"),
    )
    return {
        "IdentityId": identity.id,
        "Credentials": {
            "AccessKeyId": credentials.access_key_id,
            "SecretKey": credentials.secret_access_key,
            "SessionToken": credentials.session_token,
            "Expiration": credentials.expires_at,
        },
    }


@operation("cognito-identity")
def get_open_id_token(context: Context, request: types.GetOpenIdTokenInput) -> types.GetOpenIdTokenResponse:
    identity, token = identity_credentials.get_open_id_token(
        context.services, request["IdentityId"], request.get("Logins", {})
    )
    return {"IdentityId": identity.id, "Token": token}
