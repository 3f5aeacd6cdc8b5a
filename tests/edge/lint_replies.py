"""Sends requests to a server and lets httplint (PyPI) judge the replies.

Standard input is a JSON list of {"name", "method", "path", "headers"}; the one argument is the
server's URL. Prints a JSON list of {"name", "status", "notes": [{"level", "id", "subject", "summary"}]}:
warnings and bad notes only, those within notes too. Exit code 3: httplint is not installed.
"""

import http.client
import json
import sys
import time
from urllib.parse import urlsplit

try:
    from httplint import HttpRequestLinter, HttpResponseLinter, levels
except ImportError as error:
    print(error, file=sys.stderr)
    sys.exit(3)


def noted(notes):
    """The notes that are no praise, as plain values."""
    for note in notes:
        if note.level in (levels.WARN, levels.BAD):
            yield {
                "level": note.level.value,
                "id": type(note).__name__,
                "subject": note.subject,
                "summary": str(note.summary),
            }
        yield from noted(note.subnotes)


def lint(host, asked):
    """One exchange, as it was on the wire."""
    method, path = asked.get("method", "GET"), asked["path"]
    headers = {"User-Agent": "httplint", **asked.get("headers", {})}
    connection = http.client.HTTPConnection(host, timeout=30)
    connection.request(method, path, headers=headers)
    response = connection.getresponse()
    body = response.read()
    connection.close()

    now = time.time()
    request = HttpRequestLinter(start_time=now)
    request.process_request_topline(method.encode(), path.encode(), b"1.1")
    request.process_headers([(n.encode(), v.encode()) for n, v in {"Host": host, **headers}.items()])
    request.finish_content(True)
    linter = HttpResponseLinter(start_time=now)
    linter.request = request
    linter.is_head_response = method == "HEAD"
    linter.base_uri = f"http://{host}{path}"
    linter.process_response_topline(b"1.1", str(response.status).encode(), response.reason.encode())
    # The framing is undone by now: what is left is a body of this length.
    raw = [(n.encode("latin-1"), v.encode("latin-1")) for n, v in response.getheaders()]
    linter.process_headers([field for field in raw if field[0].lower() != b"transfer-encoding"])
    linter.feed_content(body)
    linter.finish_content(True)
    return {"name": asked["name"], "status": response.status, "notes": list(noted(linter.notes))}


server = urlsplit(sys.argv[1]).netloc
print(json.dumps([lint(server, asked) for asked in json.load(sys.stdin)], indent=1))
