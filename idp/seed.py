"""Seeds: a YAML file of what shall be there, with ids that never change.  Source: docs/seeds.md.

Everything is made by the operations that make it over the API, so a seed is checked as a request is; what is there already
(by its id or name) is left alone, so a seed may be applied at every start.
"""

from __future__ import annotations

import base64
import io
import json
import string
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from idp import aws
from idp.aws import registry
from idp.aws.context import Context
from idp.aws.errors import Invalid, ServiceError
from idp.domain.errors import DomainError, GroupTaken, ResourceConflict, UsernameTaken
from idp.domain.principal import root_of
from idp.flows import apis, clients, identity_pools, user_pools
from idp.flows.lookups import get_user_pool
from idp.services import BackendRequest

if TYPE_CHECKING:
    from idp.services import Services

SECTIONS = ("roles", "user_pools", "identity_pools", "tables", "functions", "apis")
DYNAMODB = {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "DynamoDB_20120810.CreateTable"}


class SeedRefused(Exception):
    """The file cannot be read as a seed, or something in it is refused; the message says what and why."""


@dataclass(frozen=True, slots=True)
class SeededClient:
    """A client, for people to read."""

    id: str
    name: str
    takes_passwords: bool


@dataclass(frozen=True, slots=True)
class SeededUser:
    """A user, for people to read: the password stands in the seed."""

    username: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SeededPool:
    """A user pool, for people to read."""

    id: str
    region: str
    clients: tuple[SeededClient, ...]
    users: tuple[SeededUser, ...]
    login_pages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SeededApi:
    """An API, for people to read."""

    id: str
    stage: str


@dataclass(frozen=True, slots=True)
class Seeded:
    """What a seed holds, for the banner."""

    user_pools: tuple[SeededPool, ...]
    identity_pools: tuple[str, ...]
    apis: tuple[SeededApi, ...]


def apply_file(services: Services, path: Path) -> Seeded:
    """Make what a seed asks for and is not there yet.

    Raises:
        SeedRefused.
    """
    try:
        document = yaml.safe_load(path.read_text())
    except (OSError, yaml.YAMLError) as error:
        raise SeedRefused(f"{path} cannot be read: {error}") from error
    if not isinstance(document, Mapping) or set(document) - set(SECTIONS):
        raise SeedRefused(f"{path} must be a mapping with {', '.join(SECTIONS)}.")
    try:
        return Seeder(services, path.parent).apply(document)
    except KeyError as error:
        raise SeedRefused(f"Something in {path} lacks {error.args[0]}.") from error
    except OSError as error:
        raise SeedRefused(f"{path} names a file that cannot be read: {error}") from error


class Seeder:
    """Applies one seed, as the default account's root."""

    def __init__(self, services: Services, folder: Path) -> None:
        self._services = services
        self._folder = folder
        self._registry = registry.collect([aws])
        settings = services.settings
        self._context = Context(services, root_of(settings.account), settings.account, settings.region, "seed")

    def apply(self, document: Mapping[str, Any]) -> Seeded:
        """Make everything, in an order in which each thing finds what it names."""
        for role in document.get("roles", ()):
            self._role(role)
        pools = tuple(self._user_pool(each) for each in document.get("user_pools", ()))
        identity_pool_ids = tuple(self._identity_pool(each) for each in document.get("identity_pools", ()))
        for table in document.get("tables", ()):
            self._table(table)
        for function in document.get("functions", ()):
            self._function(function)
        return Seeded(pools, identity_pool_ids, tuple(self._api(each) for each in document.get("apis", ())))

    def _role(self, role: Mapping[str, Any]) -> None:
        policies = role.get("policies", {})
        trust = json.dumps(role["AssumeRolePolicyDocument"])
        self._make("iam", "CreateRole", {**_without(role, "policies"), "AssumeRolePolicyDocument": trust})
        for name, policy in policies.items():
            named = {"RoleName": role["RoleName"], "PolicyName": name}
            self._make("iam", "PutRolePolicy", {**named, "PolicyDocument": json.dumps(policy)})

    def _user_pool(self, pool: Mapping[str, Any]) -> SeededPool:
        parts = ("id", "domain", "resource_servers", "groups", "clients", "users")
        settings = self._checked("cognito-idp", "CreateUserPool", _without(pool, *parts))
        pool_id = pool["id"]
        name, region = settings.pop("PoolName"), pool_id.partition("_")[0]
        if self._services.catalog.user_pools.find(pool_id) is None:
            user_pools.create_user_pool(
                self._services,
                account=self._context.account,
                region=region,
                name=name,
                settings=settings,
                pool_id=pool_id,
            )
        in_pool = {"UserPoolId": pool_id}
        if "domain" in pool:
            self._domain(pool["domain"], pool_id)
        for server in pool.get("resource_servers", ()):
            self._make("cognito-idp", "CreateResourceServer", {**in_pool, **server})
        for group in pool.get("groups", ()):
            self._make("cognito-idp", "CreateGroup", {**in_pool, **group})
        made_clients = tuple(self._client(pool_id, each) for each in pool.get("clients", ()))
        users = tuple(self._user(pool_id, each) for each in pool.get("users", ()))
        return SeededPool(pool_id, region, made_clients, users, self._login_pages(pool, made_clients))

    def _domain(self, domain: str, pool_id: str) -> None:
        with self._services.reading() as work:
            taken = work.domains.find(domain) is not None
        if not taken:
            self._make("cognito-idp", "CreateUserPoolDomain", {"Domain": domain, "UserPoolId": pool_id})

    def _client(self, pool_id: str, client: Mapping[str, Any]) -> SeededClient:
        given = {"UserPoolId": pool_id, **_without(client, "id")}
        settings = self._checked("cognito-idp", "CreateUserPoolClient", given)
        name, secret = settings.pop("ClientName"), settings.pop("ClientSecret", None)
        generate_secret = settings.pop("GenerateSecret", False)
        del settings["UserPoolId"]
        found = self._services.catalog.clients.find(client["id"])
        if found is None:
            found = clients.create_client(
                self._services,
                get_user_pool(self._services, pool_id),
                name=name,
                settings=settings,
                secret=secret,
                generate_secret=generate_secret,
                client_id=client["id"],
            )
        return SeededClient(client["id"], name, "ALLOW_USER_PASSWORD_AUTH" in found.flows)

    def _user(self, pool_id: str, user: Mapping[str, Any]) -> SeededUser:
        who = {"UserPoolId": pool_id, "Username": user["Username"]}
        attributes = [{"Name": name, "Value": str(value)} for name, value in user.get("attributes", {}).items()]
        created = {**who, "UserAttributes": attributes, "MessageAction": "SUPPRESS"}
        if self._make("cognito-idp", "AdminCreateUser", created):
            permanent = {**who, "Password": user["password"], "Permanent": True}
            self._make("cognito-idp", "AdminSetUserPassword", permanent)
        for group in user.get("groups", ()):
            self._make("cognito-idp", "AdminAddUserToGroup", {**who, "GroupName": group})
        return SeededUser(user["Username"], user["password"])

    def _login_pages(self, pool: Mapping[str, Any], made: Sequence[SeededClient]) -> tuple[str, ...]:
        pages = []
        for client in made:
            stored = self._services.catalog.clients.find(client.id)
            callbacks = stored.settings.get("CallbackURLs", ()) if stored else ()
            if "domain" in pool and callbacks:
                query = f"response_type=code&client_id={client.id}&redirect_uri={callbacks[0]}"
                pages.append(f"{self._services.settings.base_url}/_domain/{pool['domain']}/oauth2/authorize?{query}")
        return tuple(pages)

    def _identity_pool(self, pool: Mapping[str, Any]) -> str:
        settings = self._checked("cognito-identity", "CreateIdentityPool", _without(pool, "id", "roles"))
        pool_id: str = pool["id"]
        if self._services.catalog.identity_pools.find(pool_id) is None:
            name, region = settings.pop("IdentityPoolName"), pool_id.partition(":")[0]
            identity_pools.create_identity_pool(
                self._services, self._context.account, region, name=name, settings=settings, pool_id=pool_id
            )
            roles = {"IdentityPoolId": pool_id, "Roles": pool.get("roles", {})}
            self._make("cognito-identity", "SetIdentityPoolRoles", roles)
        return pool_id

    def _table(self, table: Mapping[str, Any]) -> None:
        body = json.dumps(table).encode()
        context = self._context
        answer = self._services.dynamodb.call(
            BackendRequest("dynamodb", context.account, context.region, DYNAMODB, body)
        )
        if answer.status != 200 and b"ResourceInUseException" not in answer.body:
            raise SeedRefused(f"CreateTable {table.get('TableName')} is refused: {answer.body.decode()}")

    def _function(self, function: Mapping[str, Any]) -> None:
        source = self._folder / function["source"]
        code = io.BytesIO()
        with zipfile.ZipFile(code, "w") as archive:
            archive.writestr(zipfile.ZipInfo(source.name), source.read_bytes())
        made = {**_without(function, "source"), "Code": {"ZipFile": base64.b64encode(code.getvalue()).decode()}}
        self._make("lambda", "CreateFunction", made)

    def _api(self, api: Mapping[str, Any]) -> SeededApi:
        text = string.Template((self._folder / api["document"]).read_text()).safe_substitute(api.get("values", {}))
        try:
            deployed = apis.deploy_api(self._services, yaml.safe_load(text), api_id=api["id"], stage=api.get("stage"))
        except DomainError as error:
            raise SeedRefused(f"The API {api['id']} is refused: {error.message}") from error
        return SeededApi(deployed.id, deployed.stage)

    def _make(self, service: str, operation: str, parameters: Mapping[str, Any]) -> bool:
        """Run an operation; False when what it makes is there already."""
        checked = self._checked(service, operation, parameters)
        function = self._registry.function(service, operation)
        assert function is not None, f"{operation} is served"
        try:
            function(self._context, checked)
        except (UsernameTaken, GroupTaken, ResourceConflict):
            return False
        except (DomainError, ServiceError) as error:
            if "already exist" in error.message:
                return False
            raise SeedRefused(f"{operation} is refused: {error.message}") from error
        return True

    def _checked(self, service: str, operation: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        found = self._registry.find(service, operation)
        assert found is not None, f"{operation} is served"
        checked, violations = found.check(dict(parameters))
        if violations:
            raise SeedRefused(f"{operation} is refused: {Invalid(violations).message}")
        return checked


def _without(mapping: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in mapping.items() if name not in names}
