from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import jwt
import pytest

from idp.flows.openid_tokens import identity_jwks
from idp.services import Services
from tests.aws.cognito_identity.conftest import ACCOUNT, UserPool, trust_pool
from tests.aws.iam.policies import allow, trust
from tests.fakes import START, FakeClock
from tests.sdk import refused

NO_MATCH = "Logins don't match. Please include at least one valid login for this identity or identity pool."
BAD_CONFIGURATION = "Invalid identity pool configuration. Check assigned IAM roles for this pool."
NOT_TRUSTED = "Not authorized to perform sts:AssumeRoleWithWebIdentity"


@pytest.fixture
def credentials_of(public: Any, pool_id: str) -> Callable[..., dict[str, Any]]:
    """Go through the enhanced flow; returns GetCredentialsForIdentity's answer."""

    def get(logins: dict[str, str], **more: Any) -> dict[str, Any]:
        identity_id = public.get_id(IdentityPoolId=pool_id, Logins=logins)["IdentityId"]
        answer: dict[str, Any] = public.get_credentials_for_identity(IdentityId=identity_id, Logins=logins, **more)
        return answer

    return get


class TestEnhancedFlow:
    def test_a_person_gets_the_authenticated_role_for_an_hour(
        self,
        credentials_of: Callable[..., dict[str, Any]],
        roles: dict[str, str],
        people: UserPool,
        signing_with: Callable[..., Any],
    ) -> None:
        credentials = credentials_of(people.login("ann"))["Credentials"]

        assert credentials["Expiration"] == START + timedelta(hours=1)
        assert (
            signing_with(credentials, "sts").get_caller_identity()["Arn"]
            == f"arn:aws:sts::{ACCOUNT}:assumed-role/members/CognitoIdentityCredentials"
        )
        assert signing_with(credentials, "iam").list_roles()["Roles"]

    def test_a_guest_gets_the_other_role(
        self, credentials_of: Callable[..., dict[str, Any]], roles: dict[str, str], signing_with: Callable[..., Any]
    ) -> None:
        credentials = credentials_of({})["Credentials"]

        assert (
            signing_with(credentials, "sts").get_caller_identity()["Arn"]
            == f"arn:aws:sts::{ACCOUNT}:assumed-role/guests/CognitoIdentityCredentials"
        )
        assert signing_with(credentials, "cognito-idp").list_user_pools(MaxResults=1)["UserPools"]

    def test_a_guest_is_scoped_down_whatever_the_role_allows(
        self, credentials_of: Callable[..., dict[str, Any]], roles: dict[str, str], signing_with: Callable[..., Any]
    ) -> None:
        guest = signing_with(credentials_of({})["Credentials"], "iam")

        with refused(
            "AccessDenied",
            f"User: arn:aws:sts::{ACCOUNT}:assumed-role/guests/CognitoIdentityCredentials is not authorized to "
            f"perform: iam:ListRoles on resource: arn:aws:iam::{ACCOUNT}:role/* because no session policy allows the "
            "iam:ListRoles action",
        ):
            guest.list_roles()

    def test_credentials_do_no_more_than_the_role(
        self,
        credentials_of: Callable[..., dict[str, Any]],
        roles: dict[str, str],
        people: UserPool,
        signing_with: Callable[..., Any],
    ) -> None:
        member = signing_with(credentials_of(people.login("ann"))["Credentials"], "cognito-idp")

        with refused("AccessDeniedException"):
            member.list_user_pools(MaxResults=1)

    def test_credentials_expire(
        self,
        credentials_of: Callable[..., dict[str, Any]],
        roles: dict[str, str],
        people: UserPool,
        signing_with: Callable[..., Any],
        clock: FakeClock,
    ) -> None:
        member = signing_with(credentials_of(people.login("ann"))["Credentials"], "iam")

        clock.advance(timedelta(hours=1))

        with refused("ExpiredToken", "The security token included in the request is expired"):
            member.list_roles()

    def test_policies_know_the_identity(
        self,
        credentials_of: Callable[..., dict[str, Any]],
        roles: dict[str, str],
        people: UserPool,
        signing_with: Callable[..., Any],
        aws: Any,
    ) -> None:
        ann, bob = credentials_of(people.login("ann")), credentials_of(people.login("bob"))
        only_ann = {"StringEquals": {"cognito-identity.amazonaws.com:sub": ann["IdentityId"]}}
        aws("iam", key=ACCOUNT).put_role_policy(
            RoleName="members", PolicyName="p", PolicyDocument=allow("iam:ListRoles", Condition=only_ann)
        )

        assert signing_with(ann["Credentials"], "iam").list_roles()["Roles"]
        with refused("AccessDenied"):
            signing_with(bob["Credentials"], "iam").list_roles()

    def test_without_roles_a_pool_gives_nothing(
        self, credentials_of: Callable[..., dict[str, Any]], people: UserPool
    ) -> None:
        with refused("InvalidIdentityPoolConfigurationException", BAD_CONFIGURATION):
            credentials_of(people.login("ann"))

    def test_a_role_that_does_not_trust_the_pool_is_not_given(
        self,
        credentials_of: Callable[..., dict[str, Any]],
        roles: dict[str, str],
        people: UserPool,
        aws: Any,
        a_pool: Callable[..., str],
    ) -> None:
        aws("iam", key=ACCOUNT).update_assume_role_policy(
            RoleName="members", PolicyDocument=trust_pool(a_pool(), "authenticated")
        )

        with refused("InvalidIdentityPoolConfigurationException", BAD_CONFIGURATION):
            credentials_of(people.login("ann"))

    def test_a_guest_does_not_get_a_role_for_members(
        self, credentials_of: Callable[..., dict[str, Any]], roles: dict[str, str], admin: Any, pool_id: str
    ) -> None:
        admin.set_identity_pool_roles(IdentityPoolId=pool_id, Roles={"unauthenticated": roles["authenticated"]})

        with refused("InvalidIdentityPoolConfigurationException", BAD_CONFIGURATION):
            credentials_of({})

    def test_guests_of_a_pool_that_forbids_them_since_are_refused(
        self, public: Any, admin: Any, pool_id: str, roles: dict[str, str]
    ) -> None:
        guest = public.get_id(IdentityPoolId=pool_id)["IdentityId"]
        admin.update_identity_pool(IdentityPoolId=pool_id, IdentityPoolName="x", AllowUnauthenticatedIdentities=False)

        with refused("NotAuthorizedException", "Unauthenticated access is not supported for this identity pool."):
            public.get_credentials_for_identity(IdentityId=guest)

    def test_an_unknown_identity_is_not_found(self, public: Any) -> None:
        unknown = "us-east-1:00000000-0000-4000-8000-000000000000"

        with refused("ResourceNotFoundException", f"Identity '{unknown}' not found."):
            public.get_credentials_for_identity(IdentityId=unknown)


class TestProof:
    @pytest.fixture(autouse=True)
    def _roles(self, roles: dict[str, str]) -> None: ...

    def test_a_persons_identity_needs_a_login(self, public: Any, pool_id: str, people: UserPool) -> None:
        identity_id = public.get_id(IdentityPoolId=pool_id, Logins=people.login("ann"))["IdentityId"]

        with refused("NotAuthorizedException", f"Access to Identity '{identity_id}' is forbidden."):
            public.get_credentials_for_identity(IdentityId=identity_id)

    def test_somebody_elses_login_does_not_match(self, public: Any, pool_id: str, people: UserPool) -> None:
        identity_id = public.get_id(IdentityPoolId=pool_id, Logins=people.login("ann"))["IdentityId"]

        with refused("NotAuthorizedException", NO_MATCH):
            public.get_credentials_for_identity(IdentityId=identity_id, Logins=people.login("bob"))

    def test_a_guest_who_signs_in_keeps_the_identity(self, public: Any, pool_id: str, people: UserPool) -> None:
        guest = public.get_id(IdentityPoolId=pool_id)["IdentityId"]

        answer = public.get_credentials_for_identity(IdentityId=guest, Logins=people.login("ann"))

        assert answer["IdentityId"] == guest
        assert public.get_id(IdentityPoolId=pool_id, Logins=people.login("ann"))["IdentityId"] == guest
        with refused("NotAuthorizedException", f"Access to Identity '{guest}' is forbidden."):
            public.get_credentials_for_identity(IdentityId=guest)

    def test_a_guest_who_turns_out_to_be_known_becomes_the_known_identity(
        self, admin: Any, public: Any, pool_id: str, people: UserPool
    ) -> None:
        known = public.get_id(IdentityPoolId=pool_id, Logins=people.login("ann"))["IdentityId"]
        guest = public.get_id(IdentityPoolId=pool_id)["IdentityId"]

        answer = public.get_credentials_for_identity(IdentityId=guest, Logins=people.login("ann"))

        assert answer["IdentityId"] == known
        with refused("NotAuthorizedException", f"Access to Identity '{guest}' is forbidden."):
            public.get_credentials_for_identity(IdentityId=guest)
        shown = admin.list_identities(IdentityPoolId=pool_id, MaxResults=9, HideDisabled=True)["Identities"]
        assert [each["IdentityId"] for each in shown] == [known]

    def test_an_identity_has_one_login_of_a_provider(self, public: Any, pool_id: str, people: UserPool) -> None:
        guest = public.get_id(IdentityPoolId=pool_id)["IdentityId"]
        public.get_credentials_for_identity(IdentityId=guest, Logins=people.login("ann"))

        with refused("NotAuthorizedException", NO_MATCH):
            public.get_credentials_for_identity(IdentityId=guest, Logins=people.login("bob"))


class TestTwoUserPools:
    @pytest.fixture
    def other(self, a_user_pool: Callable[[], UserPool]) -> UserPool:
        return a_user_pool()

    @pytest.fixture
    def both(self, a_pool: Callable[..., str], people: UserPool, other: UserPool) -> str:
        return a_pool(AllowClassicFlow=True, CognitoIdentityProviders=[people.as_provider, other.as_provider])

    def test_a_new_login_is_linked_to_the_identity(
        self, public: Any, both: str, people: UserPool, other: UserPool
    ) -> None:
        first = public.get_id(IdentityPoolId=both, Logins=people.login("ann"))["IdentityId"]

        logins = people.login("ann") | other.login("bob")
        assert public.get_open_id_token(IdentityId=first, Logins=logins)["IdentityId"] == first

        assert public.get_id(IdentityPoolId=both, Logins=other.login("bob"))["IdentityId"] == first

    def test_two_identities_of_one_person_become_the_older_one(
        self, admin: Any, public: Any, both: str, people: UserPool, other: UserPool, clock: FakeClock
    ) -> None:
        older = public.get_id(IdentityPoolId=both, Logins=people.login("ann"))["IdentityId"]
        clock.advance(1)
        younger = public.get_id(IdentityPoolId=both, Logins=other.login("ann"))["IdentityId"]

        logins = people.login("ann") | other.login("ann")
        assert public.get_id(IdentityPoolId=both, Logins=logins)["IdentityId"] == older

        assert public.get_id(IdentityPoolId=both, Logins=other.login("ann"))["IdentityId"] == older
        assert admin.describe_identity(IdentityId=older)["Logins"] == sorted([people.provider, other.provider])
        assert admin.describe_identity(IdentityId=younger)["Logins"] == []
        with refused("NotAuthorizedException", f"Access to Identity '{younger}' is forbidden."):
            public.get_open_id_token(IdentityId=younger, Logins=other.login("ann"))

    def test_identities_of_two_people_do_not_become_one(
        self, public: Any, both: str, people: UserPool, other: UserPool
    ) -> None:
        public.get_id(IdentityPoolId=both, Logins=people.login("ann") | other.login("ann"))
        public.get_id(IdentityPoolId=both, Logins=people.login("bob") | other.login("bob"))

        with refused("ResourceConflictException", "Logins are already linked to another identity"):
            public.get_id(IdentityPoolId=both, Logins=people.login("ann") | other.login("bob"))


class TestClassicFlow:
    @pytest.fixture
    def classic(self, a_pool: Callable[..., str]) -> str:
        return a_pool(AllowClassicFlow=True)

    @pytest.fixture
    def token_of(self, public: Any, classic: str) -> Callable[[dict[str, str]], str]:
        def get(logins: dict[str, str]) -> str:
            identity_id = public.get_id(IdentityPoolId=classic, Logins=logins)["IdentityId"]
            token: str = public.get_open_id_token(IdentityId=identity_id, Logins=logins)["Token"]
            return token

        return get

    def test_it_must_be_switched_on(self, public: Any, pool_id: str) -> None:
        guest = public.get_id(IdentityPoolId=pool_id)["IdentityId"]

        with refused("InvalidParameterException", "Basic (classic) flow is not enabled, please use enhanced flow."):
            public.get_open_id_token(IdentityId=guest)

    def test_a_guests_token_says_so(self, token_of: Callable[..., str], classic: str, services: Services) -> None:
        token = token_of({})
        claims = verified(token, services, classic)

        assert re.fullmatch(r'\{"kid":"[^"]+","typ":"JWS","alg":"RS512"\}', header_of(token))
        assert list(claims) == ["sub", "aud", "amr", "iss", "exp", "iat"]
        assert claims["amr"] == ["unauthenticated"]
        assert (claims["iss"], claims["exp"] - claims["iat"]) == ("https://cognito-identity.amazonaws.com", 600)

    def test_a_persons_token_names_the_provider_and_the_user(
        self, token_of: Callable[..., str], classic: str, services: Services, people: UserPool
    ) -> None:
        logins = people.login("ann")
        sub = jwt.decode(logins[people.provider], options={"verify_signature": False})["sub"]

        assert verified(token_of(logins), services, classic)["amr"] == [
            "authenticated",
            people.provider,
            f"{people.provider}:CognitoSignIn:{sub}",
        ]

    def test_a_token_gives_a_session_of_a_role_that_trusts_it(
        self, token_of: Callable[..., str], classic: str, a_role: Callable[..., str], people: UserPool, aws: Any
    ) -> None:
        role = a_role("web", classic, allow("iam:ListRoles"))
        token = token_of(people.login("ann"))

        answer = aws("sts", unsigned=True).assume_role_with_web_identity(
            RoleArn=role, RoleSessionName="app", WebIdentityToken=token, DurationSeconds=900
        )

        credentials = answer["Credentials"]
        session = aws(
            "iam",
            key=credentials["AccessKeyId"],
            secret=credentials["SecretAccessKey"],
            token=credentials["SessionToken"],
        )
        assert session.list_roles()["Roles"]
        assert credentials["Expiration"] == START + timedelta(seconds=900)
        assert answer["AssumedRoleUser"]["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/web/app"
        assert answer["Audience"] == classic
        assert answer["SubjectFromWebIdentityToken"].startswith("us-east-1:")

    def test_a_guest_of_the_classic_flow_is_not_scoped_down(
        self, token_of: Callable[..., str], classic: str, a_role: Callable[..., str], aws: Any
    ) -> None:
        role = a_role("web", classic, allow("iam:ListRoles"), amr="unauthenticated")
        credentials = aws("sts", unsigned=True).assume_role_with_web_identity(
            RoleArn=role, RoleSessionName="app", WebIdentityToken=token_of({})
        )["Credentials"]

        session = aws(
            "iam",
            key=credentials["AccessKeyId"],
            secret=credentials["SecretAccessKey"],
            token=credentials["SessionToken"],
        )
        assert session.list_roles()["Roles"]

    def test_a_guest_is_no_member(
        self, token_of: Callable[..., str], classic: str, a_role: Callable[..., str], aws: Any
    ) -> None:
        role = a_role("web", classic, allow("iam:ListRoles"))

        with refused("AccessDenied", NOT_TRUSTED):
            aws("sts", unsigned=True).assume_role_with_web_identity(
                RoleArn=role, RoleSessionName="app", WebIdentityToken=token_of({})
            )

    def test_an_unknown_role_is_refused_in_the_same_words(self, token_of: Callable[..., str], aws: Any) -> None:
        with refused("AccessDenied", NOT_TRUSTED):
            aws("sts", unsigned=True).assume_role_with_web_identity(
                RoleArn=f"arn:aws:iam::{ACCOUNT}:role/nobody", RoleSessionName="app", WebIdentityToken=token_of({})
            )

    def test_another_accounts_role_must_name_the_pool(
        self, token_of: Callable[..., str], classic: str, aws: Any
    ) -> None:
        iam = aws("iam", key="444455556666")
        careless = trust({"Federated": "cognito-identity.amazonaws.com"}, "sts:AssumeRoleWithWebIdentity")
        iam.create_role(RoleName="careless", AssumeRolePolicyDocument=careless)
        iam.create_role(RoleName="careful", AssumeRolePolicyDocument=trust_pool(classic, "unauthenticated"))
        sts = aws("sts", unsigned=True)
        wanted = {"RoleSessionName": "app", "WebIdentityToken": token_of({})}

        assert sts.assume_role_with_web_identity(RoleArn="arn:aws:iam::444455556666:role/careful", **wanted)
        with refused("AccessDenied", NOT_TRUSTED):
            sts.assume_role_with_web_identity(RoleArn="arn:aws:iam::444455556666:role/careless", **wanted)

    def test_an_expired_token_is_refused(
        self, token_of: Callable[..., str], classic: str, a_role: Callable[..., str], aws: Any, clock: FakeClock
    ) -> None:
        role, token = a_role("web", classic, allow("iam:ListRoles"), amr="unauthenticated"), token_of({})
        expires = int(START.timestamp()) + 600

        clock.advance(600)

        with refused(
            "ExpiredTokenException",
            f"Token expired: current date/time {expires} must be before the expiration date/time {expires}",
        ):
            aws("sts", unsigned=True).assume_role_with_web_identity(
                RoleArn=role, RoleSessionName="app", WebIdentityToken=token
            )

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            (
                lambda token: "not a token",
                "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)",
            ),
            (
                lambda token: token[:-8] + "AAAAAAAA",
                (
                    "Couldn't retrieve verification key from your identity provider,  please reference "
                    "AssumeRoleWithWebIdentity documentation for requirements"
                ),
            ),
        ],
        ids=["no token", "forged signature"],
    )
    def test_forged_tokens_are_refused(
        self,
        token_of: Callable[..., str],
        classic: str,
        a_role: Callable[..., str],
        aws: Any,
        change: Callable[[str], str],
        message: str,
    ) -> None:
        role = a_role("web", classic, allow("iam:ListRoles"), amr="unauthenticated")

        with refused("InvalidIdentityToken", message):
            aws("sts", unsigned=True).assume_role_with_web_identity(
                RoleArn=role, RoleSessionName="app", WebIdentityToken=change(token_of({}))
            )

    def test_a_user_pools_token_is_no_web_identity(
        self, classic: str, a_role: Callable[..., str], aws: Any, people: UserPool, services: Services
    ) -> None:
        role = a_role("web", classic, allow("iam:ListRoles"))
        issuer = services.settings.issuer(people.id)

        with refused("InvalidIdentityToken", f"No OpenIDConnect provider found in your account for {issuer}"):
            aws("sts", unsigned=True).assume_role_with_web_identity(
                RoleArn=role, RoleSessionName="app", WebIdentityToken=people.tokens("ann")["IdToken"]
            )


def verified(token: str, services: Services, pool_id: str) -> dict[str, Any]:
    """Verify a token as a client would, against the published keys."""
    keys = jwt.PyJWKSet.from_json(identity_jwks(services).decode())
    claims: dict[str, Any] = jwt.decode(
        token,
        keys[jwt.get_unverified_header(token)["kid"]],
        algorithms=["RS512"],
        audience=pool_id,
        options={"verify_exp": False, "verify_iat": False},
    )
    return claims


def header_of(token: str) -> str:
    return jwt.utils.base64url_decode(token.split(".", maxsplit=1)[0]).decode()
