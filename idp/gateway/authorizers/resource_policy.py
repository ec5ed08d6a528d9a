"""The API's own policy, and the condition keys that it may ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from idp.authorizer.policy import AccessRequest, PolicyDocument, evaluate
from idp.domain.policy import ANONYMOUS, Decision, decide
from idp.gateway.refusals import Refusal, Refused

if TYPE_CHECKING:
    from idp.authorizer.policy import Effect
    from idp.gateway.visit import Visit
    from idp.services import Services

INVOKE: Final = "execute-api:Invoke"
UNSPOKEN: Final[dict[Effect, str]] = {
    "explicit_deny": "with an explicit deny in a resource-based policy",
    "implicit_deny": f"because no resource-based policy allows the {INVOKE} action",
}


def require_public(services: Services, visit: Visit, policy: PolicyDocument | None) -> None:
    """Let anybody in whom the resource policy lets in; without one, everybody.

    Raises:
        Refused: ACCESS_DENIED.
    """
    if policy is None:
        return
    decision = decide(
        access_request(services, visit),
        principal_kind="anonymous",
        principal_arns=ANONYMOUS,
        resource_account=visit.rest_api.account,
        identity_policies=(),
        resource_policy=policy,
        resource_policy_required=True,
    )
    if not decision.allowed:
        raise access_denied(visit, "anonymous", decision)


def effect_of(services: Services, visit: Visit, policy: PolicyDocument | None) -> Effect:
    """Return what the resource policy says of an anonymous caller; nothing when there is none."""
    return "implicit_deny" if policy is None else evaluate([policy], access_request(services, visit)).effect


def access_request(services: Services, visit: Visit) -> AccessRequest:
    """Return what policies are asked about a call by nobody in particular."""
    now = services.clock.now()
    keys = {
        **condition_keys(visit),
        "aws:CurrentTime": f"{now.isoformat()[:19]}Z",
        "aws:EpochTime": str(int(now.timestamp())),
    }
    return AccessRequest(INVOKE, visit.arn, keys)


def condition_keys(visit: Visit) -> dict[str, str | tuple[str, ...]]:
    """Return the condition keys that come with a request, whoever signed it.

    Source: API Gateway Developer Guide, "AWS condition keys that can be used in API Gateway resource policies".
    """
    request = visit.request
    keys: dict[str, str | tuple[str, ...]] = {
        "aws:SourceIp": request.source_ip,
        "aws:SecureTransport": "true" if request.scheme == "https" else "false",
        "aws:RequestedRegion": visit.rest_api.region,
    }
    for key, header in (("aws:UserAgent", "user-agent"), ("aws:Referer", "referer")):
        value = request.header(header)
        if value is not None:
            keys[key] = value
    return keys


def access_denied(visit: Visit, who: str, decision: Decision, why: str = "") -> Refused:
    """Return the refusal in AWS's sentence, which shows of the account the last four digits only.

    Source: observed, spec API_GATEWAY section 1.
    """
    account = visit.rest_api.account
    arn = visit.arn.replace(f":{account}:", f":********{account[-4:]}:", 1)
    message = f"User: {who} is not authorized to perform: {INVOKE} on resource: {arn} {decision.reason}"
    return Refused(Refusal.ACCESS_DENIED, why or f"{who}: {decision.reason}.", message=message)


def denied_by_policy(effect: Effect) -> Decision:
    """Return the decision of a resource policy that does not allow."""
    return Decision(allowed=False, explicit=effect == "explicit_deny", reason=UNSPOKEN[effect])
