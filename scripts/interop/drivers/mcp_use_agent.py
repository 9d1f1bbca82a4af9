"""mcp-use, with its adapter to langchain and its agent."""

import asyncio
import os
from contextlib import asynccontextmanager

os.environ["MCP_USE_ANONYMIZED_TELEMETRY"] = "false"

from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage
from langchain_core.utils.function_calling import convert_to_openai_tool
from mcp.types import ElicitResult
from mcp_use import MCPAgent, MCPClient
from mcp_use.agents.adapters.langchain_adapter import LangChainAdapter

from framework import SERVER, Answer, Framework, nowhere, run


class FakeModel(GenericFakeChatModel):
    """Says what it is given, and knows which tools it has and what it was last shown."""

    known: list = []
    shown: list = []

    def bind_tools(self, tools, **_):
        self.known.extend(tool.name for tool in tools)
        return self

    def _generate(self, messages, *args, **kwargs):
        self.shown[:] = messages
        return super()._generate(messages, *args, **kwargs)


class McpUse(Framework):
    lacks = {
        "structured content": nowhere("structured", "mcp_use.agents", "adapters"),
        "templates": nowhere("resource_template", "mcp_use.client"),
        "completion": nowhere("complete(", "mcp_use.client"),
        "updates": nowhere("subscribe", "mcp_use.client"),
        "progress": nowhere("progress_callback", "mcp_use.client"),
        "cancellation": nowhere("CancelledNotification(", "mcp.shared"),
    }

    async def declarations(self):
        plain = [(name, convert_to_openai_tool(tool)["function"]) for name, tool in self.tools.items()]
        return [(name, "json", made["parameters"]) for name, made in plain]

    async def call(self, tool, arguments):
        made = await self.tools[tool].ainvoke(arguments)
        if isinstance(made, dict):
            return Answer(made["details"], True)
        return Answer(made, False)

    async def read(self, uri):
        return (await self.session.read_resource(uri)).contents[0].text

    async def prompt(self, name, arguments):
        return (await self.session.get_prompt(name, arguments)).messages

    async def turn(self, tool, arguments):
        call = {"name": tool, "args": arguments, "id": "1", "type": "tool_call"}
        model = FakeModel(messages=iter([AIMessage("", tool_calls=[call]), AIMessage("Done.")]))
        await MCPAgent(llm=model, client=self.client).run("Go on.")
        return model.known, model.shown[-1].text


@asynccontextmanager
async def connected():
    mcp_use = McpUse()

    async def answer(_context, params):
        accepts = mcp_use.accepts(params.message)
        return ElicitResult(action="accept", content={"confirm": True}) if accepts else ElicitResult(action="decline")

    async def on_log(params):
        mcp_use.logged.append(params.data)

    client = MCPClient({"mcpServers": {"containarium": SERVER}}, elicitation_callback=answer, logging_callback=on_log)
    mcp_use.session = await client.create_session("containarium")
    await mcp_use.session.connector.client_session.set_logging_level("debug")
    adapter = LangChainAdapter()
    mcp_use.version = mcp_use.session.session_info.protocolVersion
    mcp_use.client = client
    mcp_use.tools = {tool.name: tool for tool in await adapter.create_tools(client)}
    yield mcp_use
    await client.close_all_sessions()


asyncio.run(run(connected()))
