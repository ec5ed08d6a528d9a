"""Passkeys of the user who is signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from idp.aws.registry import operation
from idp.domain.passkey import MAX_PER_USER
from idp.flows import passkeys as flow
from idp.flows.own_attributes import authenticate_user
from idp.flows.paging import list_page

if TYPE_CHECKING:
    from idp.aws.context import Context
    from idp.aws.types.cognito_idp import (
        CompleteWebAuthnRegistrationRequest,
        CompleteWebAuthnRegistrationResponse,
        DeleteWebAuthnCredentialRequest,
        DeleteWebAuthnCredentialResponse,
        ListWebAuthnCredentialsRequest,
        ListWebAuthnCredentialsResponse,
        StartWebAuthnRegistrationRequest,
        StartWebAuthnRegistrationResponse,
        WebAuthnCredentialDescription,
    )
    from idp.domain.passkey import Passkey


@operation("cognito-idp")
def start_web_authn_registration(
    context: Context, request: StartWebAuthnRegistrationRequest
) -> StartWebAuthnRegistrationResponse:
    signed_in = authenticate_user(context.services, request["AccessToken"])
    return {"CredentialCreationOptions": flow.start_registration(context.services, signed_in)}


@operation("cognito-idp")
def complete_web_authn_registration(
    context: Context, request: CompleteWebAuthnRegistrationRequest
) -> CompleteWebAuthnRegistrationResponse:
    signed_in = authenticate_user(context.services, request["AccessToken"])
    flow.complete_registration(context.services, signed_in, request["Credential"])
    return {}


@operation("cognito-idp")
def list_web_authn_credentials(
    context: Context, request: ListWebAuthnCredentialsRequest
) -> ListWebAuthnCredentialsResponse:
    user = authenticate_user(context.services, request["AccessToken"]).user
    page, token = list_page(
        context.services,
        lambda after, limit: flow.list_passkeys(context.services, user, after=after, limit=limit),
        start="",
        place=flow.place_of,
        token=request.get("NextToken"),
        limit=request.get("MaxResults") or MAX_PER_USER,
        bound_to=["ListWebAuthnCredentials", user.pool_id, user.sub],
    )
    answer: ListWebAuthnCredentialsResponse = {"Credentials": [_description(passkey) for passkey in page]}
    return {**answer, "NextToken": token} if token else answer


@operation("cognito-idp")
def delete_web_authn_credential(
    context: Context, request: DeleteWebAuthnCredentialRequest
) -> DeleteWebAuthnCredentialResponse:
    user = authenticate_user(context.services, request["AccessToken"]).user
    flow.delete_passkey(context.services, user, request["CredentialId"])
    return {}


def _description(passkey: Passkey) -> WebAuthnCredentialDescription:
    description: WebAuthnCredentialDescription = {
        "CredentialId": passkey.id,
        "FriendlyCredentialName": passkey.name,
        "RelyingPartyId": passkey.relying_party_id,
        "AuthenticatorTransports": list(passkey.transports),
        "CreatedAt": passkey.created_at,
    }
    if passkey.attachment is not None:
        description["AuthenticatorAttachment"] = passkey.attachment
    return description
