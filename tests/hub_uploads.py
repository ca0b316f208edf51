"""A Hub on loopback as far as publishing goes: a repository made, large files taken, one commit."""

import base64
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import urlsplit


class UploadHub:
    """Takes what is published, and keeps it as files."""

    def __init__(self, *, refuses: int = 0, public: bool = False) -> None:
        """
        Args:
            refuses: a status with which everything is answered.
            public: the repository is there already, and everyone may read it.
        """
        self.refuses = refuses
        self.public = public
        self.files: dict[str, bytes] = {}
        self.large: dict[str, bytes] = {}
        self.made: list[dict[str, object]] = []
        self.tokens: set[str] = set()

    def __enter__(self) -> Self:
        handler = type("Handler", (_Handler,), {"hub": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    hub: UploadHub
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def _say(self, status: int, content: object) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        path, body, hub = urlsplit(self.path).path, self._body(), self.hub
        hub.tokens.add(self.headers.get("Authorization", ""))
        if hub.refuses:
            return self._say(hub.refuses, {"error": "no"})
        if path == "/api/repos/create":
            hub.made.append(json.loads(body))
            return self._say(200, {"url": f"{hub.url}/me/feelings"})
        if path == "/api/validate-yaml":
            return self._say(200, {"errors": [], "warnings": []})
        if "/preupload/" in path:
            asked = json.loads(body)["files"]
            modes = [
                {
                    "path": file["path"],
                    "uploadMode": "lfs" if file["path"].endswith(".safetensors") else "regular",
                    "shouldIgnore": False,
                }
                for file in asked
            ]
            return self._say(200, {"files": modes})
        if path.endswith("/info/lfs/objects/batch"):
            objects = [
                {
                    "oid": one["oid"],
                    "size": one["size"],
                    "actions": {"upload": {"href": f"{hub.url}/put/{one['oid']}", "header": {}}},
                }
                for one in json.loads(body)["objects"]
            ]
            return self._say(200, {"transfer": "basic", "objects": objects})
        assert "/commit/" in path, path
        for line in map(json.loads, body.splitlines()):
            value = line["value"]
            if line["key"] == "file":
                hub.files[value["path"]] = base64.b64decode(value["content"])
            elif line["key"] == "lfsFile":
                hub.files[value["path"]] = hub.large[value["oid"]]
        return self._say(200, {"commitUrl": f"{hub.url}/me/feelings/commit/0", "commitOid": "0" * 40})

    def do_PUT(self) -> None:
        self.hub.large[self.path.rpartition("/")[2]] = self._body()
        self._say(200, {})

    def do_GET(self) -> None:
        private = not self.hub.public
        self._say(200, {"id": "me/feelings", "sha": "0" * 40, "private": private, "siblings": []})
