"""A client of the service in Python, typed: every route is a method of `Client`.

`calls/` and `shapes/` are written by `tools/build_client.py` from the service's own description. Needs httpx2
(`pip install 'casekin[client]'`).
"""

from casekin.client.client import Client
from casekin.client.connection import NOT_GIVEN, NotGiven, ServiceError

__all__ = ["NOT_GIVEN", "Client", "NotGiven", "ServiceError"]
