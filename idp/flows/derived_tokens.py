"""Tokens exchanged for others that are narrower, bound to a service, or of somebody who acts for the user.

Source: AWS API_GetDerivedToken; RFC 8693 (token exchange, `act`); RFC 8707 section 2 (resources become `aud`).

Unknown: what AWS does not state of GetDerivedToken is chosen here:

- All sentences. A client with a secret shows it, whether the request is signed or not; one without has none to show.
- Subjects are users. Actors are users, or clients by their own access tokens.
- The clients of the subject's and the actor's tokens may be others of the same pool.
- An ID token grants no scopes: an access token for it has none, and none can be asked for.
- An ID token for an ID token shows no attribute that the other does not show.
- An ID token for an access token needs `openid` or `aws.cognito.signin.user.admin` among the granted scopes.
- `openid` alone shows all attributes: it is not granted without `email`, `phone` and `profile` where the subject's token
  has one of them, so that fewer scopes never show more.
- The token names the requesting client (`client_id`, `azp`) and never outlives the subject's token. It has that one's
  session (`origin_jti`), sign-in event and `auth_time`; no nonce and no refresh token.
- An ID token may not be bound to another client by its id or URL, which would take it for its own.
- An actor of an earlier exchange stays, within the new one or alone.
- The trigger is told of `TokenGeneration_RefreshTokens`: new tokens without a new sign-in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from idp.authorizer.jwt import SignedClaims, TokenRefused, verify_token
from idp.domain.claims import access_token_claims, attribute_claims, derived_claims, id_token_claims
from idp.domain.client import DELEGATION_FLOW, IMPERSONATION_FLOW
from idp.domain.client_metadata import is_url
from idp.domain.errors import AccessTokenRevoked, InvalidParameter, NotAuthorized
from idp.domain.scope import OPENID, SELF_SERVICE, narrowed
from idp.domain.user_session import UserSession
from idp.flows.access import get_holder
from idp.flows.lookups import get_pool_of
from idp.flows.own_keys import OwnKeys
from idp.flows.token_customization import customized, describe_subject
from idp.flows.tokens import FROM_REFRESH

if TYPE_CHECKING:
    from idp.domain.claims import TokenSubject
    from idp.domain.client import Client
    from idp.domain.user import User
    from idp.services import Services

ACCESS_TOKEN, ID_TOKEN = "ACCESS_TOKEN", "ID_TOKEN"
_USES = {ACCESS_TOKEN: "access", ID_TOKEN: "id"}


@dataclass(frozen=True, slots=True)
class PresentedToken:
    """A token that a request presents, not verified.

    Attributes:
        member: the request's name of it, for sentences.
        type: `ACCESS_TOKEN`, `ID_TOKEN` or `SAML2`; None when the request does not say.
        provider_name: of the upstream provider that made it; None for our own.
    """

    member: str
    unverified_token: str | None = field(repr=False)
    type: str | None
    provider_name: str | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the derived token shall be: its type, and its scopes, audiences and resources, none of which must be given."""

    type: str
    scopes: Sequence[str]
    audiences: Sequence[str]
    resources: Sequence[str]


@dataclass(frozen=True, slots=True)
class DerivedToken:
    """A derived token as an answer holds it.

    Attributes:
        expires_in: in seconds.
        scopes: of an access token; none for an ID token.
    """

    token: str = field(repr=False)
    type: str
    expires_in: int
    scopes: Sequence[str]


def get_derived_token(
    services: Services,
    client: Client,
    secret: str | None,
    *,
    subject: PresentedToken,
    actor: PresentedToken,
    wanted: Wanted,
) -> DerivedToken:
    """Exchange a subject's token, and the token of who acts for them if there is one, for a new token.

    Raises:
        NotAuthorized: the secret or a token is not good. UserNotFound, UserDisabled: a token's user.
        InvalidParameter: the client has not the flow, or the members do not fit the tokens or each other.
        TriggerRefused, TriggerFailed, TriggerAnswerInvalid.
    """
    _require_client(client, secret, DELEGATION_FLOW if _is_given(actor) else IMPERSONATION_FLOW)
    audience = _audience(services, client, wanted)
    claims = _verified(services, client, subject)
    if _speaks_for_client(claims):
        raise InvalidParameter("SubjectToken must be a token of a user.")
    user, session = _holder(services, client, subject, claims)
    act = _act(services, client, actor, claims.get("act"))
    granted = _granted(client, claims, wanted, is_access_token=subject.type == ACCESS_TOKEN)
    told = _session(client, user, session, claims, granted)
    described = _described(services, client, user, told, is_traceable=session is not None)
    fresh = _claims(services, client, described, wanted.type)
    if subject.type == ID_TOKEN:
        fresh = _unless_hidden(fresh, described, claims)
    return _signed(
        services, client, wanted, derived_claims(fresh, expires_at=claims["exp"], audience=audience, act=act)
    )


def _require_client(client: Client, secret: str | None, flow: str) -> None:
    if (client.secrets or secret is not None) and not client.has_secret(secret or ""):
        raise NotAuthorized(f"Unable to verify secret for client {client.id}")
    if flow not in client.flows:
        raise InvalidParameter(f"{flow} is not enabled for the client.")


def _is_given(presented: PresentedToken) -> bool:
    """Say whether the request has any member of the token, so that one alone is not taken for none."""
    return (presented.unverified_token, presented.type, presented.provider_name) != (None, None, None)


def _audience(services: Services, client: Client, wanted: Wanted) -> str | None:
    if wanted.audiences and wanted.resources:
        raise InvalidParameter("Audiences and Resources cannot be requested together.")
    for resource in wanted.resources:
        with services.reading() as work:
            if work.resource_servers.find(client.pool_id, resource) is None:
                raise InvalidParameter(f"Resource server {resource} does not exist.")
    audience = next(iter((*wanted.audiences, *wanted.resources)), None)
    is_for_other = wanted.type == ID_TOKEN and not wanted.resources and audience not in {None, client.id}
    if is_for_other and (is_url(str(audience)) or services.catalog.clients.find(str(audience)) is not None):
        raise InvalidParameter("An ID token cannot be issued for another client.")
    return audience


def _verified(services: Services, client: Client, presented: PresentedToken) -> SignedClaims:
    """Verify a presented token of the client's pool: signature, issuer, times and type."""
    member = presented.member
    if presented.unverified_token is None or presented.type is None:
        raise InvalidParameter(f"{member} and {member}Type must be given together.")
    if presented.provider_name is not None or presented.type not in _USES:
        raise InvalidParameter(
            f"{member} must be a token of the user pool; those of other providers are not supported."
        )
    try:
        return verify_token(
            presented.unverified_token,
            OwnKeys(services),
            now=services.clock.now(),
            issuers=(services.settings.issuer(client.pool_id),),
            token_use=_USES[presented.type],
        )
    except TokenRefused as refusal:
        reason = "has expired" if refusal.reason == "expired" else f"is not a valid {presented.type} of the user pool"
        raise NotAuthorized(f"{member} {reason}.") from refusal


def _speaks_for_client(claims: SignedClaims) -> bool:
    return claims.keys().isdisjoint({"username", "cognito:username"})


def _holder(
    services: Services, client: Client, presented: PresentedToken, claims: SignedClaims
) -> tuple[User, UserSession | None]:
    try:
        return get_holder(services, client.pool_id, claims)
    except AccessTokenRevoked as refusal:
        raise NotAuthorized(f"{presented.member} has been revoked.") from refusal


def _act(services: Services, client: Client, actor: PresentedToken, earlier: Any) -> Mapping[str, Any] | None:
    """Return the `act` claim: the actor, with who acted before.  Source: RFC 8693 section 4.1."""
    before = earlier if isinstance(earlier, Mapping) else None
    if not _is_given(actor):
        return before
    claims = _verified(services, client, actor)
    if not _speaks_for_client(claims):
        _holder(services, client, actor, claims)
    elif services.catalog.clients.find(claims["client_id"]) is None:
        raise NotAuthorized("ActorToken is of a client that does not exist.")
    return {"sub": claims["sub"]} if before is None else {"sub": claims["sub"], "act": before}


def _granted(client: Client, claims: SignedClaims, wanted: Wanted, *, is_access_token: bool) -> Sequence[str]:
    """Return the scopes: the subject's, or those asked for that both the subject's token and the client have."""
    granted = claims["scope"].split() if is_access_token else []
    if wanted.scopes:
        granted = narrowed(granted, {*wanted.scopes} & {*client.oauth_scopes})
        if not granted:
            raise InvalidParameter("None of Scopes is both the SubjectToken's and the client's.")
    if wanted.type == ID_TOKEN and is_access_token and {OPENID, SELF_SERVICE}.isdisjoint(granted):
        raise InvalidParameter("The granted scopes do not include those of an ID token.")
    return granted


def _session(
    client: Client, user: User, session: UserSession | None, claims: SignedClaims, granted: Sequence[str]
) -> UserSession:
    """Return the session as the new token tells it; for tokens that cannot be revoked, as the subject's token does."""
    told = session or UserSession(
        id="",
        pool_id=client.pool_id,
        user_id=user.id,
        client_id=client.id,
        event_id=claims["event_id"],
        scope="",
        authenticated_at=datetime.fromtimestamp(claims["auth_time"], UTC),
        expires_at=datetime.fromtimestamp(claims["exp"], UTC),
        hosted="version" in claims or "at_hash" in claims,
        device_key=claims.get("device_key"),
    )
    return replace(told, scope=" ".join(granted), nonce=None)


def _described(
    services: Services, client: Client, user: User, session: UserSession, *, is_traceable: bool
) -> TokenSubject:
    with services.reading() as work:
        groups = work.groups.of_user(user)
    described = describe_subject(services, get_pool_of(services, client), client, user, session, groups)
    return replace(described, is_traceable=is_traceable)


def _claims(services: Services, client: Client, described: TokenSubject, token_type: str) -> dict[str, Any]:
    """Return the claims as the trigger leaves them."""
    subject, overrides = customized(
        services, get_pool_of(services, client), described, source=FROM_REFRESH, client_metadata=None
    )
    jti = services.random.uuid()
    if token_type == ID_TOKEN:
        return overrides.id_claims(id_token_claims(subject, jti, at_hash=None))
    return overrides.access_claims(access_token_claims(subject, jti))


def _unless_hidden(claims: Mapping[str, Any], described: TokenSubject, shown: SignedClaims) -> dict[str, Any]:
    """Return the claims without the attributes that the subject's ID token does not show."""
    attributes = attribute_claims(described.user, described.client, described.session)
    return {name: value for name, value in claims.items() if name not in attributes or name in shown}


def _signed(services: Services, client: Client, wanted: Wanted, issued: dict[str, Any]) -> DerivedToken:
    token = services.keyring.signer(client.pool_id, _USES[wanted.type]).sign(issued)
    scopes = issued["scope"].split() if wanted.type == ACCESS_TOKEN else ()
    return DerivedToken(token, wanted.type, issued["exp"] - issued["iat"], scopes)
