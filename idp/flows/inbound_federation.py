"""InboundFederation: a pool's function sees what a provider said of somebody, and may say what is taken from it.

Source: AWS "Inbound federation Lambda trigger"; spec USER_POOLS sections 8.2 and 8.3.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from idp.domain.errors import TriggerAnswerInvalid
from idp.flows.triggers import run_trigger

if TYPE_CHECKING:
    from idp.domain.identity_provider import IdentityProvider
    from idp.domain.upstream import UpstreamIdentity
    from idp.flows.challenges.challenge import SignInContext

TRIGGER = "InboundFederation"
ANSWER = "userAttributesToMap"


def inbound_claims(context: SignInContext, provider: IdentityProvider, identity: UpstreamIdentity) -> Mapping[str, Any]:
    """Return the claims that are mapped: the provider's, or the function's in their place when it answers with any.

    Who somebody is does not change by the answer: the provider's subject stays.
    Unknown: what AWS does when the answer leaves out, or replaces, the claim of the subject.

    Raises:
        TriggerRefused, TriggerFailed; TriggerAnswerInvalid: a value is no text.
    """
    answer = run_trigger(
        context.services,
        context.user_pool,
        TRIGGER,
        f"{TRIGGER}_ExternalProvider",
        client_id=context.client.id,
        username=context.username,
        request={
            "providerName": provider.name,
            "providerType": provider.type,
            "attributes": {name: dict(texts) for name, texts in identity.evidence.items()},
        },
        response={ANSWER: {}},
    )
    claims = answer.get(ANSWER)
    if not claims and (claims is None or isinstance(claims, Mapping)):
        return identity.claims
    if not isinstance(claims, Mapping) or not all(isinstance(value, str) for value in claims.values()):
        raise TriggerAnswerInvalid
    return claims
