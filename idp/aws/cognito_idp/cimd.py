"""Clients by metadata document: policies, and the URLs that were seen under them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from idp.aws.cognito_idp.resources import user_pool_arn, user_pool_of
from idp.aws.registry import operation
from idp.domain.cimd_policy import SHORTEST_CACHE_S
from idp.flows import cimd as flow
from idp.flows.paging import list_page

if TYPE_CHECKING:
    from idp.aws.context import Context
    from idp.aws.types.cognito_idp import (
        CIMDPolicySummaryType,
        CIMDPolicyType,
        ClientMetadataURLType,
        CreateCIMDPolicyRequest,
        CreateCIMDPolicyResponse,
        DeleteCIMDPolicyRequest,
        DeleteCIMDPolicyResponse,
        DescribeCIMDPolicyRequest,
        DescribeCIMDPolicyResponse,
        ListCIMDPoliciesRequest,
        ListCIMDPoliciesResponse,
        ListClientMetadataURLsRequest,
        ListClientMetadataURLsResponse,
        UpdateCIMDPolicyRequest,
        UpdateCIMDPolicyResponse,
        UpdateClientMetadataURLStateRequest,
        UpdateClientMetadataURLStateResponse,
    )
    from idp.domain.cimd_policy import CimdPolicy, ClientMetadataUrl

DEFAULT_PAGE = 60


@operation("cognito-idp", resource=user_pool_arn)
def create_cimd_policy(context: Context, request: CreateCIMDPolicyRequest) -> CreateCIMDPolicyResponse:
    created = flow.create_cimd_policy(
        context.services,
        user_pool_of(context, request),
        client_id=request["ClientId"],
        name=request["PolicyName"],
        url_patterns=request["URLPatterns"],
        cache_s=request.get("CacheDuration", SHORTEST_CACHE_S),
    )
    return {"CIMDPolicy": _policy_type(created)}


@operation("cognito-idp", resource=user_pool_arn)
def describe_cimd_policy(context: Context, request: DescribeCIMDPolicyRequest) -> DescribeCIMDPolicyResponse:
    policy = flow.get_cimd_policy(context.services, user_pool_of(context, request), request["CIMDPolicyId"])
    return {"CIMDPolicy": _policy_type(policy)}


@operation("cognito-idp", resource=user_pool_arn)
def update_cimd_policy(context: Context, request: UpdateCIMDPolicyRequest) -> UpdateCIMDPolicyResponse:
    changed = flow.update_cimd_policy(
        context.services,
        user_pool_of(context, request),
        request["CIMDPolicyId"],
        client_id=request["ClientId"],
        url_patterns=request["URLPatterns"],
        name=request.get("PolicyName"),
        cache_s=request.get("CacheDuration"),
    )
    return {"CIMDPolicy": _policy_type(changed)}


@operation("cognito-idp", resource=user_pool_arn)
def delete_cimd_policy(context: Context, request: DeleteCIMDPolicyRequest) -> DeleteCIMDPolicyResponse:
    flow.delete_cimd_policy(context.services, user_pool_of(context, request), request["CIMDPolicyId"])
    return {}


@operation("cognito-idp", resource=user_pool_arn)
def list_cimd_policies(context: Context, request: ListCIMDPoliciesRequest) -> ListCIMDPoliciesResponse:
    user_pool = user_pool_of(context, request)
    page, token = list_page(
        context.services,
        lambda after, limit: flow.list_cimd_policies(context.services, user_pool, after=after, limit=limit),
        start="",
        place=lambda policy: policy.id,
        token=request.get("NextToken"),
        limit=request.get("MaxResults", DEFAULT_PAGE),
        bound_to=["ListCIMDPolicies", context.account, user_pool.id],
    )
    answer: ListCIMDPoliciesResponse = {"CIMDPolicies": [_summary(each) for each in page]}
    return {**answer, "NextToken": token} if token else answer


@operation("cognito-idp", resource=user_pool_arn)
def list_client_metadata_urls(
    context: Context, request: ListClientMetadataURLsRequest
) -> ListClientMetadataURLsResponse:
    user_pool = user_pool_of(context, request)
    policy = flow.get_cimd_policy(context.services, user_pool, request["CIMDPolicyId"])
    page, token = list_page(
        context.services,
        lambda after, limit: flow.list_client_metadata_urls(context.services, policy, after=after, limit=limit),
        start="",
        place=lambda seen: seen.url,
        token=request.get("NextToken"),
        limit=request.get("MaxResults", DEFAULT_PAGE),
        bound_to=["ListClientMetadataURLs", context.account, user_pool.id, policy.id],
    )
    answer: ListClientMetadataURLsResponse = {"ClientMetadataURLs": [_url_type(each) for each in page]}
    return {**answer, "NextToken": token} if token else answer


@operation("cognito-idp", resource=user_pool_arn)
def update_client_metadata_url_state(
    context: Context, request: UpdateClientMetadataURLStateRequest
) -> UpdateClientMetadataURLStateResponse:
    policy = flow.get_cimd_policy(context.services, user_pool_of(context, request), request["CIMDPolicyId"])
    if request["Action"] == "REFRESH":
        flow.refresh_client_metadata(context.services, policy, request["URL"])
    else:
        flow.invalidate_client_metadata(context.services, policy, request["URL"])
    return {}


def _policy_type(policy: CimdPolicy) -> CIMDPolicyType:
    return {"UserPoolId": policy.pool_id, **_summary(policy), "URLPatterns": policy.url_patterns}


def _summary(policy: CimdPolicy) -> CIMDPolicySummaryType:
    summary: CIMDPolicySummaryType = {
        "CIMDPolicyId": policy.id,
        "PolicyName": policy.name,
        "CacheDuration": policy.cache_s,
        "CreationDate": policy.created_at,
        "LastModifiedDate": policy.updated_at,
    }
    return summary if policy.client_id is None else {**summary, "ClientId": policy.client_id}


def _url_type(seen: ClientMetadataUrl) -> ClientMetadataURLType:
    if seen.cached_at is None or seen.expires_at is None:
        return {"URL": seen.url}
    return {"URL": seen.url, "CachedDate": seen.cached_at, "ExpirationDate": seen.expires_at}
