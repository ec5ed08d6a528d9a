"""CUSTOM_CHALLENGE: a question that the pool's functions ask and judge; also of nobody, where the client hides that.

An answer is judged once: the session is spent before the function sees it, so that a guess costs the whole challenge,
whatever the function does. Whether a wrong answer ends the sign-in is DefineAuthChallenge's to say.
Source: spec USER_POOLS sections 1.7 and 1.8.
"""

from __future__ import annotations

from collections.abc import Mapping

from idp.domain import challenge as names
from idp.domain.custom_auth import step
from idp.flows.challenges.challenge import Challenge, Proof, Question, SignInContext
from idp.flows.custom_triggers import create_auth_challenge, verify_auth_challenge
from idp.flows.sign_in_subjects import shown_name


def start(context: SignInContext) -> Question:
    """Have the challenge made; its private parameters never leave the server unsealed."""
    created = create_auth_challenge(context)
    return Question(
        {**created.public, "USERNAME": shown_name(context.services, context.user_pool, context.user, context.username)},
        {"private": dict(created.private), "metadata": created.metadata},
    )


def answer(context: SignInContext, responses: Mapping[str, str]) -> Proof:
    """Have the answer judged; right and wrong alike go into the history."""
    is_right = verify_auth_challenge(context, context.secrets["private"], responses["ANSWER"])
    return Proof(step=step(names.CUSTOM_CHALLENGE, is_right=is_right, metadata=context.secrets["metadata"]))


CHALLENGE = Challenge(names.CUSTOM_CHALLENGE, start, answer, required=("ANSWER",), is_judged_once=True)
