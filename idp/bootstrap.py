"""The composition root: settings to services.  The only file that knows every adapter."""

from __future__ import annotations

from idp.backends.dynamodb import DynamoDb
from idp.backends.dynamodb_forward import ForwardToUrl
from idp.backends.dynamodb_in_process import InProcessTables
from idp.domain.request_quota import parse_quotas
from idp.flows.invocations import StoredFunctions
from idp.outbound import master_key
from idp.outbound.background import Background
from idp.outbound.compromised_passwords import CompromisedPasswords
from idp.outbound.hashing import Argon2Hasher
from idp.outbound.http import HttpClient
from idp.outbound.keyring import KeyRing
from idp.outbound.log_files import LogFiles
from idp.outbound.mail import MailerByMedium, OutboxMailer, SmsWebhook, SmtpMailer
from idp.outbound.openid_providers import OpenIdProviders
from idp.outbound.request_quotas import RequestQuotas
from idp.outbound.sealer import Sealer
from idp.outbound.sender_codes import SenderCodes
from idp.outbound.system import ShiftedClock, SystemClock, SystemRandom
from idp.outbound.trigger_callables import PythonCallables
from idp.outbound.trigger_records import TriggerRecords
from idp.outbound.trigger_webhooks import Webhooks
from idp.outbound.triggers import LambdaFunctions, TriggerRunner
from idp.services import Clock, Mailer, Services
from idp.settings import Settings
from idp.store.catalog import Catalog
from idp.store.engine import Database
from idp.store.migrate import SchemaState
from idp.store.unit_of_work import UnitsOfWork


def build(settings: Settings) -> Services:
    """Return the services of a process, with every adapter that the settings choose.  Nothing is connected yet."""
    sealer = Sealer(load_master_key(settings))
    database = Database(settings.sqlalchemy_url, synchronous=settings.synchronous, pool_size=settings.threads)
    units = UnitsOfWork(database, sealer)
    clock: Clock = ShiftedClock() if settings.dev_doors else SystemClock()
    functions = StoredFunctions(lambda: services)
    http, random = HttpClient(), SystemRandom()
    services = Services(
        settings=settings,
        clock=clock,
        random=random,
        database=SchemaState(database),
        unit_of_work=units.writing,
        reading=units.reading,
        catalog=Catalog(units.reading),
        sealer=sealer,
        keyring=KeyRing(units.writing, clock),
        hasher=hasher(settings),
        mailer=mailer(settings, units),
        background=Background(),
        triggers=TriggerRunner(
            lambdas=LambdaFunctions(functions),
            webhooks=Webhooks(http, sealer, clock, random),
            callables=PythonCallables() if settings.python_triggers else None,
            records=TriggerRecords(units.writing, clock) if settings.remembers_triggers else None,
        ),
        sender_codes=SenderCodes(sealer),
        functions=functions,
        dynamodb=tables(settings),
        http=http,
        openid_providers=OpenIdProviders(http, clock.now),
        log_files=LogFiles(settings.data),
        compromised_passwords=CompromisedPasswords(settings.compromised_passwords),
        request_quotas=RequestQuotas(parse_quotas(settings.quotas) if settings.quotas else {}),
    )
    return services


def close(services: Services) -> None:
    """Close connections and stop processes at the end of a process's life."""
    services.background.close()
    services.functions.close()
    services.dynamodb.close()
    services.database.close()


def load_master_key(settings: Settings) -> bytes:
    """Return the master key from the environment or its file."""
    if settings.master_key is not None:
        return master_key.from_text(settings.master_key)
    return master_key.load_or_create(settings.keys_directory, settings.mode)


def tables(settings: Settings) -> DynamoDb:
    """Return DynamoDB: in process, or at the URL that the settings name."""
    if settings.dynamodb_url is None:
        return DynamoDb(InProcessTables())
    return DynamoDb(ForwardToUrl(settings.dynamodb_url, settings.dynamodb_secret))


def hasher(settings: Settings) -> Argon2Hasher:
    """Return the password hasher."""
    return Argon2Hasher(
        memory_kib=settings.argon2_memory_kib,
        passes=settings.argon2_time,
        lanes=settings.argon2_parallelism,
        slots=settings.hash_slots,
    )


def mailer(settings: Settings, units: UnitsOfWork) -> Mailer:
    """Return the ways out for e-mail and SMS; the outbox for what has none."""
    outbox = OutboxMailer(units.writing)
    email: Mailer = outbox
    sms: Mailer = outbox
    if settings.smtp_url is not None:
        email = SmtpMailer(settings.smtp_url, settings.mail_from)
    if settings.sms_webhook_url is not None:
        sms = SmsWebhook(HttpClient(), settings.sms_webhook_url, settings.sms_webhook_token)
    return MailerByMedium(email=email, sms=sms)
