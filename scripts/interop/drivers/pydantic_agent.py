"""pydantic-ai, with a model that is a function."""

import asyncio
import json
from contextlib import asynccontextmanager

from fastmcp import Client
from fastmcp.client.elicitation import ElicitResult
from fastmcp.client.transports import StdioTransport
from pydantic_ai import Agent, RunContext
from pydantic_ai.exceptions import ModelRetry
from pydantic_ai.mcp import MCPToolset
from pydantic_ai.messages import ModelResponse, TextPart, ToolCallPart, ToolReturnPart
from pydantic_ai.models.function import FunctionModel
from pydantic_ai.models.test import TestModel
from pydantic_ai.profiles.google import GoogleJsonSchemaTransformer
from pydantic_ai.profiles.openai import OpenAIJsonSchemaTransformer
from pydantic_ai.usage import RunUsage

from driver import SCENARIO
from framework import NEW, SERVER, Answer, Framework, nowhere, run


class PydanticAI(Framework):
    lacks = {
        "completion": nowhere("complete(", "pydantic_ai", "mcp.py"),
        "updates": nowhere("subscribe", "pydantic_ai", "mcp.py"),
    }

    async def declarations(self):
        context = RunContext(deps=None, model=TestModel(), usage=RunUsage())
        tools = await self.toolset.get_tools(context)
        declared = []
        for name, tool in tools.items():
            schema = tool.tool_def.parameters_json_schema
            declared.append((name, "json", schema))
            declared.append((name, "json", OpenAIJsonSchemaTransformer(schema, strict=None).walk()))
            declared.append((name, "json", GoogleJsonSchemaTransformer(schema).walk()))
            declared.append((name, "strict", OpenAIJsonSchemaTransformer(schema, strict=True).walk()))
        return declared

    async def call(self, tool, arguments):
        try:
            made = await self.toolset.direct_call_tool(tool, arguments)
        except ModelRetry as error:
            return Answer(error.message, True)
        return Answer(json.dumps(made), False, made)

    async def read(self, uri):
        return await self.toolset.read_resource(uri)

    async def templates(self):
        return [each.uri_template for each in await self.toolset.list_resource_templates()]

    async def prompt(self, name, arguments):
        return (await self.toolset.get_prompt(name, arguments)).messages

    async def turn(self, tool, arguments):
        known, read = [], []

        def model(messages, info):
            known.extend(each.name for each in info.function_tools)
            returned = [part for part in messages[-1].parts if isinstance(part, ToolReturnPart)]
            read.extend(part.model_response_str() for part in returned)
            return ModelResponse(parts=[TextPart("Done.") if returned else ToolCallPart(tool, arguments)])

        await Agent(FunctionModel(model), toolsets=[self.toolset]).run("Go on.")
        return known, read[0]


@asynccontextmanager
async def connected():
    pydantic_ai = PydanticAI()

    async def answer(message, _response_type, _params, _context):
        accepts = pydantic_ai.accepts(message)
        return ElicitResult(action="accept", content={"confirm": True}) if accepts else ElicitResult(action="decline")

    async def on_progress(done, _total, _message):
        pydantic_ai.progress.append(done)

    async def on_log(message):
        pydantic_ai.logged.append(message.data)

    modern = SCENARIO["revision"] == NEW
    client = Client(
        StdioTransport(**SERVER),
        mode="auto" if modern else "legacy",
        elicitation_handler=answer,
        progress_handler=on_progress,
        log_handler=on_log,
    )
    async with MCPToolset(client) as toolset:
        if not modern:
            await client.set_logging_level("debug")
        pydantic_ai.toolset = toolset
        pydantic_ai.version = client.session.protocol_version
        yield pydantic_ai


asyncio.run(run(connected()))
