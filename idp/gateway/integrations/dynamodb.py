"""AWS: an action of DynamoDB answers, called in a role.

Source: API Gateway Developer Guide, "Integrate REST APIs with AWS services"; observed,
test_rest_api_to_dynamodb_integration.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import orjson

from idp.domain.errors import AccessDenied, InvalidParameter, ResourceNotFound
from idp.flows.credentials import assume_role_as_service
from idp.flows.table_access import TableRequest, authorize_tables
from idp.gateway.authorizers.resource_policy import condition_keys
from idp.gateway.integrations.dynamodb_parameters import is_well_formed
from idp.gateway.integrations.mapping import BackendAnswer, RequestMapping, ResponseMapping, json_body, mapping_context
from idp.gateway.refusals import Refusal, Refused
from idp.gateway.visit import Grant, Visit
from idp.services import BackendRequest

if TYPE_CHECKING:
    from idp.domain.principal import Principal
    from idp.domain.rest_api import Integration
    from idp.gateway.messages import Answer
    from idp.services import Services

SERVICE: Final = "apigateway.amazonaws.com"
SESSION_NAME: Final = "BackplaneAssumeRoleSession"
JSON: Final = (("Content-Type", "application/x-amz-json-1.0"),)
_URI = re.compile(r"arn:[a-z-]+:apigateway:([a-z0-9-]+):dynamodb:action/([A-Za-z]+)")
_DENIED: Final = "com.amazon.coral.service#AccessDeniedException"
_NOT_FOUND: Final = "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException"
_INVALID: Final = "com.amazon.coral.validate#ValidationException"


class DynamoDbBackend:
    """Calls an action in the integration's role, which must trust API Gateway and may do what its policies say."""

    def __init__(self, services: Services, integration: Integration) -> None:
        self._services = services
        self._role_arn = integration.credentials or ""
        self._region, self._action = _region_and_action(integration.uri)
        self._request = RequestMapping(integration)
        self._response = ResponseMapping(integration)

    def __call__(self, visit: Visit, grant: Grant) -> Answer:
        """Call the action; its refusals are answers, which the integration responses are matched against.

        Raises:
            Refused: MISCONFIGURED when the role cannot be assumed.
        """
        context = mapping_context(visit, grant)
        parameters = json_body(self._request.body(visit, context))
        return self._response.answer(self._called(self._principal(), parameters, visit), visit, context)

    def _principal(self) -> Principal:
        try:
            made = assume_role_as_service(self._services, self._role_arn, service=SERVICE, session_name=SESSION_NAME)
        except (AccessDenied, InvalidParameter) as error:
            why = f"There is no role {self._role_arn} that trusts {SERVICE} to assume it."
            raise Refused(Refusal.MISCONFIGURED, why) from error
        return made.session.principal

    def _called(self, principal: Principal, parameters: Any, visit: Visit) -> BackendAnswer:
        if not isinstance(parameters, dict) or not is_well_formed(self._action, parameters):
            return _error(_INVALID, "message", "The parameters are not those of the action.")
        asked = TableRequest(
            principal, self._region, self._action, parameters, is_well_formed=True, context=condition_keys(visit)
        )
        try:
            authorize_tables(self._services, asked)
        except AccessDenied as error:
            return _error(_DENIED, "Message", error.message)
        except ResourceNotFound:
            return _error(_NOT_FOUND, "message", "Requested resource not found")
        return self._sent(principal, parameters)

    def _sent(self, principal: Principal, parameters: dict[str, Any]) -> BackendAnswer:
        headers = {"X-Amz-Target": f"DynamoDB_20120810.{self._action}", "Content-Type": JSON[0][1]}
        response = self._services.dynamodb.call(
            BackendRequest("dynamodb", principal.account, self._region, headers, orjson.dumps(parameters))
        )
        return BackendAnswer(response.status, JSON_ANSWER, response.body, selector=str(response.status))


JSON_ANSWER: Final = (("Content-Type", "application/json"),)


def _region_and_action(uri: str) -> tuple[str, str]:
    found = _URI.fullmatch(uri)
    if found is None:
        return "", ""
    return found.group(1), found.group(2)


def _error(type_: str, member: str, message: str) -> BackendAnswer:
    return BackendAnswer(400, JSON_ANSWER, orjson.dumps({"__type": type_, member: message}), selector="400")
