"""The one settings module: `config.settings`, read from the environment (`variables.py`), in chapters by subject."""

import django_stubs_ext

from config.settings.admin import *
from config.settings.api import *
from config.settings.data import *
from config.settings.environment import BASE_DIR, ENVIRONMENT, LOCAL_DIR, PRODUCTION, TESTING, env
from config.settings.logs import *
from config.settings.maps import *
from config.settings.queues import *
from config.settings.rooms import *
from config.settings.site import *

django_stubs_ext.monkeypatch()  # lets `models.Field[int, int]` and the like be written, as mypy wants them

MERCADOPAGO_ACCESS_TOKEN: str = env("MERCADOPAGO_ACCESS_TOKEN")
WHATSAPP_API_TOKEN: str = env("WHATSAPP_API_TOKEN")
