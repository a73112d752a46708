"""Stands in for GitLab: one project's Terraform state and CI variables over real HTTP, on loopback.

    stand_in.py STATE_FILE          prints its address; ends when its standard input does

The state file holds what GitLab does, and is written after each request: `token`, `state` (text or null), `lock`,
`variables`. Whoever comes without the token is refused. A request during which the token can be read in the list of
processes is remembered in `shown`.
"""
import base64
import glob
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

PROJECT = "/api/v4/projects/412"
STATE = PROJECT + "/terraform/state/prod"
VARIABLES = PROJECT + "/variables"
ONE_AT_A_TIME = threading.Lock()


class GitLab(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body=None, headers=()):
        body = body if isinstance(body, str) else json.dumps(body) if body is not None else ""
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    def handled(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        with ONE_AT_A_TIME:
            with open(sys.argv[1]) as file:
                held = json.load(file)
            held["shown"] = held.get("shown") or in_the_list_of_processes(held["token"])
            answer = self.routed(held, urlsplit(self.path), body) if self.knows(held) else (
                401, {"message": "401 Unauthorized"})
            with open(sys.argv[1], "w") as file:
                json.dump(held, file, indent=1)
        self.answer(*answer)

    do_GET = do_POST = do_DELETE = handled

    def knows(self, held):
        """Terraform gives the token as a password."""
        basic = self.headers.get("Authorization", "").removeprefix("Basic ")
        return held["token"] in (self.headers.get("PRIVATE-TOKEN"), base64.b64decode(basic).decode().partition(":")[2])

    def routed(self, held, url, body):
        at = (self.command, url.path)
        if at == ("GET", STATE):
            return (200, held["state"]) if held["state"] is not None else (404, {"message": "404 Not Found"})
        if at == ("POST", STATE):
            if held["lock"] and held["lock"]["ID"] not in parse_qs(url.query).get("ID", []):
                return 423, held["lock"]
            held["state"] = body
            return 200, None
        if at == ("DELETE", STATE):
            held["state"] = None
            return 200, None
        if at == ("POST", STATE + "/lock"):
            if held["lock"]:
                return 423, held["lock"]
            held["lock"] = json.loads(body)
            return 200, None
        if at == ("DELETE", STATE + "/lock"):
            held["lock"] = None
            return 200, None
        if at == ("GET", PROJECT):
            return 200, {"id": 412, "path_with_namespace": "kamea/platform"}
        if at == ("POST", "/api/graphql"):
            return graphql(held, json.loads(body))
        if at == ("GET", VARIABLES):
            return page(held, parse_qs(url.query))
        if at == ("POST", VARIABLES):
            return create(held, json.loads(body))
        return 404, {"message": "404 Not Found"}


def graphql(held, asked):
    if asked["variables"] != {"p": "kamea/platform", "n": "prod"}:
        return 200, {"data": {"project": None}}
    state = held["state"] is not None or held["lock"]
    at = "2026-06-18T12:44:00Z" if held["lock"] else None
    return 200, {"data": {"project": {"terraformState": {"lockedAt": at} if state else None}}}


def page(held, asked):
    size, number = int(asked["per_page"][0]), int(asked["page"][0])
    rest = held["variables"][size * number:]
    shown = [{**one, "value": None} if one.get("hidden") else one for one in held["variables"]]
    return 200, shown[size * (number - 1):size * number], [("X-Next-Page", str(number + 1) if rest else "")]


def create(held, one):
    there = [(other["key"], other.get("environment_scope", "*")) for other in held["variables"]]
    if (one["key"], one.get("environment_scope", "*")) in there:
        return 400, {"message": {"key": [f"({one['key']}) has already been taken"]}}
    if one.get("masked") and (len(one["value"]) < 8 or "\n" in one["value"]):
        return 400, {"message": {"value": ["is invalid"]}}
    held["variables"].append(one)
    return 201, one


def in_the_list_of_processes(token):
    for path in glob.glob("/proc/[0-9]*/cmdline"):
        try:
            with open(path, "rb") as words:
                if token.encode() in words.read():
                    return True
        except OSError:  # it has ended since
            pass
    return False


class Server(ThreadingHTTPServer):
    def handle_error(self, *_):
        # A client that has its answer may drop the line.
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(*_)


server = Server(("127.0.0.1", 0), GitLab)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(f"http://127.0.0.1:{server.server_port}", flush=True)
sys.stdin.read()
