"""Calls the server with the official Python client, and prints what came of it as JSON.

Usage: python_client.py MODE ACTION COMMAND ARGUMENT...
MODE is legacy, auto or a version; ACTION is what the user answers: accept or decline.
"""

import asyncio
import json
import os
import sys

import mcp_types as types
from mcp import Client, StdioServerParameters
from mcp.shared.exceptions import MCPError


async def main(mode: str, action: str, command: str, *arguments: str) -> None:
    questions: list[str] = []
    progress: list[float] = []

    async def answer(_context, params):
        questions.append(params.message)
        content = {"confirm": True} if action == "accept" else None
        return types.ElicitResult(action=action, content=content)

    async def report(done, _total, _message):
        progress.append(done)

    server = StdioServerParameters(command=command, args=list(arguments), env=dict(os.environ))
    async with Client(server, mode=mode, elicitation_callback=answer) as client:
        listed = await client.list_tools()
        created = await client.call_tool(
            "create_container",
            {"username": "carol", "wait_seconds": 20},
            progress_callback=report,
        )
        deleted = await client.call_tool("delete_container", {"username": "alice"})
        try:
            await client.call_tool("fly", {})
            unknown = None
        except MCPError as error:
            unknown = error.code
        summary = {
            "version": client.protocol_version,
            # Without a handshake or a discovery it is not known.
            "server": client.server_info and client.server_info.name,
            "tools": [tool.name for tool in listed.tools],
            "created": created.is_error,
            "progress": progress,
            "questions": questions,
            "deleted": deleted.content[0].text,
            "unknown": unknown,
        }
    print(json.dumps(summary))


asyncio.run(main(*sys.argv[1:]))
