"""The only settings file: the environment decides, in the order of Django's own documentation."""

import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env = environ.Env()

# A demo board fills itself with plainly fictitious ads and may run with placeholders in the law pages.
DEMO = env.bool("DEMO", False)
PORT = env.int("PORT", 8000)
# Absolute addresses in mails, feeds and structured data start with this.
BASE_URL = env.str("BASE_URL", "").rstrip("/") or f"http://127.0.0.1:{PORT}"

# Core

DEBUG = env.bool("DEBUG", False)
ALLOWED_HOSTS = [urlsplit(BASE_URL).hostname, "localhost", "127.0.0.1"]


def _secret_key() -> str:
    """The key from the environment; demo and DEBUG keep one of their own in var/secret_key."""
    if key := env.str("SECRET_KEY", ""):
        return key
    if not (DEMO or DEBUG):
        raise ImproperlyConfigured("SECRET_KEY is missing in the environment (or set DEMO=1 for a board to try out).")
    kept = VAR_DIR / "secret_key"
    if not kept.exists():
        VAR_DIR.mkdir(exist_ok=True)
        fresh = kept.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(60))
        fresh.replace(kept)  # whole or not at all
    return kept.read_text()


SECRET_KEY = _secret_key()

INSTALLED_APPS = [
    "jobboard.apps.JobboardConfig",  # first, so its templates win
    "profiles",
    "listings",
    "jobboard.apps.RedaktionConfig",  # django.contrib.admin with our site
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_filters",
    "django_htmx",
    "post_office",
    "template_partials",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "jobboard.middleware.known_session_keys",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "jobboard.middleware.utf8_only",  # before anything reads a form
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "jobboard.middleware.second_factor_for_staff",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "jobboard.urls"
WSGI_APPLICATION = "jobboard.wsgi.application"

DATABASES = {"default": env.db_url_config(env.str("DATABASE_URL", "") or f"sqlite:///{VAR_DIR / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",  # a writer waits at the start instead of failing in the middle
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
    VAR_DIR.mkdir(exist_ok=True)
else:
    DATABASES["default"]["OPTIONS"] = {"pool": {"min_size": 1, "max_size": 4, "timeout": 10}}

# Rate limits and used one-time codes live here; in memory, each worker knows only its own.
CACHES = {"default": env.cache_url_config(env.str("CACHE_URL", "") or "locmemcache://")}
if CACHES["default"]["BACKEND"].endswith(".RedisCache"):
    CACHES["default"]["BACKEND"] = "jobboard.cache.PatientRedisCache"  # Redis may be away, and people still log in
elif CACHES["default"]["BACKEND"].endswith(".LocMemCache"):
    # Django's 300 would let the similar ads of many pages push out what is counted of the cities.
    CACHES["default"].setdefault("OPTIONS", {}).setdefault("MAX_ENTRIES", 3000)

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000  # an edition with its sections, figures and facts is one form

# Mail: everything goes through the outbox on the database; EMAIL_URL says how it leaves the house.

EMAIL_BACKEND = "jobboard.mail.OutboxBackend"
_EMAIL = env.email_url_config(env.str("EMAIL_URL", "") or f"filemail:///{VAR_DIR / 'mail'}")
EMAIL_HOST, EMAIL_PORT = _EMAIL["EMAIL_HOST"], _EMAIL["EMAIL_PORT"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _EMAIL["EMAIL_HOST_USER"], _EMAIL["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS, EMAIL_USE_SSL = _EMAIL.get("EMAIL_USE_TLS", False), _EMAIL.get("EMAIL_USE_SSL", False)
EMAIL_FILE_PATH = _EMAIL["EMAIL_FILE_PATH"]
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Koordinaten <post@koordinaten.example>")
POST_OFFICE: dict[str, Any] = {
    "BACKENDS": {"default": _EMAIL["EMAIL_BACKEND"]},
    "MESSAGE_ID_ENABLED": True,
    "MESSAGE_ID_FQDN": urlsplit(BASE_URL).hostname,
    "MAX_RETRIES": 5 * 24 * 2,  # five days …
    "RETRY_INTERVAL": timedelta(minutes=30),  # … every half hour
    "THREADS_PER_PROCESS": 1,
    "SENDING_ORDER": ["created", "pk"],
}

# Language and time

LANGUAGE_CODE = "de"
TIME_ZONE = "Europe/Berlin"
USE_I18N = True
USE_TZ = True

# Logging

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"post_office": {"handlers": ["console"], "level": "WARNING", "propagate": False}},
}

# Security

SECURE = BASE_URL.startswith("https://")
if SECURE:  # then a proxy stands before us and says how the visitor came
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^gesund/$"]  # asked by the container itself, without the proxy
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "jobboard.views.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# Templates

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": False,
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "builtins": ["template_partials.templatetags.partials", "jobboard.templatetags.board"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "jobboard.context.site",
            ],
        },
    }
]

# Static files: hashed names, compressed; no build step

STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", "") or VAR_DIR / "static")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# Accounts

AUTH_USER_MODEL = "jobboard.User"
# The login is unique by Lower(email), which the check for a plain unique field does not see.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "listings:employer_vacancies"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # no cookie of its own

ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "jobboard.forms.SignupForm"
ACCOUNT_FORMS = {
    "change_password": "jobboard.account_forms.ChangePasswordForm",
    "reset_password": "jobboard.account_forms.ResetPasswordForm",
    "reset_password_from_key": "jobboard.account_forms.ResetPasswordKeyForm",
}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 3
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = urlsplit(BASE_URL).scheme
ACCOUNT_ADAPTER = "jobboard.adapter.AccountAdapter"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_NOTIFICATIONS = True  # whoever loses an account learns of it
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # a new address opens the account as a new password does
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", 1 if SECURE else 0)  # whose address a rate limit counts

MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ADAPTER = "jobboard.adapter.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "jobboard.account_forms.CodeForm",
    "reauthenticate": "jobboard.account_forms.CodeAgainForm",
    "activate_totp": "jobboard.account_forms.FirstCodeForm",
    "add_webauthn": "jobboard.account_forms.AddPasskeyForm",
    "edit_webauthn": "jobboard.account_forms.RenamePasskeyForm",
    "login_webauthn": "jobboard.account_forms.PasskeyLoginForm",
    "authenticate_webauthn": "jobboard.account_forms.PasskeyForm",
    "reauthenticate_webauthn": "jobboard.account_forms.PasskeyAgainForm",
}
MFA_TOTP_ISSUER = "Koordinaten"
MFA_TOTP_TOLERANCE = 1  # clocks go wrong and fingers are slow: one code earlier or later counts as well
# Browsers themselves allow passkeys only on https:// and localhost.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE
STAFF_SECOND_FACTOR = env.bool("STAFF_SECOND_FACTOR", not (DEBUG or DEMO))
TRAP_SECONDS = 2  # nobody fills in a public form faster

# Particulars of the law pages; `check --deploy` warns while one is a placeholder.

PLACEHOLDER = "[bitte eintragen]"
OPERATOR: dict[str, str] = {
    "name": env.str("OPERATOR_NAME", PLACEHOLDER),
    "address": env.str("OPERATOR_ADDRESS", PLACEHOLDER),  # its lines parted by |
    "email": env.str("OPERATOR_EMAIL", PLACEHOLDER),
    "phone": env.str("OPERATOR_PHONE", PLACEHOLDER),
    "editor": env.str("OPERATOR_EDITOR", PLACEHOLDER),  # responsible for the editorial texts, MStV § 18
    "hosting": env.str("OPERATOR_HOSTING", PLACEHOLDER),
}
TERMS_VERSION = "2026-11-21"
