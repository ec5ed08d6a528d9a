"""Each pool has its two keys, in every process the same."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import jwt
import sqlalchemy as sa

from idp.outbound.keyring import KeyRing
from idp.services import Services
from tests.fakes import FakeClock, KeysMadeOnce

POOL = "us-east-1_abcdefghi"


def test_a_pool_has_two_keys_in_its_key_set(services: Services) -> None:
    keys = json.loads(services.keyring.jwks(POOL))["keys"]
    assert len({key["kid"] for key in keys}) == 2
    assert {(key["kty"], key["alg"], key["use"], key["e"]) for key in keys} == {("RSA", "RS256", "sig", "AQAB")}


def test_what_a_key_signs_verifies_by_the_published_key(services: Services) -> None:
    token = services.keyring.signer(POOL, "id").sign({"sub": "ann"})
    keys = jwt.PyJWKSet.from_json(services.keyring.jwks(POOL).decode())
    kid = jwt.get_unverified_header(token)["kid"]
    assert jwt.decode(token, keys[kid].key, algorithms=["RS256"]) == {"sub": "ann"}


def test_two_processes_that_start_a_pool_at_once_sign_with_the_same_keys(
    services: Services, clock: FakeClock, keys_made_once: KeysMadeOnce
) -> None:
    rings = [KeyRing(services.unit_of_work, clock, generate=keys_made_once) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        key_sets = set(pool.map(lambda ring: ring.jwks(POOL), rings))
    assert len(key_sets) == 1


def test_private_keys_are_not_readable_in_the_database(services: Services) -> None:
    services.keyring.jwks(POOL)
    with services.reading() as work:
        stored = work._connection.execute(sa.text("SELECT private_key FROM signing_keys")).scalars().all()
    assert not [key for key in stored if key.startswith(("MII", "-----"))]


def test_a_token_of_one_pool_has_no_key_in_another(services: Services) -> None:
    kid = services.keyring.signer(POOL, "id").kid
    assert services.keyring.find_public("us-east-1_another00", kid) is None
