"""A sandbox for every test. Only this file knows of stend."""

import hashlib
import os
import re

import pytest
import requests

from till import Till

STEND_URL = os.environ.get("STEND_URL", "http://127.0.0.1:6896")


def sandbox_name(test_id, title):
    """The same name every run. The digest tells apart what the title alone would not."""
    digest = hashlib.sha256(test_id.encode()).hexdigest()[:8]
    slug = re.sub("[^a-z0-9]+", "-", title.lower()).strip("-")
    return f"py-{digest}-{slug}"[:63]


class Sandbox:
    """What a test may do to its world, beside calling it."""

    def __init__(self, name):
        self.name = name
        self.api_key = f"test-key~{name}"

    def reset(self):
        return self._control("reset", {})

    def freeze(self, at):
        return self._control("clock/freeze", {"at": at})

    def advance(self, by):
        return self._control("clock/advance", {"by": by})

    def _control(self, path, body):
        headers = {"X-Stend-Sandbox": self.name}
        answer = requests.post(f"{STEND_URL}/_stend/{path}", json=body, headers=headers, timeout=10)
        answer.raise_for_status()
        return answer.json()


@pytest.fixture
def sandbox(request):
    sandbox = Sandbox(sandbox_name(request.node.nodeid, request.node.name))
    print(f"sandbox {sandbox.name}")  # pytest shows it when the test fails
    sandbox.reset()  # what an earlier run left goes
    return sandbox


@pytest.fixture
def till(sandbox):
    return Till(STEND_URL, sandbox.api_key, point="62a0f1e2d3c4b5a69788f4f4")
