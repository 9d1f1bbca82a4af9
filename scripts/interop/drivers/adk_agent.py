"""google-adk, whose model's API is served here."""

import asyncio
import json
import os
from contextlib import asynccontextmanager

from framework import SERVER, Answer, Framework, NotOffered, nowhere, run
from model_stub import Gemini as GeminiStub, serving

os.environ["GOOGLE_API_KEY"] = "none"

from google.adk.agents import LlmAgent
from google.adk.models.google_llm import Gemini
from google.adk.runners import InMemoryRunner
from google.adk.tools.mcp_tool import McpToolset, StdioConnectionParams
from google.genai import types
from mcp import StdioServerParameters
from mcp.types import ElicitResult


class GoogleADK(Framework):
    lacks = {
        "templates": nowhere("resource_template", "google.adk.tools.mcp_tool"),
        "prompts": nowhere("get_prompt", "google.adk.tools.mcp_tool"),
        "completion": nowhere("complete(", "google.adk.tools.mcp_tool"),
        "updates": nowhere("subscribe_resource", "google.adk.tools.mcp_tool"),
        "logging": nowhere("logging_callback", "google.adk.tools.mcp_tool"),
    }

    async def declarations(self):
        await self.call("list_backends", {})
        return [(function["name"], "json", function["parameters_json_schema"]) for function in self.stub.declared]

    async def call(self, tool, arguments):
        self.stub.wanted = tool, arguments
        session = await self.runner.session_service.create_session(app_name=self.runner.app_name, user_id="me")
        message = types.Content(role="user", parts=[types.Part(text="Go on.")])
        async for _ in self.runner.run_async(user_id="me", session_id=session.id, new_message=message):
            pass
        result = self.stub.read
        if "content" not in result:
            return Answer(json.dumps(result), True)
        text = "\n".join(part["text"] for part in result["content"])
        return Answer(text, result["isError"], result.get("structuredContent"))

    async def read(self, uri):
        infos = [await self.toolset.get_resource_info(name) for name in await self.toolset.list_resources()]
        names = [info["name"] for info in infos if info["uri"] == uri]
        if not names:
            raise NotOffered("it reads by the name of what is listed, and these are of templates")
        return (await self.toolset.read_resource(names[0]))[0].text

    async def turn(self, tool, arguments):
        await self.call(tool, arguments)
        return [function["name"] for function in self.stub.declared], json.dumps(self.stub.read)


@asynccontextmanager
async def connected():
    google_adk = GoogleADK()
    google_adk.stub = GeminiStub()

    async def answer(_context, params):
        accepts = google_adk.accepts(params.message)
        return ElicitResult(action="accept", content={"confirm": True}) if accepts else ElicitResult(action="decline")

    async def on_progress(done, _total, _message):
        google_adk.progress.append(done)

    toolset = McpToolset(
        connection_params=StdioConnectionParams(server_params=StdioServerParameters(**SERVER), timeout=120),
        elicitation_callback=answer,
        progress_callback=on_progress,
        tool_list_cache_ttl_seconds=600,
    )
    with serving(google_adk.stub) as url:
        agent = LlmAgent(name="operator", model=Gemini(model="gemini-stub", base_url=url), tools=[toolset])
        google_adk.runner = InMemoryRunner(agent=agent, app_name="operator")
        google_adk.toolset = toolset
        session = await toolset._mcp_session_manager.create_session()
        google_adk.version = session.protocol_version
        yield google_adk
        await toolset.close()


asyncio.run(run(connected()))
