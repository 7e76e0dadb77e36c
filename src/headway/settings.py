"""Django's settings, from the environment; safe as they stand.

HEADWAY_HOME     folder of the embedded database and the secret key (default: `headway-data` in the current folder)
HEADWAY_ADDRESS  where people reach it, as in https://headway.example.com; plain http only for this very machine
DATABASE_URL     postgres://user:password@host/name instead of the embedded SQLite
HEADWAY_BEHIND_PROXY  on: trust what the one proxy in front says of scheme and client (`serve` sets it for https)
HEADWAY_MAIL     smtp+tls://user:password@host:587; without it no mail leaves, and links are there to copy
HEADWAY_MAIL_FROM, HEADWAY_SECRET_KEY, HEADWAY_PASTE (may strangers paste their stages: on or off)
HEADWAY_OIDC_ISSUER, HEADWAY_OIDC_CLIENT_ID, HEADWAY_OIDC_CLIENT_SECRET  people log in with their company's OpenID
                 provider as well; HEADWAY_OIDC_LABEL is what the button calls it
HEADWAY_OIDC_ACR, HEADWAY_OIDC_ORIGINS  what it says of a second factor; further origins its log-in page leads to
HEADWAY_SLACK_SECRET  the signing secret of your Slack app; without it no button pressed in Slack is listened to
HEADWAY_TEST_SLACK  for tests: http://127.0.0.1:port in place of https://hooks.slack.com
HEADWAY_AUDIT_HEADS  where the ends of the audit chains are kept outside the database (default: in HEADWAY_HOME)
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

environment = environ.Env()
HOME = Path(environment.str("HEADWAY_HOME", default="headway-data")).expanduser().absolute()
ADDRESS = environment.str("HEADWAY_ADDRESS", default="https://localhost").rstrip("/")
LOOPBACK = ("localhost", "127.0.0.1", "::1")


def secret_key() -> str:
    """The key from the environment, else the one made at the first start and kept in HEADWAY_HOME."""
    given = environment.str("HEADWAY_SECRET_KEY", default="")
    if given:
        if len(given) < 50:
            raise ImproperlyConfigured("HEADWAY_SECRET_KEY is too short: give it at least 50 random characters.")
        return str(given)
    file = HOME / "secret.key"
    if not file.exists():
        HOME.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(made, "w") as handle:
            handle.write(secrets.token_urlsafe(64))
    return file.read_text().strip()


@dataclass(frozen=True, slots=True)
class CompanyLogin:
    """The OpenID provider that people may log in with. `origins`: where a log-in form may lead; `acr`: what says that
    a second factor was asked for."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    label: str
    acr: tuple[str, ...]
    origins: tuple[str, ...]


def is_safe_address(address: str) -> bool:
    """Whether what is sent there is encrypted, or stays on this very machine."""
    parts = urlsplit(address)
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK))


def company_login() -> CompanyLogin | None:
    """The provider named by the environment; None where none is."""
    needed = ("HEADWAY_OIDC_ISSUER", "HEADWAY_OIDC_CLIENT_ID", "HEADWAY_OIDC_CLIENT_SECRET")
    further = ("HEADWAY_OIDC_LABEL", "HEADWAY_OIDC_ACR", "HEADWAY_OIDC_ORIGINS")
    given = {name: environment.str(name, default="").strip() for name in (*needed, *further)}
    if not any(given.values()):
        return None
    if missing := [name for name in needed if not given[name]]:
        raise ImproperlyConfigured(f"{' and '.join(missing)} must be set too, or no HEADWAY_OIDC_ variable at all.")
    issuer, label = given[needed[0]], given[further[0]] or "your company"
    if not is_safe_address(issuer) or urlsplit(issuer).query or "/.well-known/" in issuer:
        raise ImproperlyConfigured(
            f"HEADWAY_OIDC_ISSUER {issuer!r} is no issuer: write its address as the provider states it,"
            " beginning with https:// and without /.well-known/."
        )
    origins = tuple(f"{one.scheme}://{one.netloc}" for one in map(urlsplit, [issuer, *given[further[2]].split()]))
    if wrong := next((one for one in origins if not is_safe_address(one)), None):
        raise ImproperlyConfigured(f"HEADWAY_OIDC_ORIGINS: {wrong!r} is no origin; write https://login.example.com.")
    if len(label) > 40:
        raise ImproperlyConfigured("HEADWAY_OIDC_LABEL is longer than 40 characters: it stands on a button.")
    return CompanyLogin(
        issuer, given[needed[1]], given[needed[2]], label,
        acr=tuple(given[further[1]].split()), origins=tuple(dict.fromkeys(origins)),
    )  # fmt: skip


def database() -> dict[str, object]:
    """DATABASE_URL, else SQLite in HEADWAY_HOME with every answered write on disk."""
    url = environment.str("DATABASE_URL", default="")
    if url:
        found: dict[str, object] = dict(environment.db_url("DATABASE_URL"))
        if "postgresql" not in str(found["ENGINE"]):
            raise ImproperlyConfigured("DATABASE_URL must begin with postgres://; leave it out for SQLite.")
        return {**found, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, "DISABLE_SERVER_SIDE_CURSORS": True}
    HOME.mkdir(mode=0o700, parents=True, exist_ok=True)
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": HOME / "headway.sqlite3",
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
            " PRAGMA cache_size=-20000; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=134217728;",
        },
    }


def statics_version() -> str:
    """Twelve hex digits over every static file of ours and the versions of those we did not write.

    It stands in every static URL, so that browsers may keep what they have for ever, and modules that import each
    other by relative paths always meet their own generation. Nothing to collect, nothing to rewrite.
    """
    found = hashlib.sha256()
    for package in ("django", "django-htmx", "django-allauth"):
        found.update(f"{package} {version(package)}\n".encode())
    here = Path(__file__).parent
    for file in sorted({*here.rglob("*.css"), *(here / "web" / "static").rglob("*")}):  # see `web.finders` for styles
        if file.is_file():
            content = hashlib.sha256(file.read_bytes()).hexdigest()
            found.update(f"{file.relative_to(here).as_posix()} {content}\n".encode())
    return found.hexdigest()[:12]


def forever(_path: str, _url: str) -> bool:
    """Whether a static file never changes under its URL: all of them, see `statics_version`."""
    return True


def guard_static(headers: MutableMapping[str, str], _path: str, _url: str) -> None:
    """A file shown by itself may do nothing and be framed by nobody."""
    headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"


_address = urlsplit(ADDRESS)
if _address.scheme not in ("http", "https") or not _address.hostname:
    raise ImproperlyConfigured(f"HEADWAY_ADDRESS {ADDRESS!r} is no web address; write https://headway.example.com.")
SECURE = _address.scheme == "https"
if not SECURE and _address.hostname not in LOOPBACK:
    raise ImproperlyConfigured(f"HEADWAY_ADDRESS {ADDRESS!r} is not encrypted; use https beyond this machine.")

DEBUG = False
SECRET_KEY = secret_key()
ALLOWED_HOSTS = [_address.hostname, *(LOOPBACK if _address.hostname in LOOPBACK else ())]
CSRF_TRUSTED_ORIGINS = [ADDRESS]
ROOT_URLCONF = "headway.web.urls"
WSGI_APPLICATION = "headway.web.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": database()}
AUTH_USER_MODEL = "store.Person"
BEHIND_PROXY = environment.bool("HEADWAY_BEHIND_PROXY", default=False)
PASTE_FOR_STRANGERS = environment.bool("HEADWAY_PASTE", default=True)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "headway.store",
    "headway.web",  # before allauth: our templates stand in for its own
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",  # its tables stay empty: see `web.company_login`
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "headway.web.middleware.PrivatePages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "headway.web.language.middleware.Spoken",
    "headway.web.middleware.Moment",
    "headway.web.middleware.UserErrors",
]
TEMPLATES = [
    {
        "BACKEND": "headway.web.language.backend.SpokenTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "headway.web.shell.shell",
                "headway.web.accounts.ways_in",
            ],
            "builtins": ["headway.web.templatetags.words"],
        },
    }
]

# --- who is who ---
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_ADAPTER = "headway.web.accounts.InvitedOnly"
ACCOUNT_FORMS = {
    "login": "headway.web.people.account_forms.LoginForm",
    "change_password": "headway.web.people.account_forms.ChangePasswordForm",
    "reset_password": "headway.web.people.account_forms.ResetPasswordForm",
    "reset_password_from_key": "headway.web.people.account_forms.ResetPasswordKeyForm",
    "reauthenticate": "headway.web.people.account_forms.ReauthenticateForm",
    "confirm_password_reset_code": "headway.web.people.account_forms.ConfirmPasswordResetCodeForm",
}
ACCOUNT_EMAIL_VERIFICATION = "none"  # an account begins with a link: set-up or invitation
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # nobody gets mail from us because a stranger typed their address
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Headway: "
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True  # a code to type: no secret in a URL
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_PASSWORD_RESET_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # this session stays, every other one ends
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_RATE_LIMITS = {  # ten wrong tries in a quarter of an hour, of one account and from one address
    "login": "30/m/ip",
    "login_failed": "10/900s/ip,10/900s/key",
    "reset_password": "10/900s/ip,5/h/key",
    "change_password": "10/900s/user",
    "reauthenticate": "10/900s/user",
    "open_link": "10/900s/ip",
}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0
COMPANY_LOGIN = company_login()
SOCIALACCOUNT_ADAPTER = "headway.web.company_login.KnownOnly"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "headway.web.people.account_forms.AuthenticateForm",
    "reauthenticate": "headway.web.people.account_forms.ReauthenticateByCodeForm",
    "activate_totp": "headway.web.people.account_forms.ActivateTOTPForm",
}
MFA_ADAPTER = "headway.web.accounts.SealedSecrets"
MFA_TOTP_ISSUER = "Headway"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # nobody signs up by themselves, so nobody can squat on another's address
SESSION_COOKIE_AGE = 14 * 86_400
SESSION_ENGINE = "headway.web.sessions"  # in the database: who logs out is out everywhere
MAIL_WORKS = bool(environment.str("HEADWAY_MAIL", default=""))
# Without a mail server nothing is sent and nothing is printed: what we mail holds codes, which no log may hold.
vars().update(environment.email_url("HEADWAY_MAIL", default="dummymail://"))
ACCOUNT_EMAIL_NOTIFICATIONS = MAIL_WORKS
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = environment.str("HEADWAY_MAIL_FROM", default=f"Headway <headway@{_address.hostname}>")

# --- Slack ---
SLACK_SECRET = environment.str("HEADWAY_SLACK_SECRET", default="")
TEST_SLACK = environment.str("HEADWAY_TEST_SLACK", default="").rstrip("/")
if TEST_SLACK and urlsplit(TEST_SLACK).hostname not in LOOPBACK:
    raise ImproperlyConfigured("HEADWAY_TEST_SLACK is for tests and names this machine only; leave it out.")

# --- transport and headers ---
SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 2 * 365 * 86_400 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_REDIRECT_EXEMPT = [r"^healthy$"]
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "headway-session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "headway-csrf"
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'", *(COMPANY_LOGIN.origins if COMPANY_LOGIN else ())],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "object-src": ["'none'"],
    }
}
SILENCED_SYSTEM_CHECKS: list[str] = []

# --- files, sizes, language ---
STATIC_URL = f"static/{statics_version()}/"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "headway.web.finders.OwnedStyles",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 10 * 365 * 86_400
WHITENOISE_IMMUTABLE_FILE_TEST = forever
WHITENOISE_ADD_HEADERS_FUNCTION = guard_static
WHITENOISE_ALLOW_ALL_ORIGINS = False
AUDIT_HEADS = Path(environment.str("HEADWAY_AUDIT_HEADS", default=str(HOME / "audit-heads.jsonl"))).expanduser()
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
IMPORT_LIMIT_BYTES = 200 * 1024 * 1024
EXHIBIT_LIMIT_BYTES = 10 * 1024 * 1024
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
USE_I18N = True
CACHES = {
    "default": {  # what counts tries, over all web processes
        "BACKEND": "headway.web.attempts.Attempts",
        "LOCATION": str(HOME / "attempts.sqlite3"),
    },
    "process": {  # what only keeps one process from being kept busy
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "headway",
        "OPTIONS": {"MAX_ENTRIES": 100_000},  # with the default of 300 a flood would push out its own count
    },
}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"secret addresses": {"()": "headway.web.unlogged.SecretAddresses"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["secret addresses"]}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
