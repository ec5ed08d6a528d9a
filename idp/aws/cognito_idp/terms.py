"""Terms of use and privacy policies of clients: making, reading, changing, deleting and listing them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from idp.aws.cognito_idp.resources import user_pool_arn, user_pool_of
from idp.aws.registry import operation
from idp.flows import terms as flow
from idp.flows.authorize import refuse_denied
from idp.flows.paging import list_page

if TYPE_CHECKING:
    from idp.aws.context import Context
    from idp.aws.types.cognito_idp import (
        CreateTermsRequest,
        CreateTermsResponse,
        DeleteTermsRequest,
        DescribeTermsByClientRequest,
        DescribeTermsByClientResponse,
        DescribeTermsRequest,
        DescribeTermsResponse,
        ListTermsRequest,
        ListTermsResponse,
        TermsDescriptionType,
        TermsType,
        UpdateTermsRequest,
        UpdateTermsResponse,
    )
    from idp.domain.terms import Terms

DEFAULT_PAGE = 60


@operation("cognito-idp", resource=user_pool_arn)
def create_terms(context: Context, request: CreateTermsRequest) -> CreateTermsResponse:
    created = flow.create_terms(
        context.services,
        user_pool_of(context, request),
        client_id=request["ClientId"],
        name=request["TermsName"],
        links=request.get("Links", {}),
    )
    return {"Terms": _terms_type(created)}


@operation("cognito-idp", resource=user_pool_arn)
def describe_terms(context: Context, request: DescribeTermsRequest) -> DescribeTermsResponse:
    terms = flow.get_terms(context.services, user_pool_of(context, request), request["TermsId"])
    return {"Terms": _terms_type(terms)}


@operation("cognito-idp", resource=user_pool_arn)
def describe_terms_by_client(context: Context, request: DescribeTermsByClientRequest) -> DescribeTermsByClientResponse:
    _refuse_denied(context, request)
    user_pool = user_pool_of(context, request)
    terms = flow.get_terms_of_client(context.services, user_pool, request["ClientId"], request["TermsName"])
    return {"Terms": _terms_type(terms)}


@operation("cognito-idp", resource=user_pool_arn)
def update_terms(context: Context, request: UpdateTermsRequest) -> UpdateTermsResponse:
    changed = flow.update_terms(
        context.services,
        user_pool_of(context, request),
        request["TermsId"],
        name=request.get("TermsName"),
        links=request.get("Links"),
    )
    return {"Terms": _terms_type(changed)}


@operation("cognito-idp", resource=user_pool_arn)
def delete_terms(context: Context, request: DeleteTermsRequest) -> None:
    flow.delete_terms(context.services, user_pool_of(context, request), request["TermsId"])


@operation("cognito-idp", resource=user_pool_arn)
def list_terms(context: Context, request: ListTermsRequest) -> ListTermsResponse:
    user_pool = user_pool_of(context, request)
    page, token = list_page(
        context.services,
        lambda after, limit: flow.list_terms(context.services, user_pool, after=after, limit=limit),
        start="",
        place=lambda terms: terms.id,
        token=request.get("NextToken"),
        limit=request.get("MaxResults", DEFAULT_PAGE),
        bound_to=["ListTerms", context.account, user_pool.id],
    )
    answer: ListTermsResponse = {"Terms": [_description(each) for each in page]}
    return {**answer, "NextToken": token} if token else answer


def _refuse_denied(context: Context, request: DescribeTermsByClientRequest) -> None:
    """Hold who is denied DescribeTerms back from its other form, too.  Source: AWS API_DescribeTermsByClient."""
    principal = context.principal
    if principal is not None and not principal.is_root:
        arn = user_pool_arn(context, request)
        refuse_denied(context.services, principal, "cognito-idp:DescribeTerms", arn, context.condition_keys)


def _terms_type(terms: Terms) -> TermsType:
    """Return a document as answers show it; source and enforcement have one value each."""
    return {
        "TermsId": terms.id,
        "UserPoolId": terms.pool_id,
        "ClientId": terms.client_id,
        "TermsName": terms.name,
        "TermsSource": "LINK",
        "Enforcement": "NONE",
        "Links": cast("Any", terms.links),  # kept as the API brought them
        "CreationDate": terms.created_at,
        "LastModifiedDate": terms.updated_at,
    }


def _description(terms: Terms) -> TermsDescriptionType:
    return {
        "TermsId": terms.id,
        "TermsName": terms.name,
        "Enforcement": "NONE",
        "CreationDate": terms.created_at,
        "LastModifiedDate": terms.updated_at,
    }
