"""python3-discogs-client at the sandbox: a personal token, then OAuth with HMAC-SHA1."""
import os

import discogs_client
import requests
from discogs_client.exceptions import HTTPError

BOX = os.environ["BOX"]


def client(**credentials):
    made = discogs_client.Client("WaxWatchClients/1.0 +https://waxwatch.example", **credentials)
    made._base_url = BOX
    made._request_token_url = BOX + "/oauth/request_token"
    made._authorize_url = BOX + "/oauth/authorize"
    made._access_token_url = BOX + "/oauth/access_token"
    return made


me = client(user_token="sandbox-token").identity()
print("identity", me.username)
print("wantlist", me.wantlist.count, "read", len(list(me.wantlist)))
print("folders", [(folder.name, folder.count) for folder in me.collection_folders])
print("collection", len(list(me.collection_folders[0].releases)), "value", me.collection_value.median)
print("lists", [(item.name, len(item.items)) for item in me.lists])
api = me.client
shop = list(api.user("waxbarn").inventory.sort("price", "asc"))
print("inventory", len(shop), "from", shop[0].price.value, "to", shop[-1].price.value)
release = api.release(900000001)
print("release", release.title, len(release.tracklist), "tracks,", len(release.credits), "credits,", len(release.videos), "video")
print("master", release.master.title, [version.id for version in release.master.versions])
print("artist", release.artists[0].name, len(list(release.artists[0].releases)), "releases")
print("search", api.search("blue harbour", type="release").count, "and of all kinds", sorted({type(hit).__name__ for hit in api.search("marlow")}))
for name, call in (("unknown release", lambda: api.release(1).refresh()), ("past the last page", lambda: api.search("marlow").page(9))):
    try:
        call()
    except HTTPError as error:
        print(name + ":", error)

signed = client(consumer_key="sandbox-consumer", consumer_secret="sandbox-consumer-secret")
token, secret, url = signed.get_authorize_url("https://app.example/back")
back = requests.post(BOX + "/oauth/authorize", data={"oauth_token": token, "answer": "yes"}, allow_redirects=False)
signed.get_access_token(back.headers["Location"].split("oauth_verifier=")[1])
print("HMAC-SHA1", signed.identity().username, "wantlist", len(list(signed.identity().wantlist)))
