"""Upstream identity providers: their descriptions, the links of users to them, and the pool's SAML certificate."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from idp.aws.cognito_idp.resources import user_pool_arn, user_pool_of
from idp.aws.registry import operation
from idp.domain.errors import InvalidParameter
from idp.domain.provider_kinds import SAML
from idp.flows import identity_providers as flow, provider_links
from idp.flows.identity_providers import ProviderChange
from idp.flows.paging import list_page
from idp.flows.provider_links import ProviderUser

if TYPE_CHECKING:
    from idp.aws.context import Context
    from idp.aws.types.cognito_idp import (
        AdminDisableProviderForUserRequest,
        AdminDisableProviderForUserResponse,
        AdminLinkProviderForUserRequest,
        AdminLinkProviderForUserResponse,
        CreateIdentityProviderRequest,
        CreateIdentityProviderResponse,
        DeleteIdentityProviderRequest,
        DescribeIdentityProviderRequest,
        DescribeIdentityProviderResponse,
        GetIdentityProviderByIdentifierRequest,
        GetIdentityProviderByIdentifierResponse,
        GetSigningCertificateRequest,
        GetSigningCertificateResponse,
        IdentityProviderType,
        ListIdentityProvidersRequest,
        ListIdentityProvidersResponse,
        ProviderDescription,
        UpdateIdentityProviderRequest,
        UpdateIdentityProviderResponse,
    )
    from idp.domain.identity_provider import IdentityProvider

MAX_PAGE = 50  # the answer's own limit, whatever MaxResults says


@operation("cognito-idp", resource=user_pool_arn)
def create_identity_provider(
    context: Context, request: CreateIdentityProviderRequest
) -> CreateIdentityProviderResponse:
    provider = flow.create_identity_provider(
        context.services,
        user_pool_of(context, request),
        name=request["ProviderName"],
        kind=request["ProviderType"],
        given=_change(request),
    )
    return {"IdentityProvider": _identity_provider_type(context, provider)}


@operation("cognito-idp", resource=user_pool_arn)
def describe_identity_provider(
    context: Context, request: DescribeIdentityProviderRequest
) -> DescribeIdentityProviderResponse:
    user_pool = user_pool_of(context, request)
    provider = flow.get_identity_provider(context.services, user_pool, request["ProviderName"])
    return {"IdentityProvider": _identity_provider_type(context, provider)}


@operation("cognito-idp", resource=user_pool_arn)
def update_identity_provider(
    context: Context, request: UpdateIdentityProviderRequest
) -> UpdateIdentityProviderResponse:
    provider = flow.update_identity_provider(
        context.services, user_pool_of(context, request), request["ProviderName"], _change(request)
    )
    return {"IdentityProvider": _identity_provider_type(context, provider)}


@operation("cognito-idp", resource=user_pool_arn)
def delete_identity_provider(context: Context, request: DeleteIdentityProviderRequest) -> None:
    flow.delete_identity_provider(context.services, user_pool_of(context, request), request["ProviderName"])


@operation("cognito-idp", resource=user_pool_arn)
def list_identity_providers(context: Context, request: ListIdentityProvidersRequest) -> ListIdentityProvidersResponse:
    user_pool = user_pool_of(context, request)
    page, token = list_page(
        context.services,
        lambda after, limit: flow.list_identity_providers(context.services, user_pool, after=after, limit=limit),
        start="",
        place=lambda provider: provider.name,
        token=request.get("NextToken"),
        limit=min(request.get("MaxResults") or MAX_PAGE, MAX_PAGE),
        bound_to=["ListIdentityProviders", context.account, user_pool.id],
    )
    answer: ListIdentityProvidersResponse = {"Providers": [_description(each) for each in page]}
    return {**answer, "NextToken": token} if token else answer


@operation("cognito-idp", resource=user_pool_arn)
def get_identity_provider_by_identifier(
    context: Context, request: GetIdentityProviderByIdentifierRequest
) -> GetIdentityProviderByIdentifierResponse:
    user_pool = user_pool_of(context, request)
    provider = flow.get_identity_provider_by_identifier(context.services, user_pool, request["IdpIdentifier"])
    return {"IdentityProvider": _identity_provider_type(context, provider)}


@operation("cognito-idp", resource=user_pool_arn)
def admin_link_provider_for_user(
    context: Context, request: AdminLinkProviderForUserRequest
) -> AdminLinkProviderForUserResponse:
    destination = {"ProviderAttributeName": "", **request["DestinationUser"]}  # ignored there
    provider_links.link_provider(
        context.services,
        user_pool_of(context, request),
        _provider_user(destination, "destinationUser"),
        _provider_user(request["SourceUser"], "sourceUser"),
    )
    return {}


@operation("cognito-idp", resource=user_pool_arn)
def admin_disable_provider_for_user(
    context: Context, request: AdminDisableProviderForUserRequest
) -> AdminDisableProviderForUserResponse:
    user_pool = user_pool_of(context, request)
    provider_links.disable_provider(context.services, user_pool, _provider_user(request["User"], "user"))
    return {}


@operation("cognito-idp", resource=user_pool_arn)
def get_signing_certificate(context: Context, request: GetSigningCertificateRequest) -> GetSigningCertificateResponse:
    return {"Certificate": _certificate(context, user_pool_of(context, request).saml_owner)}


def _change(request: CreateIdentityProviderRequest | UpdateIdentityProviderRequest) -> ProviderChange:
    return ProviderChange(
        details=request.get("ProviderDetails"),
        attribute_mapping=request.get("AttributeMapping"),
        acr_mapping=request.get("AcrMapping"),
        identifiers=request.get("IdpIdentifiers"),
    )


def _provider_user(given: Mapping[str, Any], member: str) -> ProviderUser:
    """Return whom a request names; raises InvalidParameter when it does not say by what.

    Unknown: the sentence; the model asks for none of the three.
    """
    values = [given.get(name) for name in ("ProviderName", "ProviderAttributeName", "ProviderAttributeValue")]
    if None in values or not values[2]:
        raise InvalidParameter(f"{member} needs ProviderName, ProviderAttributeName and ProviderAttributeValue.")
    return ProviderUser(*cast("list[str]", values))


def _identity_provider_type(context: Context, provider: IdentityProvider) -> IdentityProviderType:
    details = provider.described_details()
    if provider.type == SAML:
        details["ActiveEncryptionCertificate"] = _certificate(context, provider.encryption_owner)
    shown: dict[str, Any] = {
        "UserPoolId": provider.pool_id,
        "ProviderName": provider.name,
        "ProviderType": provider.type,
        "ProviderDetails": details,
        "AttributeMapping": provider.attribute_mapping,
        "IdpIdentifiers": provider.identifiers,
        "LastModifiedDate": provider.updated_at,
        "CreationDate": provider.created_at,
    }
    if provider.acr_mapping:
        shown["AcrMapping"] = provider.acr_mapping
    return cast("IdentityProviderType", shown)  # the type is the model's enum


def _description(provider: IdentityProvider) -> ProviderDescription:
    return {
        "ProviderName": provider.name,
        "ProviderType": cast("Any", provider.type),  # the model's enum, by which it was checked
        "LastModifiedDate": provider.updated_at,
        "CreationDate": provider.created_at,
    }


def _certificate(context: Context, owner: str) -> str:
    """Return a certificate as the API writes it: Base64 without a PEM frame.  Source: spec section 10.6."""
    return base64.b64encode(context.services.keyring.saml_certificate(owner)).decode()
