"""Signing in: begun and gone on with, by anybody or by an administrator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from idp.aws.cognito_idp.origins import origin_of
from idp.aws.cognito_idp.resources import user_pool_arn, user_pool_of
from idp.aws.cognito_idp.sign_in_answers import sign_in_answer
from idp.aws.registry import operation
from idp.flows import api_sign_in as flow
from idp.flows.lookups import get_client
from idp.flows.sign_in_outcome import ChallengeAnswer, SignInAttempt

if TYPE_CHECKING:
    from idp.aws.context import Context
    from idp.aws.types.cognito_idp import (
        AdminInitiateAuthRequest,
        AdminInitiateAuthResponse,
        AdminRespondToAuthChallengeRequest,
        AdminRespondToAuthChallengeResponse,
        InitiateAuthRequest,
        InitiateAuthResponse,
        RespondToAuthChallengeRequest,
        RespondToAuthChallengeResponse,
    )
    from idp.domain.auth_flow import Door
    from idp.domain.client import Client


@operation("cognito-idp")
def initiate_auth(context: Context, request: InitiateAuthRequest) -> InitiateAuthResponse:
    client = get_client(context.services, request["ClientId"])
    attempt = _attempt(context, client, request, "public")
    return sign_in_answer(flow.initiate_auth(context.services, client, request["AuthFlow"], attempt))


@operation("cognito-idp")
def respond_to_auth_challenge(
    context: Context, request: RespondToAuthChallengeRequest
) -> RespondToAuthChallengeResponse:
    client = get_client(context.services, request["ClientId"])
    return sign_in_answer(
        flow.respond_to_auth_challenge(context.services, client, _answer(context, client, request, "public"))
    )


@operation("cognito-idp", resource=user_pool_arn)
def admin_initiate_auth(context: Context, request: AdminInitiateAuthRequest) -> AdminInitiateAuthResponse:
    user_pool = user_pool_of(context, request)
    client = get_client(context.services, request["ClientId"], pool_id=user_pool.id)
    attempt = _attempt(context, client, request, "admin")
    return sign_in_answer(flow.initiate_auth(context.services, client, request["AuthFlow"], attempt))


@operation("cognito-idp", resource=user_pool_arn)
def admin_respond_to_auth_challenge(
    context: Context, request: AdminRespondToAuthChallengeRequest
) -> AdminRespondToAuthChallengeResponse:
    user_pool = user_pool_of(context, request)
    client = get_client(context.services, request["ClientId"], pool_id=user_pool.id)
    return sign_in_answer(
        flow.respond_to_auth_challenge(context.services, client, _answer(context, client, request, "admin"))
    )


def _attempt(
    context: Context, client: Client, request: InitiateAuthRequest | AdminInitiateAuthRequest, door: Door
) -> SignInAttempt:
    origin = origin_of(context, client, request)
    return SignInAttempt(
        parameters=request.get("AuthParameters", {}),
        door=door,
        source=origin.address,
        user_agent=origin.user_agent,
        client_metadata=request.get("ClientMetadata"),
        session=request.get("Session"),
    )


def _answer(
    context: Context,
    client: Client,
    request: RespondToAuthChallengeRequest | AdminRespondToAuthChallengeRequest,
    door: Door,
) -> ChallengeAnswer:
    origin = origin_of(context, client, request)
    return ChallengeAnswer(
        challenge=request["ChallengeName"],
        responses=request.get("ChallengeResponses", {}),
        session=request.get("Session"),
        door=door,
        source=origin.address,
        user_agent=origin.user_agent,
        client_metadata=request.get("ClientMetadata"),
    )
