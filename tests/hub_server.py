"""A Hub on this machine's loopback, as far as fetching a model goes, with the faults of a real one.

Small files come from the Hub itself; large ones are redirected to another origin, as to the Hub's
content network. What it was asked is kept, so that a test can hold what was sent to whom.
"""

import contextlib
import hashlib
import json
import re
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

LARGE = (".h5", ".safetensors", ".bin")


@dataclass(frozen=True)
class Asked:
    """A request."""

    method: str
    path: str
    host: str
    range: str | None
    token: str | None


@dataclass
class Hub:
    """One model on a loopback Hub. Everything may be changed while it serves."""

    model: str
    files: dict[str, bytes]
    gated: bool = False
    missing: bool = False
    """There is no such model, as the Hub says it."""
    ranges: bool = True
    """Otherwise a range that is asked for is answered with the whole file and 200."""
    cuts: list[int] = field(default_factory=list)
    """The next answers with a large file break off after so many bytes, one after the other."""
    refusals: list[int] = field(default_factory=list)
    """The next answers with a large file are these statuses."""
    wrong_bytes: str = ""
    """The file that comes with its first byte changed."""
    careless: bool = False
    """Whatever commit is named, the newest files come, as from a mirror that does not know better."""
    extra: bytes = b""
    """Comes after the end of every large file."""
    misplaced: int = 0
    """So many of the next ranges start a byte later than was asked."""
    portal: bool = False
    """Everything is answered by a login page."""
    hold_after: int | None = None
    """A large file stops after so many bytes until `resume` is set."""
    resume: threading.Event = field(default_factory=threading.Event)
    changes: list[dict[str, bytes]] = field(default_factory=list)
    """After each listing of the model, the files become the next of these."""
    asked: list[Asked] = field(default_factory=list)

    def __enter__(self) -> Self:
        handler = type("Handler", (_Handler,), {"hub": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.resume.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def commit(self) -> str:
        """Changes with the files, as a commit does."""
        listing = repr(sorted((name, hashlib.sha1(data).hexdigest()) for name, data in self.files.items()))
        return hashlib.sha1(listing.encode()).hexdigest()

    def ranges_of(self, name: str) -> list[str | None]:
        """The ranges that were asked of the content network for a file, in order."""
        return [a.range for a in self.asked if a.path == f"/content/{name}"]


def etag(name: str, data: bytes) -> str:
    """What the Hub calls this content."""
    if name.endswith(LARGE):
        return hashlib.sha256(data).hexdigest()
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


class _Handler(BaseHTTPRequestHandler):
    hub: Hub
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        hub, path = self.hub, urlsplit(self.path).path
        token = self.headers.get("Authorization")
        hub.asked.append(
            Asked(self.command, path, self.headers["Host"] or "", self.headers.get("Range"), token)
        )
        if hub.portal:
            return self._say(200, b"<html>log in first</html>", {"Content-Type": "text/html"})
        if path.startswith("/content/"):
            return self._content(path.removeprefix("/content/"))
        if not re.match(rf"/(api/models/)?{re.escape(hub.model)}(/|$)", path) or hub.missing:
            return self._say(401, b"{}", {"X-Error-Code": "RepoNotFound"})
        rest = path.partition(hub.model)[2]
        if rest.partition("/resolve/")[2]:
            return self._resolve(*rest.removeprefix("/resolve/").split("/", 1))
        return self._listing(rest.removeprefix("/revision/"))

    do_HEAD = do_GET  # noqa: N815 - so it is called

    def _listing(self, revision: str) -> None:
        hub = self.hub
        if revision not in ("", "main", "v1", hub.commit):
            return self._say(404, b"{}", {"X-Error-Code": "RevisionNotFound"})
        siblings: list[dict[str, object]] = []
        for name, data in hub.files.items():
            entry: dict[str, object] = {"rfilename": name, "size": len(data), "blobId": etag("", data)}
            if name.endswith(LARGE):
                entry["lfs"] = {"sha256": etag(name, data), "size": len(data), "pointerSize": 134}
            siblings.append(entry)
        body = json.dumps({"id": hub.model, "sha": hub.commit, "siblings": siblings}).encode()
        if hub.changes:
            hub.files = hub.changes.pop(0)
        return self._say(200, body, {"Content-Type": "application/json"})

    def _resolve(self, revision: str, name: str) -> None:
        hub = self.hub
        data = hub.files.get(name)
        if revision not in ("main", "v1", hub.commit) and not hub.careless:
            return self._say(404, b"", {"X-Error-Code": "RevisionNotFound"})
        if hub.gated:
            return self._say(
                403 if self.headers.get("Authorization") else 401, b"", {"X-Error-Code": "GatedRepo"}
            )
        if data is None:
            return self._say(404, b"", {"X-Error-Code": "EntryNotFound", "X-Repo-Commit": hub.commit})
        mark = {"X-Repo-Commit": hub.commit}
        if not name.endswith(LARGE):
            return self._say(200, self._sent(name), mark | {"ETag": f'"{etag(name, data)}"'})
        return self._say(
            302,
            b"",
            mark
            | {
                "X-Linked-Etag": f'"{etag(name, data)}"',
                "X-Linked-Size": str(len(data)),
                "Location": f"http://localhost:{hub.port}/content/{name}",
            },
        )

    def _content(self, name: str) -> None:
        hub = self.hub
        if hub.refusals:
            return self._say(hub.refusals.pop(0), b"no", {})
        data = self._sent(name) + hub.extra
        status, start, headers = 200, 0, {"ETag": '"of the content network"'}
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        if asked and hub.ranges:
            status, start = 206, int(asked[1]) + (hub.misplaced > 0)
            hub.misplaced = max(0, hub.misplaced - 1)
            headers["Content-Range"] = f"bytes {start}-{len(data) - 1}/{len(data)}"
        return self._say(status, data[start:], headers, hub.cuts.pop(0) if hub.cuts else None)

    def _sent(self, name: str) -> bytes:
        data = self.hub.files[name]
        return bytes([data[0] ^ 1]) + data[1:] if name == self.hub.wrong_bytes else data

    def _say(self, status: int, body: bytes, headers: dict[str, str], cut: int | None = None) -> None:
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "HEAD":
            return
        held = self.hub.hold_after if urlsplit(self.path).path.startswith("/content/") else None
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            if held is not None and not self.hub.resume.is_set():
                self.wfile.write(body[:held])
                self.hub.resume.wait(30)
                body = body[held:]
            self.wfile.write(body[:cut])
        self.close_connection = cut is not None or self.close_connection


def is_partial(folder: Path, size: int) -> bool:
    """Whether a file on its way below the folder has so many bytes."""
    with contextlib.suppress(FileNotFoundError):  # another has just become whole
        return any(path.stat().st_size == size for path in folder.rglob("*.incomplete"))
    return False


def checkpoint(weights: int = 700_000, kind: str = "tf_model.h5", seed: int = 0) -> dict[str, bytes]:
    """The files of a text classifier, with so many bytes of weights that are not weights."""
    noise = hashlib.shake_128(bytes([seed])).digest(weights)
    config = {"architectures": ["BertForSequenceClassification"], "model_type": "bert", "seed": seed}
    return {
        ".gitattributes": b"*.h5 filter=lfs",
        "README.md": b"# a model",
        "config.json": json.dumps(config).encode(),
        kind: noise,
        "tokenizer.json": b"{}",
        "tokenizer_config.json": b"{ }",
        "vocab.txt": "[PAD]\n가\n".encode(),
    }
