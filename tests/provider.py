"""A small OpenID Connect provider as a process of its own on loopback: a company's, or an attacker's.

It refuses what a good provider refuses: another client, another redirect address, no PKCE, a code used twice. What it
says wrongly is planned by `POST /plan`: {"claims": {...}, "key": "other", "algorithm": "none", "drop": ["email"], ...}.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import parse_qsl, urlencode, urlsplit
from urllib.request import Request, urlopen

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.processes import end, free_port, start_held

CLIENT, SECRET = "headway-client", "planted-client-secret"
PERSON = {"sub": "248289761001", "email": "bob@example.com", "email_verified": True, "name": "Bob From Work"}


class Provider:
    """What it knows: its keys, the codes it gave out, and the plan of the next logins."""

    def __init__(self, port: int) -> None:
        self.issuer = f"http://127.0.0.1:{port}"
        self.keys = {name: rsa.generate_private_key(public_exponent=65537, key_size=2048) for name in ("own", "other")}
        self.codes: dict[str, dict[str, str]] = {}
        self.plan: dict[str, Any] = {}

    def configuration(self) -> dict[str, Any]:
        """What stands at /.well-known/openid-configuration."""
        at = self.issuer
        said: dict[str, Any] = {
            "issuer": at, "authorization_endpoint": f"{at}/authorize", "token_endpoint": f"{at}/token",
            "jwks_uri": f"{at}/keys", "userinfo_endpoint": f"{at}/userinfo",
            "token_endpoint_auth_methods_supported": [self.plan.get("method", "client_secret_basic")],
        }  # fmt: skip
        return {**said, **self.plan.get("configuration", {})}

    def published(self) -> dict[str, Any]:
        """The public half of its own key."""
        own: dict[str, Any] = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.keys["own"].public_key()))
        return {"keys": [{**own, "kid": "own", "use": "sig", "alg": "RS256"}]}

    def asked(self, query: dict[str, str], redirects: str) -> str:
        """Where the browser goes on to. AssertionError for what a provider refuses."""
        assert query["client_id"] == CLIENT and query["response_type"] == "code" and "openid" in query["scope"].split()
        assert query["redirect_uri"] == redirects and query["code_challenge_method"] == "S256" and query["nonce"]
        if "error" in self.plan:
            return f"{redirects}?{urlencode({'error': self.plan['error'], 'state': query['state']})}"
        code = secrets.token_urlsafe(16)
        self.codes[code] = query
        return f"{redirects}?{urlencode({'code': code, 'state': query['state']})}"

    def token(self, given: dict[str, str], authorization: str) -> dict[str, Any]:
        """The answer to a code. AssertionError for what a provider refuses."""
        if self.plan.get("method") == "client_secret_post":
            assert (given["client_id"], given["client_secret"]) == (CLIENT, SECRET)
        else:
            assert authorization == "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        query = self.codes.pop(given["code"])
        verifier = hashlib.sha256(given["code_verifier"].encode()).digest()
        assert base64.urlsafe_b64encode(verifier).rstrip(b"=").decode() == query["code_challenge"]
        assert given["redirect_uri"] == query["redirect_uri"]
        now = int(time.time())
        claims: dict[str, Any] = {
            **PERSON, "iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": query["nonce"],
            **self.plan.get("claims", {}),
        }  # fmt: skip
        kept = {name: value for name, value in claims.items() if name not in self.plan.get("drop", ())}
        answer = {"access_token": "planted-access-token", "token_type": "Bearer", "id_token": self.signed(kept)}
        return {name: value for name, value in answer.items() if name not in self.plan.get("drop", ())}

    def signed(self, claims: dict[str, Any]) -> str:
        """The claims as the plan wants them signed."""
        algorithm = self.plan.get("algorithm", "RS256")
        key: Any = self.keys[self.plan.get("key", "own")]
        if algorithm == "none":
            key = None
        if algorithm == "HS256":  # signed with what everybody knows
            key = self.published()["keys"][0]["n"]
        return jwt.encode(claims, key, algorithm=algorithm, headers={"kid": self.plan.get("kid", "own")})


def serve(port: int, redirects: str) -> None:
    """Until killed. `redirects`: the one redirect address that is registered."""
    provider = Provider(port)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            at = urlsplit(self.path)
            query = dict(parse_qsl(at.query))
            if at.path == "/authorize":
                page = f'<!doctype html><title>Acme ID</title><a href="{provider.asked(query, redirects)}">Go on</a>'
                self.say(page.replace("&", "&amp;").encode(), "text/html")
            elif at.path == "/.well-known/openid-configuration":
                self.say(json.dumps(provider.configuration()).encode())
            elif at.path == "/keys":
                self.say(json.dumps(provider.published()).encode())
            elif at.path == "/userinfo":
                assert self.headers["Authorization"] == "Bearer planted-access-token"
                self.say(json.dumps(PERSON | provider.plan.get("userinfo", {})).encode())
            else:
                self.say(b"{}", status=404)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path == "/plan":
                provider.plan = json.loads(body)
                self.say(b"{}")
            elif provider.plan.get("silent"):
                self.say(b"<h1>Out of order</h1>", "text/html", 503)
            else:
                told = provider.token(dict(parse_qsl(body.decode())), self.headers.get("Authorization", ""))
                self.say(json.dumps(told).encode())

        def say(self, body: bytes, kind: str = "application/json", status: int = 200) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()


class Running:
    """The provider as a process. `plan(...)`: what it does at the next logins; nothing given: what is right."""

    def __init__(self, redirects: str, env: dict[str, str], log: Path) -> None:
        port = free_port()
        self.issuer = f"http://127.0.0.1:{port}"
        command = [sys.executable, "-m", "tests.provider", str(port), redirects]
        self._process = start_held(command, env=env, cwd=Path(__file__).parent.parent, log=log)
        until = time.monotonic() + 60
        while True:
            try:
                return self.plan()
            except (URLError, OSError):
                assert time.monotonic() < until and self._process.poll() is None, log.read_text()
                time.sleep(0.05)

    def plan(self, **wrong: Any) -> None:
        """From now on."""
        urlopen(Request(f"{self.issuer}/plan", json.dumps(wrong).encode()), timeout=10).close()

    def agree(self, address: str) -> str:
        """Open the page that a browser was sent to, and press its link: where that leads."""
        with urlopen(address, timeout=10) as page:
            return str(page.read().decode().partition('href="')[2].partition('"')[0]).replace("&amp;", "&")

    def environment(self) -> dict[str, str]:
        """What an installation is told to use it."""
        return {
            "HEADWAY_OIDC_ISSUER": self.issuer, "HEADWAY_OIDC_CLIENT_ID": CLIENT,
            "HEADWAY_OIDC_CLIENT_SECRET": SECRET, "HEADWAY_OIDC_LABEL": "Acme ID",
        }  # fmt: skip

    def end(self) -> None:
        """At once."""
        end(self._process)


if __name__ == "__main__":
    serve(int(sys.argv[1]), sys.argv[2])
