"""One transaction and the repositories that work in it.

`with services.unit_of_work() as work:` ending in `work.commit()` is the only way to a write; leaving without it rolls back.
`with services.reading() as work:` reads outside a transaction. Repositories are made when first asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

from idp.store.access_keys import AccessKeys
from idp.store.attempts import Attempts
from idp.store.auth_events import AuthEvents
from idp.store.authorization_codes import AuthorizationCodes
from idp.store.browser_sessions import BrowserSessions
from idp.store.cimd_policies import CimdPolicies
from idp.store.clients import Clients
from idp.store.confirmation_codes import ConfirmationCodes
from idp.store.devices import Devices
from idp.store.domains import Domains
from idp.store.functions import Functions
from idp.store.groups import Groups
from idp.store.iam_users import IamUsers
from idp.store.identities import Identities
from idp.store.identity_pools import IdentityPools
from idp.store.identity_providers import IdentityProviders
from idp.store.inline_policies import InlinePolicies
from idp.store.kept_sessions import KeptSessions
from idp.store.leases import Leases
from idp.store.linked_identities import LinkedIdentities
from idp.store.log_deliveries import LogDeliveries
from idp.store.managed_login_brandings import ManagedLoginBrandings
from idp.store.outbox import Outbox
from idp.store.passkeys import Passkeys
from idp.store.password_history import PasswordHistory
from idp.store.resource_servers import ResourceServers
from idp.store.rest_apis import RestApis
from idp.store.risk_configurations import RiskConfigurations
from idp.store.roles import Roles
from idp.store.signers_in import SignersIn
from idp.store.signing_keys import SigningKeys
from idp.store.software_tokens import SoftwareTokens
from idp.store.spent_tickets import SpentTickets
from idp.store.tables import metadata
from idp.store.terms import TermsDocuments
from idp.store.trigger_invocations import TriggerInvocations
from idp.store.ui_customizations import UiCustomizations
from idp.store.upstream_requests import UpstreamRequests
from idp.store.user_batches import UserBatches
from idp.store.user_import_files import UserImportFiles
from idp.store.user_imports import UserImports
from idp.store.user_pools import UserPools
from idp.store.user_sessions import UserSessions
from idp.store.users import Users

if TYPE_CHECKING:
    import sqlalchemy as sa

    from idp.store.engine import Database
    from idp.store.sealing import Seals


class UnitOfWork:
    """The repositories of one connection."""

    def __init__(self, connection: sa.Connection, seals: Seals) -> None:
        self._connection = connection
        self._seals = seals

    def commit(self) -> None:
        """Make all writes so far durable and visible."""
        self._connection.commit()

    def empty(self) -> None:
        """Delete every row of every table."""
        for table in reversed(metadata.sorted_tables):
            self._connection.execute(table.delete())

    @cached_property
    def user_pools(self) -> UserPools:
        """Return the repository of user pools."""
        return UserPools(self._connection)

    @cached_property
    def clients(self) -> Clients:
        """Return the repository of app clients."""
        return Clients(self._connection, self._seals)

    @cached_property
    def domains(self) -> Domains:
        """Return the repository of pools' domains."""
        return Domains(self._connection)

    @cached_property
    def resource_servers(self) -> ResourceServers:
        """Return the repository of resource servers."""
        return ResourceServers(self._connection)

    @cached_property
    def identity_providers(self) -> IdentityProviders:
        """Return the repository of upstream identity providers."""
        return IdentityProviders(self._connection, self._seals)

    @cached_property
    def linked_identities(self) -> LinkedIdentities:
        """Return the repository of users' identities at upstream providers."""
        return LinkedIdentities(self._connection, self._seals)

    @cached_property
    def ui_customizations(self) -> UiCustomizations:
        """Return the repository of what classic pages look like."""
        return UiCustomizations(self._connection)

    @cached_property
    def managed_login_brandings(self) -> ManagedLoginBrandings:
        """Return the repository of managed login's styles."""
        return ManagedLoginBrandings(self._connection)

    @cached_property
    def terms(self) -> TermsDocuments:
        """Return the repository of links to terms of use and privacy policies."""
        return TermsDocuments(self._connection)

    @cached_property
    def cimd_policies(self) -> CimdPolicies:
        """Return the repository of policies for clients by metadata document."""
        return CimdPolicies(self._connection)

    @cached_property
    def log_deliveries(self) -> LogDeliveries:
        """Return the repository of where pools' logs go."""
        return LogDeliveries(self._connection)

    @cached_property
    def users(self) -> Users:
        """Return the repository of users and their aliases."""
        return Users(self._connection, self._seals)

    @cached_property
    def user_batches(self) -> UserBatches:
        """Return the repository of users as imports store them."""
        return UserBatches(self._connection, self._seals)

    @cached_property
    def user_imports(self) -> UserImports:
        """Return the repository of jobs that import users, and their reports."""
        return UserImports(self._connection)

    @cached_property
    def user_import_files(self) -> UserImportFiles:
        """Return the repository of files that were uploaded for imports."""
        return UserImportFiles(self._connection)

    @cached_property
    def leases(self) -> Leases:
        """Return the leases of work outside requests."""
        return Leases(self._connection)

    @cached_property
    def groups(self) -> Groups:
        """Return the repository of groups and memberships."""
        return Groups(self._connection, self._seals)

    @cached_property
    def user_sessions(self) -> UserSessions:
        """Return the repository of user sessions and their refresh tokens."""
        return UserSessions(self._connection, self._seals)

    @cached_property
    def devices(self) -> Devices:
        """Return the repository of users' devices."""
        return Devices(self._connection, self._seals)

    @cached_property
    def risk_configurations(self) -> RiskConfigurations:
        """Return the repository of risk configurations."""
        return RiskConfigurations(self._connection)

    @cached_property
    def auth_events(self) -> AuthEvents:
        """Return what happened to users in pools with threat protection."""
        return AuthEvents(self._connection)

    @cached_property
    def authorization_codes(self) -> AuthorizationCodes:
        """Return the repository of authorization codes."""
        return AuthorizationCodes(self._connection, self._seals)

    @cached_property
    def browser_sessions(self) -> BrowserSessions:
        """Return the repository of browser sessions."""
        return BrowserSessions(self._connection, self._seals)

    @cached_property
    def upstream_requests(self) -> UpstreamRequests:
        """Return the repository of browsers' round trips to upstream providers."""
        return UpstreamRequests(self._connection, self._seals)

    @cached_property
    def confirmation_codes(self) -> ConfirmationCodes:
        """Return the repository of codes that were sent."""
        return ConfirmationCodes(self._connection)

    @cached_property
    def passkeys(self) -> Passkeys:
        """Return the repository of users' passkeys."""
        return Passkeys(self._connection)

    @cached_property
    def password_history(self) -> PasswordHistory:
        """Return the hashes of users' earlier passwords."""
        return PasswordHistory(self._connection)

    @cached_property
    def software_tokens(self) -> SoftwareTokens:
        """Return the repository of users' authenticator apps."""
        return SoftwareTokens(self._connection, self._seals)

    @cached_property
    def kept_sessions(self) -> KeptSessions:
        """Return the sealed sign-in sessions that clients do not carry."""
        return KeptSessions(self._connection)

    @cached_property
    def trigger_invocations(self) -> TriggerInvocations:
        """Return the newest runs of triggers."""
        return TriggerInvocations(self._connection, self._seals)

    @cached_property
    def spent_tickets(self) -> SpentTickets:
        """Return the list of sealed one-time strings that were used."""
        return SpentTickets(self._connection)

    @cached_property
    def attempts(self) -> Attempts:
        """Return the counters of failed and limited attempts."""
        return Attempts(self._connection)

    @cached_property
    def signers_in(self) -> SignersIn:
        """Return the readings of users that sign-ins make."""
        return SignersIn(self._connection, self._seals)

    @cached_property
    def signing_keys(self) -> SigningKeys:
        """Return the repository of signing keys."""
        return SigningKeys(self._connection, self._seals)

    @cached_property
    def functions(self) -> Functions:
        """Return the repository of Lambda functions."""
        return Functions(self._connection, self._seals)

    @cached_property
    def rest_apis(self) -> RestApis:
        """Return the repository of deployed APIs."""
        return RestApis(self._connection)

    @cached_property
    def outbox(self) -> Outbox:
        """Return the kept messages."""
        return Outbox(self._connection, self._seals)

    @cached_property
    def roles(self) -> Roles:
        """Return the repository of IAM roles."""
        return Roles(self._connection)

    @cached_property
    def iam_users(self) -> IamUsers:
        """Return the repository of IAM users."""
        return IamUsers(self._connection)

    @cached_property
    def inline_policies(self) -> InlinePolicies:
        """Return the repository of the policies of roles and IAM users."""
        return InlinePolicies(self._connection)

    @cached_property
    def access_keys(self) -> AccessKeys:
        """Return the repository of long-term access keys."""
        return AccessKeys(self._connection, self._seals)

    @cached_property
    def identity_pools(self) -> IdentityPools:
        """Return the repository of identity pools."""
        return IdentityPools(self._connection)

    @cached_property
    def identities(self) -> Identities:
        """Return the repository of identities and the logins linked to them."""
        return Identities(self._connection)


class UnitsOfWork:
    """The two ways in: `writing` opens a transaction, `reading` a connection outside one."""

    def __init__(self, database: Database, seals: Seals) -> None:
        self.database = database
        self._seals = seals

    @contextmanager
    def writing(self) -> Iterator[UnitOfWork]:
        """Open a transaction; what is not committed when it ends is rolled back."""
        with self.database.writing() as connection:
            yield UnitOfWork(connection, self._seals)

    @contextmanager
    def reading(self) -> Iterator[UnitOfWork]:
        """Open a connection for reads outside a transaction."""
        with self.database.reading() as connection:
            yield UnitOfWork(connection, self._seals)
