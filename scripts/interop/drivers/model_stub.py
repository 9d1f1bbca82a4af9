"""An HTTP server that answers as a model's API in the cloud does, so that what a framework sends is seen."""

import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@contextmanager
def serving(answer):
    """Serves the value of `answer`, called with each request's body. Yields the URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            data = json.dumps(answer(body)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


class Gemini:
    """Calls the function it is set to, then reads the result."""

    def __init__(self):
        self.wanted, self.declared, self.read = None, [], None

    def __call__(self, body):
        tools = body.get("tools", [])
        self.declared = [one for tool in tools for one in tool.get("functionDeclarations", [])]
        last = body["contents"][-1]["parts"]
        responses = [part["functionResponse"]["response"] for part in last if "functionResponse" in part]
        if responses:
            self.read = responses[0]
            return _said({"text": "Done."})
        name, args = self.wanted
        return _said({"functionCall": {"name": name, "args": args}})


def _said(part):
    return {"candidates": [{"content": {"role": "model", "parts": [part]}, "finishReason": "STOP"}]}


class ChatCompletions:
    """The same for the API of chat completions."""

    def __init__(self):
        self.wanted, self.declared, self.read = None, [], None

    def __call__(self, body):
        self.declared = [tool["function"] for tool in body.get("tools", [])]
        last = body["messages"][-1]
        if last["role"] == "tool":
            self.read = last["content"]
            return _completed("stop", {"role": "assistant", "content": "Done."})
        name, args = self.wanted
        call = {"id": "call_1", "type": "function", "function": {"name": name, "arguments": json.dumps(args)}}
        return _completed("tool_calls", {"role": "assistant", "content": None, "tool_calls": [call]})


def _completed(reason, message):
    choice = {"index": 0, "finish_reason": reason, "message": message}
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    return {"id": "1", "object": "chat.completion", "created": 0, "model": "stub", "choices": [choice], "usage": usage}
