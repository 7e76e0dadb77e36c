"""The application as a WSGI server calls it."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "headway.settings")
application = get_wsgi_application()
# What is loaded by now stays: a request need not pay for walking over it again and again.
gc.collect()
gc.freeze()
