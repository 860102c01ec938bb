"""The application for a WSGI server: `web.wsgi:app`."""

from web.app import create_app
from web.settings import settings

app = create_app(settings())
