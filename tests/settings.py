"""The shipped settings, with a home of its own in a temporary folder. HEADWAY_TEST_DATABASE names a PostgreSQL."""

import os
import tempfile

os.environ["HEADWAY_HOME"] = tempfile.mkdtemp(prefix="headway-tests-")
os.environ["HEADWAY_ADDRESS"] = "http://localhost"
os.environ["DATABASE_URL"] = os.environ.get("HEADWAY_TEST_DATABASE", "")

from headway.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # no test is about the hash
ALLOWED_HOSTS = ["*"]
