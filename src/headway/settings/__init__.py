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

from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from headway.settings.company_provider import company_login
from headway.settings.installation import ADDRESS, HOME, LOOPBACK, database, environment, secret_key
from headway.settings.static_files import forever, guard_static, statics_version

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
