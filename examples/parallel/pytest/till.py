"""The client under test: it knows the loyalty programme, and nothing of stend."""

import requests


class Refused(Exception):
    """The programme said no; the text is its answer."""


class Till:
    def __init__(self, url, api_key, point):
        self.url = url
        self.point = point
        self.session = requests.Session()
        self.session.headers["apikey"] = api_key

    def find(self, phone):
        return self._call("client", search=phone)["client"]

    def hold(self, client, amount):
        return self._call("bonuses/hold", client=client, amount=amount)["held"]

    def pay(self, client, amount, spend):
        return self._call("retail", client=client, amount=amount, spend=spend)["retail"]

    def _call(self, path, **fields):
        body = {"point": self.point, **fields}
        answer = self.session.post(f"{self.url}/integration/general/{path}", json=body, timeout=10)
        if answer.status_code != 200:
            raise Refused(answer.text)
        return answer.json()
