"""Signing in: the one pipeline behind InitiateAuth, RespondToAuthChallenge, their Admin forms and the hosted page.

Client and SECRET_HASH; flow allowed for the client; lockout; user, or nobody where that is hidden; PreAuthentication; the
challenge's own `start` or `answer`; state of the user; what comes next; PostAuthentication; audit. Tokens are a step of
their own. A challenge fills in its part and can skip none of this.

Source: AWS API_InitiateAuth, API_RespondToAuthChallenge; spec USER_POOLS sections 1.2, 1.6, 1.10, 2.12 and 2.13.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from idp.domain import auth_flow
from idp.domain.auth_flow import AuthFlow, get_flow, missing_parameter, require_parameters
from idp.domain.challenge import require_may_sign_in
from idp.domain.custom_auth import steps_of
from idp.domain.errors import DomainError, InvalidSession, SessionSpent, UserNotFound
from idp.flows.challenges import CHALLENGES, confirmed_sign_up, next_challenge
from idp.flows.challenges.challenge import Challenge, Proof, SignInContext
from idp.flows.challenges.judgement import judge
from idp.flows.custom_sign_in import begun, next_custom_step
from idp.flows.device_sign_in import with_device
from idp.flows.first_factors import available_challenges
from idp.flows.lockout import require_unlocked
from idp.flows.lookups import get_pool_of
from idp.flows.risk import record_outcome, record_progress, require_admitted, with_risk
from idp.flows.sign_in_outcome import Authenticated, ChallengeAnswer, Challenged, SignInAttempt, SignInOutcome
from idp.flows.sign_in_sessions import SignInSession, carried, open_session, seal_session, uncarried
from idp.flows.sign_in_subjects import (
    find_signer_in,
    load_failures,
    load_signer_in,
    lockout_subject,
    names_of,
    proved_salt,
)
from idp.flows.sign_in_triggers import post_authentication, pre_authentication
from idp.flows.user_migration import brings_users

if TYPE_CHECKING:
    from idp.domain.client import Client
    from idp.domain.user import User
    from idp.domain.user_pool import UserPool
    from idp.services import Services
    from idp.store.attempts import AttemptCount


__all__ = [
    "Authenticated",
    "ChallengeAnswer",
    "Challenged",
    "SignInAttempt",
    "SignInOutcome",
    "answer_challenge",
    "begin_sign_in",
    "sign_in_with_password",
]


def begin_sign_in(services: Services, client: Client, flow_name: str, attempt: SignInAttempt) -> SignInOutcome:
    """Begin a sign-in by one of the API's flows (refreshing is not a sign-in).

    Raises:
        DomainError: with the sentences of spec section 3.2.
    """
    flow = get_flow(flow_name, client, attempt.door)
    return _begin(services, client, flow, attempt)


def sign_in_with_password(
    services: Services, client: Client, username: str, password: str, *, source: str, user_agent: str = ""
) -> SignInOutcome:
    """Begin a sign-in on the hosted page, which needs neither SECRET_HASH nor a flow of the client's.

    Args:
        source: the browser's address.
        user_agent: what it says it is.

    Raises:
        DomainError: as `begin_sign_in`.
    """
    attempt = SignInAttempt({"USERNAME": username, "PASSWORD": password}, "hosted", source, user_agent=user_agent)
    return _begin(services, client, auth_flow.HOSTED_PAGE, attempt)


def answer_challenge(services: Services, client: Client, answer: ChallengeAnswer) -> SignInOutcome:
    """Go on with a sign-in by the answer to its challenge, through the door it came in by.

    Raises:
        DomainError: with the sentences of spec sections 1.7, 1.10 and 3.2.
    """
    challenge, session = _open(services, client, answer)
    user_pool = get_pool_of(services, client)
    _check_name(user_pool, client, session, answer.responses["USERNAME"], answer.responses.get("SECRET_HASH"))
    user, failures = load_signer_in(services, user_pool, challenge, session)
    require_unlocked(failures, services.clock.now())
    if session.passed and user is not None:
        require_may_sign_in(user, services.clock.now())
    context = SignInContext(
        services=services,
        user_pool=user_pool,
        client=client,
        door=session.door,
        username=session.username,
        user=user,
        flow=session.flow,
        event_id=session.event_id,
        source=answer.source,
        user_agent=answer.user_agent,
        passed=session.passed,
        secrets=session.secrets,
        client_metadata=answer.client_metadata,
        is_answering=True,
        device_key=answer.responses.get("DEVICE_KEY") or session.device_key,
        history=session.history,
        risk=session.risk,
    )
    require_admitted(context)
    return _judge(context, challenge, answer.responses, failures, session=session)


def _begin(services: Services, client: Client, flow: AuthFlow, attempt: SignInAttempt) -> SignInOutcome:
    user_pool = get_pool_of(services, client)
    flow = auth_flow.begun_with(flow, attempt.parameters)
    require_parameters(attempt.parameters, flow.required)
    auth_flow.refuse_step_up(flow, attempt.parameters)
    assert flow.challenge is not None, "refreshing is not a sign-in"
    if attempt.session is not None and flow.name == auth_flow.CHOICE_BASED:
        return _begin_after_sign_up(services, client, attempt, attempt.session)
    challenge, username = CHALLENGES[flow.challenge], attempt.parameters["USERNAME"]
    user, failures = find_signer_in(services, user_pool, challenge, username, evenly=client.hides_unknown_users)
    if attempt.door != "hosted":
        client.check_secret_hash(attempt.parameters.get("SECRET_HASH"), username, *names_of(user))
    require_unlocked(failures, services.clock.now())
    if user is None and not client.hides_unknown_users and not brings_users(user_pool, flow.name):
        raise UserNotFound
    context = SignInContext(
        services=services,
        user_pool=user_pool,
        client=client,
        door=attempt.door,
        username=username,
        user=user,
        flow=flow.name,
        event_id=services.random.uuid(),
        source=attempt.source,
        user_agent=attempt.user_agent,
        parameters=attempt.parameters,
        client_metadata=attempt.client_metadata,
        device_key=attempt.parameters.get("DEVICE_KEY"),
    )
    require_admitted(context)
    pre_authentication(context)
    if flow.name == auth_flow.CUSTOM:
        return _proceed(begun(context))
    if flow.is_answered:
        return _judge(context, challenge, attempt.parameters, failures, session=None)
    return _ask(context, challenge)


def _begin_after_sign_up(services: Services, client: Client, attempt: SignInAttempt, sealed: str) -> SignInOutcome:
    """Begin with what ConfirmSignUp proved; of the parameters only the name counts.

    Raises:
        InvalidSession and its kind; as `_begin`.
    """
    challenge, session = confirmed_sign_up.CHALLENGE, open_session(services, client, sealed)
    if session.challenge != challenge.name:
        raise InvalidSession
    user_pool, given = get_pool_of(services, client), attempt.parameters["USERNAME"]
    _check_name(user_pool, client, session, given, attempt.parameters.get("SECRET_HASH"))
    user, _ = load_signer_in(services, user_pool, challenge, session)
    context = SignInContext(
        services=services,
        user_pool=user_pool,
        client=client,
        door=attempt.door,
        username=session.username,
        user=user,
        flow=session.flow,
        event_id=session.event_id,
        source=attempt.source,
        user_agent=attempt.user_agent,
        secrets=session.secrets,
        client_metadata=attempt.client_metadata,
    )
    require_admitted(context)
    pre_authentication(context)
    return _judge(context, challenge, attempt.parameters, None, session=session)


def _check_name(
    user_pool: UserPool, client: Client, session: SignInSession, given: str, secret_hash: str | None
) -> None:
    """Check that a request names whom its session is of, and knows the client's secret.

    Raises:
        InvalidSession, NotAuthorized.
    """
    if not {given, user_pool.fold(given)} & set(session.names):
        raise InvalidSession
    if session.door != "hosted":
        client.check_secret_hash(secret_hash, given, *session.names)


def _judge(
    context: SignInContext,
    challenge: Challenge,
    responses: Mapping[str, str],
    failures: AttemptCount | None,
    *,
    session: SignInSession | None,
) -> SignInOutcome:
    """Let the challenge judge the answer; a wrong one counts, a right one is spent, and the sign-in goes on."""
    if challenge.is_judged_once and session is not None:
        _spend(context, session)
        session = None
    proof = judge(context, challenge, responses)
    if proof.asks is not None:
        return _hand_over(context, CHALLENGES[proof.asks], proof, responses, session=session)
    if proof.step is None:  # and before the session is spent: the client may come again without the key
        context = with_device(context, responses.get("DEVICE_KEY"))
    user = _settle(context, proof, session, forgets=None if failures is None else challenge.attempts)
    advanced = _advanced(replace(context, user=user, parameters={}, secrets={}), challenge, proof)
    return _proceed(advanced, password=responses.get("PASSWORD"))


def _advanced(context: SignInContext, challenge: Challenge, proof: Proof) -> SignInContext:
    """Return the sign-in one step further."""
    if proof.step is not None:
        return replace(context, history=(*context.history, proof.step))
    name = proof.passes or challenge.name
    steps = steps_of(name) if context.flow == auth_flow.CUSTOM else ()
    return replace(context, passed=(*context.passed, name), history=(*context.history, *steps))


def _hand_over(
    context: SignInContext,
    challenge: Challenge,
    proof: Proof,
    responses: Mapping[str, str],
    *,
    session: SignInSession | None,
) -> SignInOutcome:
    """Go on with the challenge that an answer chose: judge what it holds for that one, or spend the session and ask.

    Raises:
        SessionSpent; as the challenge.
    """
    if proof.is_answered:
        failures = load_failures(context.services, context.user_pool, challenge, context.user, context.username)
        require_unlocked(failures, context.services.clock.now())
        return _judge(context, challenge, responses, failures, session=session)
    user = context.user if session is None else _settle(context, proof, session, forgets=None)
    return _ask(replace(context, user=user, parameters=responses, secrets={}), challenge)


def _spend(context: SignInContext, session: SignInSession) -> None:
    """Spend a session whose answer may be wrong; raises SessionSpent."""
    _settle(context, Proof(), session, forgets=None)


def _settle(context: SignInContext, proof: Proof, session: SignInSession | None, *, forgets: str | None) -> User | None:
    """Spend the session, store what the answer changes and forget earlier failures, in one transaction if in any.

    Raises:
        SessionSpent: somebody answered first; nothing is stored.
    """
    user = context.user
    if session is None and proof.save is None and forgets is None:
        return user
    with context.services.unit_of_work() as work:
        if session is not None and not work.spent_tickets.spend(session.id, session.expires_at):
            raise SessionSpent
        if forgets is not None:
            work.attempts.clear(
                context.user_pool.id, lockout_subject(context.user_pool, user, context.username), forgets
            )
        if proof.save is not None:
            user = proof.save(work)
        work.commit()
    return user


def _proceed(context: SignInContext, *, password: str | None = None) -> SignInOutcome:
    """Ask the next challenge, or end the sign-in well.

    Args:
        password: that has just been proved, if the server has seen it.
    """
    try:
        context, challenge = _next(with_risk(context, password))
    except DomainError as refusal:
        record_outcome(context, refusal)
        raise
    if challenge is not None:
        record_progress(context)
        return _ask(context, challenge)
    user = context.user
    assert user is not None, "nobody passes"
    post_authentication(context, user)
    record_outcome(context, None)
    return Authenticated(
        user_pool=context.user_pool,
        client=context.client,
        user=user,
        authenticated_at=context.services.clock.now(),
        event_id=context.event_id,
        passed=context.passed,
        source=context.source,
        user_agent=context.user_agent,
        client_metadata=context.client_metadata if context.is_answering else None,
        device=context.device,
    )


def _next(context: SignInContext) -> tuple[SignInContext, Challenge | None]:
    """Return the challenge that must be passed next, None when none must, and where the sign-in stands by then."""
    if context.flow == auth_flow.CUSTOM:
        return next_custom_step(context)
    user = context.user
    assert user is not None, "nobody passes"
    require_may_sign_in(user, context.services.clock.now())
    return context, next_challenge(context, user)


def _ask(context: SignInContext, challenge: Challenge) -> Challenged:
    """Start a challenge and seal how far the sign-in has come."""
    question = challenge.start(context)
    lifetime = challenge.lifetime or context.client.sign_in_session_lifetime
    shown = {question.parameters[name] for name in ("USER_ID_FOR_SRP", "USERNAME") if name in question.parameters}
    session = SignInSession(
        id=context.services.random.uuid(),
        expires_at=context.services.clock.now() + lifetime,
        door=context.door,
        flow=context.flow,
        challenge=challenge.name,
        username=context.username,
        names=tuple({context.user_pool.fold(context.username), *names_of(context.user), *shown}),
        sub=None if context.user is None else context.user.sub,
        event_id=context.event_id,
        passed=context.passed,
        secrets=question.secrets,
        device_key=context.device_key,
        history=context.history,
        risk=context.risk,
        proved_salt=proved_salt(context.user, context.passed),
    )
    sealed = seal_session(context.services, context.client, session)
    if challenge.memory is not None:
        challenge.memory.keep(context, sealed, session.expires_at)
    if challenge.carrier is None:
        return Challenged(challenge.name, question.parameters, sealed, _choices(context))
    in_parameters = {challenge.carrier[0]: carried(sealed)}
    # Clients that began with SRP send no Session, and know of none.
    return Challenged(
        challenge.name,
        {**question.parameters, **in_parameters},
        None if context.flow == auth_flow.SRP else sealed,
        _choices(context),
    )


def _choices(context: SignInContext) -> tuple[str, ...]:
    """Return AvailableChallenges of a choice-based sign-in that is at its first factor."""
    if context.flow != auth_flow.CHOICE_BASED or context.passed:
        return ()
    return available_challenges(context)


def _open(services: Services, client: Client, answer: ChallengeAnswer) -> tuple[Challenge, SignInSession]:
    """Return the challenge that is answered and the session that asked it.

    Raises:
        InvalidParameter: something is missing.
        InvalidSession: the session is not ours, or of another challenge, client or door; SessionExpired.
    """
    challenge = CHALLENGES.get(answer.challenge)
    require_parameters(answer.responses, ("USERNAME", *(challenge.required if challenge else ())))
    carrier = challenge.carrier if challenge else None
    sealed = answer.session if carrier is None else uncarried(answer.responses[carrier[1]])
    if not sealed and challenge is not None and challenge.memory is not None:
        sealed = challenge.memory.recall(services, client, answer.responses)
    if not sealed:
        raise missing_parameter("Session")
    session = open_session(services, client, sealed)
    if challenge is None or session.challenge != challenge.name or session.door != answer.door:
        raise InvalidSession
    return challenge, session
