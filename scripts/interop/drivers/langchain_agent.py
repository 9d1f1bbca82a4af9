"""langchain-mcp-adapters, with an agent of langchain."""

import asyncio
from contextlib import asynccontextmanager

from langchain.agents import create_agent
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage
from langchain_core.utils.function_calling import convert_to_openai_tool
from langchain_mcp_adapters.callbacks import Callbacks
from langchain_mcp_adapters.client import MultiServerMCPClient
from langchain_mcp_adapters.prompts import load_mcp_prompt
from langchain_mcp_adapters.resources import load_mcp_resources
from langchain_mcp_adapters.tools import load_mcp_tools
from mcp.types import ElicitResult

from framework import SERVER, Answer, Framework, nowhere, run


class FakeModel(GenericFakeChatModel):
    """Says what it is given, and knows which tools it has."""

    known: list = []

    def bind_tools(self, tools, **_):
        self.known.extend(tool.name for tool in tools)
        return self


class Langchain(Framework):
    lacks = {
        "templates": nowhere("resource_template", "langchain_mcp_adapters"),
        "completion": nowhere("complete(", "langchain_mcp_adapters"),
        "updates": nowhere("subscribe", "langchain_mcp_adapters"),
        "cancellation": nowhere("CancelledNotification(", "mcp.shared"),
    }

    async def declarations(self):
        plain = [(tool.name, "json", convert_to_openai_tool(tool)) for tool in self.tools.values()]
        return [(name, style, made["function"]["parameters"]) for name, style, made in plain]

    async def call(self, tool, arguments):
        call = {"name": tool, "args": arguments, "id": "1", "type": "tool_call"}
        message = await self.tools[tool].ainvoke(call)
        structured = message.artifact and message.artifact["structured_content"]
        return Answer(message.text, message.status == "error", structured)

    async def read(self, uri):
        [blob] = await load_mcp_resources(self.session, uris=uri)
        return blob.as_string()

    async def prompt(self, name, arguments):
        return await load_mcp_prompt(self.session, name, arguments=arguments)

    async def turn(self, tool, arguments):
        call = {"name": tool, "args": arguments, "id": "1", "type": "tool_call"}
        model = FakeModel(messages=iter([AIMessage("", tool_calls=[call]), AIMessage("Done.")]))
        agent = create_agent(model, list(self.tools.values()))
        state = await agent.ainvoke({"messages": [("user", "Go on.")]})
        return model.known, state["messages"][-2].text


@asynccontextmanager
async def connected():
    langchain = Langchain()

    async def answer(_context, params, _where):
        accepts = langchain.accepts(params.message)
        return ElicitResult(action="accept", content={"confirm": True}) if accepts else ElicitResult(action="decline")

    async def on_progress(done, _total, _message, _where):
        langchain.progress.append(done)

    async def on_log(params, _where):
        langchain.logged.append(params.data)

    client = MultiServerMCPClient(
        {"containarium": {"transport": "stdio", **SERVER}},
        callbacks=Callbacks(on_elicitation=answer, on_progress=on_progress, on_logging_message=on_log),
    )
    async with client.session("containarium", auto_initialize=False) as session:
        langchain.version = (await session.initialize()).protocolVersion
        await session.set_logging_level("debug")
        callbacks = client.callbacks
        langchain.session = session
        langchain.tools = {tool.name: tool for tool in await load_mcp_tools(session, callbacks=callbacks)}
        yield langchain


asyncio.run(run(connected()))
