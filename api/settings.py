"""The only reader of the environment: what the operator sets, checked once and handed down as plain values."""

import os
from collections.abc import Mapping, Sequence
from ipaddress import IPv4Address
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "PITHEAD_"

_TEN_YEARS = 3_653 * 86_400

# Read by the tests, not by the product.
_OF_THE_TESTS = {"SAMPLES", "TEST_POSTGRES"}

# What a child process needs of the surroundings to run at all; nothing else is passed on.
_PASSED_ON = (
    *("PATH", "HOME", "USER", "LANG", "LC_ALL", "TZ", "TMPDIR", "VIRTUAL_ENV", "PYTHONPATH"),
    *("SSL_CERT_FILE", "SSL_CERT_DIR", "http_proxy", "https_proxy", "no_proxy"),
    *("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"),
)


STORE = ("s3_endpoint", "s3_bucket", "s3_access_key", "s3_secret_key")
"""What an external store needs."""


WAYS = ("gateway_", "apns_", "hms_", "fcm_", "web_push_", "smtp_")
"""How the names begin of what sets up a way by which people are told."""
# What belongs together: a way by which people are told has all of a line or nothing.
_WAYS = (
    ("gateway_url", "gateway_token"),
    ("apns_key", "apns_key_id", "apns_team_id", "apns_topic"),
    ("web_push_key", "web_push_contact"),
    ("smtp_host", "smtp_from"),
    ("smtp_user", "smtp_password"),
)


class SettingsAreWrong(Exception):
    """Variables of the environment are missing or wrong: each is named in a line of its own, all of them at once."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__("; ".join(lines))
        self.lines = tuple(lines)


class Settings(BaseSettings):
    """All that can be configured, each as PITHEAD_NAME; addresses left out mean the embedded servers."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="ignore", frozen=True, validate_default=True
    )

    environment: Literal["development", "production"] = "development"
    data: Path = Path(".pithead")
    keys: Path | None = None
    host: str = "127.0.0.1"
    port: int = Field(default=8700, ge=1, le=65_535)
    url: str | None = None
    # Addresses of reverse proxies, with commas: only they may say from where a request comes (X-Forwarded-For).
    proxies: str | None = None

    # Phones of the local network: HTTPS with an authority of our own, and a plain page that explains it.
    phone: bool = False
    phone_host: str | None = None
    phone_port: int = Field(default=8743, ge=1, le=65_535)
    phone_page_port: int = Field(default=8780, ge=1, le=65_535)

    # By which ways people are told (docs/alerts.md): the log of deliveries says NO_CHANNEL of a way that is not set up.
    gateway_url: str | None = None
    gateway_token: SecretStr | None = None
    # Signs what the gateway tells of a call: without it no pressed key is believed.
    gateway_secret: SecretStr | None = Field(default=None, min_length=32)
    # Files that the makers of phones give out: Apple's key (PEM), Huawei's and Google's service accounts (JSON).
    apns_key: Path | None = None
    apns_key_id: str | None = None
    apns_team_id: str | None = None
    apns_topic: str | None = None
    apns_url: str = "https://api.push.apple.com"
    hms_account: Path | None = None
    hms_url: str = "https://push-api.cloud.huawei.com"
    fcm_account: Path | None = None
    fcm_url: str = "https://fcm.googleapis.com"
    # A private key of P-256 (PEM), and who answers for what we send: mailto:… or https://…
    web_push_key: Path | None = None
    web_push_contact: str | None = Field(default=None, pattern=r"^(mailto:.+@|https://).+$")
    # A mail server with STARTTLS.
    smtp_host: str | None = None
    smtp_port: int = Field(default=587, ge=1, le=65_535)
    smtp_from: str | None = Field(default=None, pattern=r"^[!-~]+@[A-Za-z0-9.-]+$")
    smtp_user: str | None = None
    smtp_password: SecretStr | None = None

    # For whom passkeys are made (a host; left out, that of PITHEAD_URL, or localhost), and on which pages besides that
    # one they may be asked, with commas: https://…
    relying_party: str | None = Field(default=None, pattern=r"^[a-z0-9.-]+$")
    passkey_origins: str | None = None
    # An authority that confirms when a stamp stood there (RFC 3161); without one the stamps say nothing of it.
    timestamp_url: str | None = None

    # Faults on request, for teams that write native clients: never in production.
    sandbox: bool = False

    database_url: SecretStr | None = None
    database_worker_url: SecretStr | None = None
    database_owner_url: SecretStr | None = None
    # The role that reads what was published and nothing else: the public site asks through it alone.
    database_public_url: SecretStr | None = None

    s3_endpoint: str | None = None
    s3_bucket: str | None = None
    s3_access_key: SecretStr | None = None
    s3_secret_key: SecretStr | None = None
    s3_public_url: str | None = None
    s3_region: str = "us-east-1"

    # The protocol knows nothing larger than 20 GiB; what is smaller than 16 MiB never comes in parts.
    largest_file_bytes: int = Field(default=20 * 2**30, ge=16 * 2**20, le=20 * 2**30)

    # The folder of the fonts that papers are set in (Noto Sans SC, Noto Serif SC); set-up installs them as a package.
    fonts: Path | None = None

    # Footage of enforcement is kept six months of the calendar at least, which the law's table says; this replaces it.
    retention_floor_seconds: int | None = Field(default=None, ge=1)
    ledger_retention_seconds: int = Field(default=_TEN_YEARS, ge=1)
    # Who reads the numbers at /metrics names this token; without one only this machine itself may read them.
    metrics_token: SecretStr | None = Field(default=None, min_length=16)
    # Where traces go (OTLP over HTTP, a collector of yours), with which headers (name=value, with commas), and of how
    # many requests; nothing is traced without an address. Needs the extra `telemetry`.
    telemetry_url: str | None = None
    telemetry_headers: SecretStr | None = None
    telemetry_share: float = Field(default=1.0, ge=0, le=1)
    # Logs are lines of JSON, and each request has one, in production; both can be chosen.
    log_format: Literal["json", "words"] | None = None
    log_requests: bool | None = None
    # How long /readyz says that we are leaving before the last requests are ended: a load balancer must see it.
    drain_seconds: float = Field(default=0, ge=0, le=60)
    # How many processes answer as one API on its port: each uses one core at the most.
    api_processes: int = Field(default=1, ge=1, le=64)

    # With less free where the data folder lies, /readyz closes and `pithead doctor` complains.
    disk_least_bytes: int = Field(default=2**30, ge=0)
    # How fast stored bytes are read again; a terabyte a day and a half.
    scrub_bytes_per_second: int = Field(default=8 * 1024 * 1024, ge=1)

    # How large a GraphQL document may be, what it may cost (docs/limits.md) and how long it may take.
    graphql_tokens: int = Field(default=2_000, ge=100)
    graphql_depth: int = Field(default=12, ge=3, le=100)
    graphql_aliases: int = Field(default=30, ge=0)
    graphql_directives: int = Field(default=20, ge=0)
    graphql_fragments: int = Field(default=50, ge=0)
    graphql_cost: int = Field(default=10_000, ge=100)
    graphql_seconds: float = Field(default=10.0, gt=0)
    # A request's body, and a message of a socket: how many bytes, and within how many seconds.
    graphql_body_bytes: int = Field(default=256 * 1024, ge=16 * 1024)
    graphql_body_seconds: float = Field(default=30.0, gt=0)
    # Within how many seconds the head of a request must come, before anything is known of it.
    head_seconds: float = Field(default=10.0, gt=0)
    # Sockets and streams that one account may hold at a time.
    graphql_lines: int = Field(default=10, ge=1)
    # The page to try GraphQL by hand, at /explorer; left out, development has it and production has not.
    explorer: bool | None = None

    @field_validator("data", "keys", "fonts", "apns_key", "hms_account", "fcm_account", "web_push_key")
    @classmethod
    def _made_absolute(cls, path: Path | None) -> Path | None:
        return None if path is None else path.expanduser().absolute()

    @field_validator("database_url", "database_worker_url", "database_owner_url", "database_public_url")
    @classmethod
    def _is_a_database_address(cls, url: SecretStr | None) -> SecretStr | None:
        if url is not None and urlsplit(url.get_secret_value()).scheme not in ("postgresql", "postgres"):
            raise ValueError("must be postgresql://role:password@host:port/database")
        return url

    @field_validator(
        "s3_endpoint",
        "s3_public_url",
        "url",
        "telemetry_url",
        "gateway_url",
        "apns_url",
        "hms_url",
        "fcm_url",
        "timestamp_url",
    )
    @classmethod
    def _is_a_web_address(cls, url: str | None) -> str | None:
        if url is None:
            return None
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise ValueError("must be http://… or https://…")
        return url.rstrip("/")

    @field_validator("telemetry_url", "gateway_url")
    @classmethod
    def _holds_no_password(cls, url: str | None, about: ValidationInfo) -> str | None:
        if url is not None and "@" in urlsplit(url).netloc:
            place = "TELEMETRY_HEADERS" if about.field_name == "telemetry_url" else "GATEWAY_TOKEN"
            raise ValueError(f"must hold no password: {PREFIX}{place} is the place for one")
        return url

    @field_validator("telemetry_headers")
    @classmethod
    def _are_headers(cls, told: SecretStr | None) -> SecretStr | None:
        if told is not None:
            headers_of(told)
        return told

    @field_validator("phone_host")
    @classmethod
    def _is_an_address(cls, host: str | None) -> str | None:
        return None if host is None else str(IPv4Address(host))

    @model_validator(mode="after")
    def _a_sandbox_is_not_production(self) -> Self:
        if self.sandbox and self.environment == "production":
            raise ValueError(f"{PREFIX}SANDBOX injects faults on request: it never runs in production")
        return self

    @model_validator(mode="after")
    def _an_external_store_is_whole(self) -> Self:
        parts = {"S3_BUCKET": self.s3_bucket, "S3_ACCESS_KEY": self.s3_access_key, "S3_SECRET_KEY": self.s3_secret_key}
        missing = [f"{PREFIX}{name}" for name, value in parts.items() if value is None]
        if self.s3_endpoint is not None and missing:
            raise ValueError(f"{PREFIX}S3_ENDPOINT is set, {', '.join(missing)} not")
        return self

    @model_validator(mode="after")
    def _a_way_is_whole(self) -> Self:
        for way in _WAYS:
            missing = [f"{PREFIX}{name.upper()}" for name in way if getattr(self, name) is None]
            if 0 < len(missing) < len(way):
                there = next(name for name in way if getattr(self, name) is not None)
                raise ValueError(f"{PREFIX}{there.upper()} is set, {', '.join(missing)} not")
        return self

    @property
    def keys_folder(self) -> Path:
        """Where the server's keys lie: PITHEAD_KEYS, or `keys` in the data folder."""
        return self.keys or self.data / "keys"

    @property
    def logs_as_json(self) -> bool:
        """Whether logs are for programs."""
        return (self.log_format or ("json" if self.environment == "production" else "words")) == "json"

    @property
    def every_request(self) -> bool:
        """Whether each request gets a line in the log."""
        return self.environment == "production" if self.log_requests is None else self.log_requests

    def told(self) -> dict[str, str]:
        """What was set other than by default, as it may be printed: of a secret only that it is there, of an address
        with a password only the place."""
        return {name: _shown(getattr(self, name)) for name in sorted(self.model_fields_set)}

    @property
    def port_was_chosen(self) -> bool:
        """True when the operator named the port: then a taken one is an error, not a reason to take the next."""
        return "port" in self.model_fields_set


def read_settings() -> Settings:
    """The settings of this process; SettingsAreWrong names every variable that is wrong, and why."""
    known = {f"{PREFIX}{name}" for name in _OF_THE_TESTS | {field.upper() for field in Settings.model_fields}}
    # A slip of the pen would otherwise mean the default, in silence.
    wrong = [f"{name}: no such setting" for name in sorted(os.environ) if name.startswith(PREFIX) and name not in known]
    try:
        settings = Settings()
    except ValidationError as found:
        raise SettingsAreWrong([*wrong, *(_sentence(error) for error in found.errors(include_url=False))]) from None
    if wrong:
        raise SettingsAreWrong(wrong)
    return settings


def headers_of(told: SecretStr | None) -> dict[str, str]:
    """Headers by name, as they were set: name=value, with commas between them."""
    pairs = [each.partition("=") for each in told.get_secret_value().split(",") if each.strip()] if told else []
    if not all(name.strip().isascii() and name.strip() and value.strip() for name, _, value in pairs):
        raise ValueError("must be name=value, with commas between them")
    return {name.strip(): value.strip() for name, _, value in pairs}


def must_have(settings: Settings, *names: str) -> None:
    """SettingsAreWrong, naming all of these that are not set."""
    missing = [f"{PREFIX}{name.upper()}" for name in names if getattr(settings, name) is None]
    if missing:
        raise SettingsAreWrong([f"{name}: not set; `pithead run` sets it for its own servers" for name in missing])


def _sentence(error: Mapping[str, object]) -> str:
    """One complaint in words, without the value, which may be a password."""
    location = error["loc"]
    name = "_".join(str(part) for part in location).upper() if isinstance(location, tuple) else ""
    reason = str(error["msg"]).removeprefix("Value error, ")
    return f"{PREFIX}{name}: {reason}" if name else reason


def _shown(value: object) -> str:
    if isinstance(value, SecretStr):
        address = urlsplit(value.get_secret_value())
        where = f"{address.netloc.rpartition('@')[2]}{address.path}"
        return f"{address.scheme}://{address.username}:***@{where}" if address.netloc else "***"
    return str(value)


def surroundings() -> dict[str, str]:
    """The variables that a child process gets whatever it is for; no address and no password is among them."""
    return {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
