"""AWS_IAM: a signature says who calls, and policies whether they may."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from idp.authorizer.sigv4 import SignatureRefused, SigningKeyCache
from idp.flows.authorize import decide
from idp.flows.signed_requests import authenticate
from idp.gateway.authorizers.resource_policy import INVOKE, access_denied, condition_keys
from idp.gateway.context import cognito_identity
from idp.gateway.refusals import Refusal, Refused
from idp.gateway.visit import Grant, Visit

if TYPE_CHECKING:
    from idp.authorizer.policy import PolicyDocument
    from idp.domain.policy import Decision
    from idp.domain.principal import Principal
    from idp.services import Services

SERVICE: Final = "execute-api"
MAX_REASONS: Final = 5


class SignatureGate:
    """Lets in who signs and may call.

    Args:
        policy: the API's own.
        explains: tell of a wrong signature what was to be signed, as REST APIs do.
    """

    def __init__(
        self, services: Services, keys: SigningKeyCache, *, policy: PolicyDocument | None, explains: bool
    ) -> None:
        self._services = services
        self._keys = keys
        self._policy = policy
        self._explains = explains

    def __call__(self, visit: Visit) -> Grant:
        """Verify the signature as it stood on the wire, and decide by the call's ARN.

        Raises:
            Refused: UNSIGNED, SIGNATURE_INVALID, SESSION_OVER or ACCESS_DENIED.
        """
        try:
            caller = authenticate(
                self._services, visit.request.wire, signing_name=SERVICE, keys=self._keys, explain=self._explains
            )
        except SignatureRefused as error:
            raise _refusal(error) from error
        principal = caller.principal
        decision = self._decision(principal, visit)
        if not decision.allowed:
            raise access_denied(visit, principal.arn, decision, self._why(principal, visit))
        return Grant(principal=principal, authorizer_v2={"iam": _iam_context(principal)})

    def _decision(self, principal: Principal, visit: Visit, *, explain: bool = False) -> Decision:
        return decide(
            self._services,
            principal,
            INVOKE,
            visit.arn,
            condition_keys(visit),
            resource_policy=self._policy,
            explain=explain,
        )

    def _why(self, principal: Principal, visit: Visit) -> str:
        """Return what the policies had to say, for those who learn; costs several times a decision."""
        if not self._services.settings.dev_doors:
            return ""
        decision = self._decision(principal, visit, explain=True)
        said = [
            f"{entry.layer} {entry.policy} ({entry.effect}) {entry.verdict}: {entry.why}" for entry in decision.trace
        ]
        return " ".join([f"{principal.arn} may not {INVOKE} {visit.arn}, {decision.reason}.", *said[:MAX_REASONS]])


def _refusal(error: SignatureRefused) -> Refused:
    kind = {
        "MissingAuthenticationTokenException": Refusal.UNSIGNED,
        "ExpiredTokenException": Refusal.SESSION_OVER,
    }.get(error.code, Refusal.SIGNATURE_INVALID)
    why = "The route wants a request signed by Signature Version 4: "
    return Refused(kind, why + error.message.partition("\n")[0], message=error.message, error_type=error.code)


def _iam_context(principal: Principal) -> dict[str, object]:
    """Return `requestContext.authorizer.iam` of payload 2.0.

    Source: API Gateway Developer Guide, "AWS Lambda proxy integrations for HTTP APIs".
    """
    cognito = cognito_identity(principal)
    return {
        "accessKey": principal.access_key_id,
        "accountId": principal.account,
        "callerId": principal.user_id,
        "cognitoIdentity": {
            "amr": cognito["amr"],
            "identityId": cognito["identity_id"],
            "identityPoolId": cognito["pool_id"],
        }
        if cognito
        else None,
        "principalOrgId": None,
        "userArn": principal.arn,
        "userId": principal.user_id,
    }
