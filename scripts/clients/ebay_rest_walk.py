"""ebay-rest at the sandbox. Its hosts are fixed, so every connection is led to the TLS front, whose certificate is trusted."""
import os
import socket

import certifi
import urllib3.util.connection

FRONT = ("127.0.0.1", int(os.environ["FRONT_PORT"]))
os.environ["SSL_CERT_FILE"] = os.environ["REQUESTS_CA_BUNDLE"] = os.path.abspath("cert.pem")
certifi.where = lambda: os.environ["SSL_CERT_FILE"]
connect = socket.create_connection
pooled = urllib3.util.connection.create_connection
socket.create_connection = lambda address, *more, **named: connect(FRONT, *more, **named)
urllib3.util.connection.create_connection = lambda address, *more, **named: pooled(FRONT, *more, **named)

from ebay_rest import API, Error  # noqa: E402

api = API(
    application=dict(app_id="sandbox-client", cert_id="sandbox-secret", dev_id="sandbox", redirect_uri="sandbox"),
    user=dict(
        email_or_username="sandbox",
        password="sandbox",
        scopes=["https://api.ebay.com/oauth/api_scope"],
        refresh_token="sandbox",
        refresh_token_expiry="2099-12-31T00:00:00.000Z",
    ),
    header=dict(
        accept_language="en-US",
        affiliate_campaign_id="",
        affiliate_reference_id="",
        content_language="en-US",
        country="US",
        currency="USD",
        device_id="",
        marketplace_id="EBAY_US",
        zip="",
    ),
)
rows = [row["record"] for row in api.buy_browse_search(q="harbour", limit=3) if "record" in row]
print("search", len(rows), "epid", bool(rows[0]["epid"]))
print("item", api.buy_browse_get_item(item_id=rows[0]["item_id"])["item_id"] == rows[0]["item_id"])
print("by legacy id", api.buy_browse_get_item_by_legacy_id(legacy_item_id=rows[0]["legacy_item_id"])["item_id"] == rows[0]["item_id"])
for name, call in (
    ("q=*", lambda: list(api.buy_browse_search(q="*"))),
    ("unknown item", lambda: api.buy_browse_get_item(item_id="v1|1|0")),
    ("getItems", lambda: list(api.buy_browse_get_items(item_ids=rows[0]["item_id"]))),
):
    try:
        call()
    except Error as error:
        print(name, error.number, error.reason)
