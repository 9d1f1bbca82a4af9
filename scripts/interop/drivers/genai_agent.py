"""google-genai, which calls functions by itself, with a model's API that is served here."""

import asyncio
import json
from contextlib import asynccontextmanager

from google import genai
from google.genai.types import HttpOptions
from mcp import Client, StdioServerParameters

from driver import SCENARIO
from framework import NEW, SERVER, Answer, Framework, nowhere, run
from model_stub import Gemini, serving


class GoogleGenAI(Framework):
    # It lists and calls the tools of a session, and leaves the session to the user.
    lacks = {
        "resources": nowhere("read_resource", "google.genai"),
        "templates": nowhere("resource_template", "google.genai"),
        "prompts": nowhere("get_prompt", "google.genai"),
        "completion": nowhere("complete(", "google.genai", "_mcp_utils.py"),
        "updates": nowhere("subscribe_resource", "google.genai"),
        "progress": nowhere("progress_callback", "google.genai"),
        "questions": nowhere("elicitation", "google.genai"),
        "logging": nowhere("logging_callback", "google.genai"),
    }

    async def declarations(self):
        await self.call("list_backends", {})
        return [(function["name"], "gemini", function["parameters"]) for function in self.stub.declared]

    async def call(self, tool, arguments):
        self.stub.wanted = tool, arguments
        # As a GenerateContentConfig it would be copied, and a session cannot be.
        config = {"tools": [self.session]}
        await self.genai.aio.models.generate_content(model="gemini-stub", contents="Go on.", config=config)
        result = self.stub.read.get("error") or self.stub.read["result"]
        if isinstance(result, str):
            return Answer(result, True)
        text = "\n".join(part["text"] for part in result["content"])
        return Answer(text, "error" in self.stub.read, result.get("structured_content"))

    async def turn(self, tool, arguments):
        await self.call(tool, arguments)
        return [function["name"] for function in self.stub.declared], json.dumps(self.stub.read)


@asynccontextmanager
async def connected():
    google_genai = GoogleGenAI()
    google_genai.stub = Gemini()
    mode = "auto" if SCENARIO["revision"] == NEW else "legacy"
    with serving(google_genai.stub) as url:
        google_genai.genai = genai.Client(api_key="none", http_options=HttpOptions(base_url=url))
        async with Client(StdioServerParameters(**SERVER), mode=mode) as client:
            google_genai.session = client.session
            google_genai.version = client.protocol_version
            yield google_genai


asyncio.run(run(connected()))
