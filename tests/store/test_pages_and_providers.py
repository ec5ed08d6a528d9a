"""Identity providers, users' identities there, and what pages look like, on both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest

from idp.domain.errors import BrandingTaken, ConcurrentModification, ProviderTaken, ResourceConflict, TermsTaken
from idp.domain.identity_provider import IdentityProvider
from idp.domain.linked_identity import SUBJECT, LinkedIdentity
from idp.domain.managed_login import Asset, ManagedLoginBranding
from idp.domain.terms import Terms
from idp.domain.ui_customization import UiCustomization
from idp.store.unit_of_work import UnitOfWork, UnitsOfWork
from tests.fakes import START
from tests.store.rows import CLIENT, POOL, a_client, a_user

CORP = IdentityProvider(
    pool_id=POOL,
    name="Corp",
    type="OIDC",
    details={"client_id": "ours", "client_secret": "hush"},
    attribute_mapping={"username": "sub"},
    acr_mapping={"Level1": "low"},
    identifiers=("corp", "example.com"),
    created_at=START,
    updated_at=START,
)
IMAGE = Asset("FORM_LOGO", "LIGHT", "PNG", "image-1", b"\x89PNG\x00\xff")
STYLE = ManagedLoginBranding("style-1", POOL, CLIENT, False, {"components": {}}, (IMAGE,), START, START)
TERMS = Terms("terms-1", POOL, CLIENT, "terms-of-use", {"cognito:default": "https://x.example"}, START, START)
LOOK = UiCustomization(POOL, "ALL", ".logo-customizable {}", b"\xff\xd8\xff\x00", START, START)
LOG = {"EventSource": "userNotification", "LogLevel": "ERROR"}


def an_identity(user_id: int, value: str = "g-1") -> LinkedIdentity:
    return LinkedIdentity(POOL, "Corp", "OIDC", SUBJECT, value, "https://login.example.com", START, user_id)


def test_a_provider_comes_back_by_name_and_by_identifier(work: UnitOfWork) -> None:
    work.identity_providers.add(CORP)

    assert work.identity_providers.find(POOL, "Corp") == CORP
    assert work.identity_providers.find_by_identifier(POOL, "example.com") == CORP
    assert work.identity_providers.find_by_identifier("another", "example.com") is None
    assert work.identity_providers.names(POOL) == {"Corp"}


def test_a_name_of_a_provider_is_taken_once(work: UnitOfWork) -> None:
    work.identity_providers.add(CORP)

    with pytest.raises(ProviderTaken):
        work.identity_providers.add(replace(CORP, identifiers=()))


def test_an_identifier_is_taken_once(work: UnitOfWork) -> None:
    work.identity_providers.add(CORP)

    with pytest.raises(ResourceConflict):
        work.identity_providers.add(replace(CORP, name="Other"))


def test_a_provider_that_somebody_saved_first_is_not_saved(work: UnitOfWork) -> None:
    work.identity_providers.add(CORP)
    work.identity_providers.save(replace(CORP, identifiers=("new",)))

    with pytest.raises(ConcurrentModification):
        work.identity_providers.save(CORP)
    assert work.identity_providers.find_by_identifier(POOL, "new") == replace(CORP, identifiers=("new",), version=2)


def test_clients_lose_a_provider_and_keep_the_rest(work: UnitOfWork) -> None:
    both = a_client(id="both", secrets=(), settings={"SupportedIdentityProviders": ["COGNITO", "Corp"], "a": 1})
    work.clients.add(both)

    assert work.clients.drop_identity_provider(POOL, "Corp") == ["both"]

    changed = work.clients.find("both")
    assert changed is not None
    assert (changed.settings, changed.version) == ({"SupportedIdentityProviders": ["COGNITO"], "a": 1}, 2)


def test_an_identity_is_one_users_until_they_are_deleted(units: UnitsOfWork, work: UnitOfWork) -> None:
    ann, bob = work.users.add(a_user("ann")), work.users.add(a_user("bob"))
    work.linked_identities.add(an_identity(ann.id))
    work.commit()

    with units.writing() as other, pytest.raises(ResourceConflict):
        other.linked_identities.add(an_identity(bob.id))
    assert work.linked_identities.find_user(POOL, "Corp", SUBJECT, "g-1") == ann
    assert work.linked_identities.of_user(ann.id) == [an_identity(ann.id)]
    work.users.delete(ann)
    work.linked_identities.add(an_identity(bob.id))


def test_the_attributes_that_link_a_provider_are_known(work: UnitOfWork) -> None:
    ann = work.users.add(a_user("ann"))
    work.linked_identities.add(an_identity(ann.id))
    work.linked_identities.add(replace(an_identity(ann.id), attribute="email"))

    assert work.linked_identities.attributes_of(POOL, "Corp") == {"email"}


def test_a_style_comes_back_with_its_images(work: UnitOfWork) -> None:
    work.managed_login_brandings.add(STYLE)

    assert work.managed_login_brandings.find(POOL, "style-1") == STYLE
    assert work.managed_login_brandings.find_of_client(CLIENT) == STYLE


def test_a_style_that_somebody_saved_first_is_not_saved(work: UnitOfWork) -> None:
    work.managed_login_brandings.add(STYLE)
    work.managed_login_brandings.save(STYLE)

    with pytest.raises(ConcurrentModification):
        work.managed_login_brandings.save(STYLE)


def test_a_client_has_one_style(work: UnitOfWork) -> None:
    work.managed_login_brandings.add(STYLE)

    with pytest.raises(BrandingTaken):
        work.managed_login_brandings.add(replace(STYLE, id="style-2"))


def test_a_client_has_one_document_of_a_kind(work: UnitOfWork) -> None:
    work.terms.add(TERMS)

    assert work.terms.find_of_client(CLIENT, "terms-of-use") == TERMS
    with pytest.raises(TermsTaken):
        work.terms.add(replace(TERMS, id="terms-2"))


def test_a_look_replaces_the_one_before(work: UnitOfWork) -> None:
    work.ui_customizations.put(replace(LOOK, css=None))
    work.ui_customizations.put(LOOK)

    assert work.ui_customizations.find(POOL, "ALL") == LOOK


def test_what_a_client_has_goes_with_it(work: UnitOfWork) -> None:
    work.managed_login_brandings.add(STYLE)
    work.terms.add(TERMS)

    work.clients.delete(CLIENT)

    assert work.managed_login_brandings.count(POOL) == work.terms.count(POOL) == 0


def test_what_a_pool_has_goes_with_it(work: UnitOfWork) -> None:
    work.identity_providers.add(CORP)
    work.ui_customizations.put(LOOK)
    work.log_deliveries.put(POOL, [LOG])
    assert work.log_deliveries.sources_of(POOL) == {"userNotification"}

    work.user_pools.delete(POOL)

    assert work.identity_providers.find(POOL, "Corp") is None
    assert work.ui_customizations.find(POOL, "ALL") is None
    assert work.log_deliveries.of_pool(POOL) == []
