"""Domains of user pools: making, reading, changing and deleting them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from idp.aws.cognito_idp.resources import user_pool_arn, user_pool_of
from idp.aws.registry import operation
from idp.domain.errors import InvalidParameter
from idp.flows import domains as flow

if TYPE_CHECKING:
    from idp.aws.context import Context
    from idp.aws.types.cognito_idp import (
        CreateUserPoolDomainRequest,
        CreateUserPoolDomainResponse,
        DeleteUserPoolDomainRequest,
        DeleteUserPoolDomainResponse,
        DescribeUserPoolDomainRequest,
        DescribeUserPoolDomainResponse,
        DomainDescriptionType,
        UpdateUserPoolDomainRequest,
        UpdateUserPoolDomainResponse,
    )
    from idp.domain.domain import PoolDomain
    from idp.domain.user_pool import UserPool


@operation("cognito-idp", resource=user_pool_arn)
def create_user_pool_domain(context: Context, request: CreateUserPoolDomainRequest) -> CreateUserPoolDomainResponse:
    domain = flow.create_domain(
        context.services,
        user_pool_of(context, request),
        request["Domain"],
        managed_login_version=request.get("ManagedLoginVersion"),
        **_custom_domain(request),
    )
    answer: CreateUserPoolDomainResponse = {"ManagedLoginVersion": domain.managed_login_version}
    return {**answer, "CloudFrontDomain": _distribution(context)} if domain.is_custom else answer


@operation("cognito-idp")
def describe_user_pool_domain(
    context: Context, request: DescribeUserPoolDomainRequest
) -> DescribeUserPoolDomainResponse:
    found = flow.find_domain(context.services, request["Domain"])
    if found is None or found[1].account != context.account:
        return {"DomainDescription": {}}
    return {"DomainDescription": _description(context, *found)}


@operation("cognito-idp", resource=user_pool_arn)
def update_user_pool_domain(context: Context, request: UpdateUserPoolDomainRequest) -> UpdateUserPoolDomainResponse:
    domain = flow.update_domain(
        context.services,
        user_pool_of(context, request),
        request["Domain"],
        managed_login_version=request.get("ManagedLoginVersion"),
        **_custom_domain(request),
    )
    answer: UpdateUserPoolDomainResponse = {"ManagedLoginVersion": domain.managed_login_version}
    return {**answer, "CloudFrontDomain": _distribution(context)} if domain.is_custom else answer


@operation("cognito-idp", resource=user_pool_arn)
def delete_user_pool_domain(context: Context, request: DeleteUserPoolDomainRequest) -> DeleteUserPoolDomainResponse:
    flow.delete_domain(context.services, user_pool_of(context, request), request["Domain"])
    return {}


def _custom_domain(request: CreateUserPoolDomainRequest | UpdateUserPoolDomainRequest) -> dict[str, str | None]:
    """Return what a request says of a custom domain.

    Raises:
        InvalidParameter: another region is to take over, and there is none.
    """
    if "Routing" in request:
        raise InvalidParameter("This server has no other region that a domain could fail over to.")
    custom = request.get("CustomDomainConfig")
    if custom is None:
        return {"certificate_arn": None}
    return {"certificate_arn": custom["CertificateArn"], "security_policy": custom.get("SecurityPolicy")}


def _distribution(context: Context) -> str:
    """Return what the owner's DNS alias points to: this server, which takes CloudFront's place."""
    return context.services.settings.base_url.partition("//")[2]


def _description(context: Context, domain: PoolDomain, user_pool: UserPool) -> DomainDescriptionType:
    description: DomainDescriptionType = {
        "UserPoolId": user_pool.id,
        "AWSAccountId": user_pool.account,
        "Domain": domain.name,
        "CloudFrontDistribution": _distribution(context),
        "Version": domain.created_at.strftime("%Y%m%d%H%M%S"),
        "Status": "ACTIVE",
        "CustomDomainConfig": cast("Any", {}),  # AWS shows it empty for a prefix, whatever its model requires
        "ManagedLoginVersion": domain.managed_login_version,
    }
    if domain.certificate_arn is not None:
        description["CustomDomainConfig"] = {"CertificateArn": domain.certificate_arn}
        if domain.security_policy is not None:
            description["CustomDomainConfig"]["SecurityPolicy"] = cast(
                "Any", domain.security_policy
            )  # the model's enum
    return description
