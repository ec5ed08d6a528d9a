"""How the operations that sign in, or refresh, answer.  Source: AWS API_AuthenticationResultType; spec section 1.1."""

from __future__ import annotations

from typing import TYPE_CHECKING

from idp.flows.sign_in_outcome import Challenged

if TYPE_CHECKING:
    from idp.aws.types.cognito_idp import AuthenticationResultType, InitiateAuthResponse
    from idp.flows.tokens import TokenSet


def sign_in_answer(outcome: TokenSet | Challenged) -> InitiateAuthResponse:
    """Return what all four operations answer: tokens, beside empty ChallengeParameters, or the next challenge."""
    if not isinstance(outcome, Challenged):
        return {"ChallengeParameters": {}, "AuthenticationResult": authentication_result(outcome)}
    answer: InitiateAuthResponse = {"ChallengeName": outcome.challenge, "ChallengeParameters": outcome.parameters}
    if outcome.session is not None:
        answer["Session"] = outcome.session
    if outcome.available:
        answer["AvailableChallenges"] = outcome.available
    return answer


def authentication_result(tokens: TokenSet) -> AuthenticationResultType:
    """Return tokens; what a refresh does not give is left out."""
    result: AuthenticationResultType = {
        "AccessToken": tokens.access_token,
        "ExpiresIn": tokens.expires_in,
        "TokenType": "Bearer",
    }
    if tokens.refresh_token is not None:
        result["RefreshToken"] = tokens.refresh_token
    if tokens.id_token is not None:
        result["IdToken"] = tokens.id_token
    if tokens.new_device is not None:
        result["NewDeviceMetadata"] = {
            "DeviceKey": tokens.new_device.key,
            "DeviceGroupKey": tokens.new_device.group_key,
        }
    return result
