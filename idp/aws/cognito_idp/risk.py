"""Threat protection: its configuration, what happened to users, and what is thought of that."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from idp.aws.cognito_idp.resources import user_pool_arn, user_pool_of
from idp.aws.registry import operation
from idp.flows import auth_events, risk_configuration
from idp.flows.lookups import get_user_pool

if TYPE_CHECKING:
    from collections.abc import Mapping

    from idp.aws.context import Context
    from idp.aws.types.cognito_idp import (
        AdminListUserAuthEventsRequest,
        AdminListUserAuthEventsResponse,
        AdminUpdateAuthEventFeedbackRequest,
        AdminUpdateAuthEventFeedbackResponse,
        AuthEventType,
        DescribeRiskConfigurationRequest,
        DescribeRiskConfigurationResponse,
        RiskConfigurationType,
        SetRiskConfigurationRequest,
        SetRiskConfigurationResponse,
        UpdateAuthEventFeedbackRequest,
        UpdateAuthEventFeedbackResponse,
    )
    from idp.domain.risk import AuthEvent
    from idp.flows.risk_configuration import RiskSettings

DEFAULT_PAGE = 60
_IDS = frozenset({"UserPoolId", "ClientId"})


@operation("cognito-idp", resource=user_pool_arn)
def describe_risk_configuration(
    context: Context, request: DescribeRiskConfigurationRequest
) -> DescribeRiskConfigurationResponse:
    user_pool = user_pool_of(context, request)
    found = risk_configuration.describe_risk_configuration(context.services, user_pool, request.get("ClientId"))
    return {"RiskConfiguration": _configuration(user_pool.id, found)}


@operation("cognito-idp", resource=user_pool_arn)
def set_risk_configuration(context: Context, request: SetRiskConfigurationRequest) -> SetRiskConfigurationResponse:
    user_pool = user_pool_of(context, request)
    document = {name: value for name, value in request.items() if name not in _IDS}
    saved = risk_configuration.set_risk_configuration(context.services, user_pool, request.get("ClientId"), document)
    return {"RiskConfiguration": _configuration(user_pool.id, saved)}


@operation("cognito-idp", resource=user_pool_arn)
def admin_list_user_auth_events(
    context: Context, request: AdminListUserAuthEventsRequest
) -> AdminListUserAuthEventsResponse:
    events, token = auth_events.list_auth_events(
        context.services,
        user_pool_of(context, request),
        request["Username"],
        token=request.get("NextToken"),
        limit=request.get("MaxResults") or DEFAULT_PAGE,
    )
    answer: AdminListUserAuthEventsResponse = {"AuthEvents": [_event(event) for event in events]}
    return {**answer, "NextToken": token} if token else answer


@operation("cognito-idp", resource=user_pool_arn)
def admin_update_auth_event_feedback(
    context: Context, request: AdminUpdateAuthEventFeedbackRequest
) -> AdminUpdateAuthEventFeedbackResponse:
    user_pool = user_pool_of(context, request)
    auth_events.give_feedback(
        context.services,
        user_pool,
        request["Username"],
        request["EventId"],
        request["FeedbackValue"],
        provider="Admin",
    )
    return {}


@operation("cognito-idp")
def update_auth_event_feedback(
    context: Context, request: UpdateAuthEventFeedbackRequest
) -> UpdateAuthEventFeedbackResponse:
    auth_events.give_feedback_by_token(
        context.services,
        get_user_pool(context.services, request["UserPoolId"]),
        request["Username"],
        request["EventId"],
        request["FeedbackValue"],
        token=request["FeedbackToken"],
    )
    return {}


def _configuration(pool_id: str, settings: RiskSettings) -> RiskConfigurationType:
    shown: dict[str, Any] = {**settings.document, "UserPoolId": pool_id}
    if settings.client_id is not None:
        shown["ClientId"] = settings.client_id
    if settings.updated_at is not None:
        shown["LastModifiedDate"] = settings.updated_at
    return cast("RiskConfigurationType", shown)  # the document holds the API's own members


def _event(event: AuthEvent) -> AuthEventType:
    """Return an event as it is listed; places and time zones are not known here."""
    risk: dict[str, Any] = {
        "RiskDecision": event.risk.decision,
        "CompromisedCredentialsDetected": event.risk.is_compromised,
    }
    if event.risk.level is not None:
        risk["RiskLevel"] = event.risk.level
    shown: dict[str, Any] = {
        "EventId": event.id,
        "EventType": event.kind,
        "CreationDate": event.created_at,
        "EventResponse": event.response,
        "EventRisk": risk,
        "ChallengeResponses": [
            {"ChallengeName": name, "ChallengeResponse": outcome} for name, outcome in (event.challenges or {}).items()
        ],
        "EventContextData": {"IpAddress": event.source, "DeviceName": event.device_name},
    }
    if event.feedback is not None:
        shown["EventFeedback"] = _feedback(event.feedback)
    return cast("AuthEventType", shown)  # whose values the domain has as plain texts


def _feedback(feedback: Mapping[str, Any]) -> dict[str, Any]:
    return {**feedback, "FeedbackDate": datetime.fromtimestamp(feedback["FeedbackDate"], UTC)}
