"""openai-agents, with a model's API that is served here."""

import asyncio
import json
from contextlib import asynccontextmanager
from importlib.metadata import version

from agents import Agent, ModelSettings, OpenAIChatCompletionsModel, RunContextWrapper, Runner, set_tracing_disabled
from agents.mcp import MCPServerStdio, MCPUtil
from agents.models.chatcmpl_converter import Converter
from agents.tool_context import ToolContext
from openai import AsyncOpenAI

from driver import sent
from framework import SERVER, Answer, Framework, nowhere, run
from model_stub import ChatCompletions, serving

set_tracing_disabled(True)
MCP_2 = version("mcp").startswith("2.")


class OpenAIAgents(Framework):
    lacks = {
        "completion": nowhere("complete(", "agents.mcp"),
        "updates": nowhere("subscribe", "agents.mcp"),
        "questions": nowhere("elicit", "agents.mcp"),
    }
    if not MCP_2:
        lacks["cancellation"] = nowhere("CancelledNotification(", "mcp.shared")
        lacks["logging"] = nowhere("set_logging_level", "agents.mcp")

    async def declarations(self):
        declared = []
        for strict in (False, True):
            for tool in await self._tools(strict):
                function = Converter.tool_to_openai(tool)["function"]
                style = "strict" if function["strict"] else "json"
                declared.append((tool.name, style, function["parameters"]))
        return declared

    async def call(self, tool, arguments):
        structured = []
        self.server.custom_data_extractor = lambda context: structured.append(context) or {}
        [function] = [each for each in await self._tools(False) if each.name == tool]
        text = json.dumps(arguments)
        context = ToolContext(context=None, tool_name=tool, tool_call_id="1", tool_arguments=text)
        made = await function.on_invoke_tool(context, text)
        [seen] = structured
        content = seen.structured_content
        return Answer(made["text"], bool(seen.is_error), content and dict(content))

    async def _tools(self, strict):
        context = RunContextWrapper(context=None)
        return await MCPUtil.get_function_tools(self.server, strict, context, Agent(name="none"))

    async def read(self, uri):
        return (await self.server.read_resource(uri)).contents[0].text

    async def templates(self):
        listed = sent(await self.server.list_resource_templates())
        return [each["uriTemplate"] for each in listed["resourceTemplates"]]

    async def prompt(self, name, arguments):
        return (await self.server.get_prompt(name, arguments)).messages

    async def turn(self, tool, arguments):
        stub = ChatCompletions()
        stub.wanted = tool, arguments
        with serving(stub) as url:
            model = OpenAIChatCompletionsModel("stub", AsyncOpenAI(base_url=url, api_key="none"))
            agent = Agent(
                name="operator",
                model=model,
                model_settings=ModelSettings(parallel_tool_calls=False),
                mcp_servers=[self.server],
                mcp_config={"convert_schemas_to_strict": True},
            )
            await Runner.run(agent, "Go on.")
        return [function["name"] for function in stub.declared], json.dumps(stub.read)


@asynccontextmanager
async def connected():
    openai_agents = OpenAIAgents()

    async def hear(message):
        # In mcp 1 it is wrapped.
        notification = getattr(message, "root", message)
        match getattr(notification, "method", None):
            case "notifications/message":
                openai_agents.logged.append(notification.params.data)
            case "notifications/progress":
                openai_agents.progress.append(notification.params.progress)

    server = MCPServerStdio(
        SERVER,
        name="containarium",
        cache_tools_list=True,
        client_session_timeout_seconds=120,
        message_handler=hear,
        tool_meta_resolver=lambda _context: {"progressToken": "interop", "io.modelcontextprotocol/logLevel": "debug"},
    )
    async with server:
        openai_agents.server = server
        session = server.session
        openai_agents.version = session.protocol_version if MCP_2 else server.server_initialize_result.protocolVersion
        yield openai_agents


asyncio.run(run(connected()))
