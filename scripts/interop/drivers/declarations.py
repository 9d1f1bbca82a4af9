"""The tools as the server lists them, and what a framework loses of them on the way to a model."""

import asyncio
import json

from jsonschema import Draft202012Validator

from driver import SCENARIO

# Of https://platform.openai.com/docs/guides/structured-outputs, beside what annotates.
STRICT_KEYWORDS = {
    "type", "properties", "required", "additionalProperties", "items", "enum", "const", "anyOf", "$ref", "$defs",
    "description", "title", "default", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
    "pattern", "format", "minItems", "maxItems", "minLength", "maxLength",
}

_listed = {}


async def listed_tools():
    """Returns the input schema of each tool, read without any client."""
    if not _listed:
        server = SCENARIO["server"]
        process = await asyncio.create_subprocess_exec(
            server["command"], *server["args"], env=server["env"],
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=2**24,
        )
        await _asked(process, 1, "initialize", {
            "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "list", "version": "1"},
        })
        for tool in (await _asked(process, 2, "tools/list", {}))["tools"]:
            _listed[tool["name"]] = tool["inputSchema"]
        process.stdin.close()
        await process.wait()
    return _listed


async def _asked(process, number, method, params):
    request = {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
    process.stdin.write(f"{json.dumps(request)}\n".encode())
    while True:
        message = json.loads(await process.stdout.readline())
        if message.get("id") == number:
            return message["result"]


def faults_in(style, listed, declared):
    """Returns what is wrong with a declaration.

    `json` is JSON Schema, `strict` what OpenAI's strict mode takes, `gemini` the schema of Gemini's API. The latter two
    have no maps.
    """
    faults = []
    if style != "gemini":
        faults += [error.message for error in Draft202012Validator(Draft202012Validator.META_SCHEMA).iter_errors(declared)]
    if style == "strict":
        faults += [fault for path, schema in _schemas(declared) for fault in _strict_faults(path, schema)]
    made = {}
    for path, schema in _schemas(declared):
        made.setdefault(path, schema)
    for path, schema in _schemas(listed):
        if style != "json" and "{}" in path:
            continue
        if path not in made:
            faults.append(f"{path} is lost")
            continue
        # Some frameworks add to a description what else is said.
        if schema.get("description", "") not in made[path].get("description", ""):
            faults.append(f"{path} lost its description")
        for keyword in ("enum", "type"):
            if keyword in schema and _said(schema[keyword]) not in _saying(made[path], keyword):
                faults.append(f"{path} lost its {keyword}")
    return faults


def _schemas(schema, path=""):
    yield path, schema
    for branch in schema.get("anyOf", []):
        if branch.get("type") != "null":
            yield from _schemas(branch, path)
    for name, inner in (schema.get("properties") or {}).items():
        yield from _schemas(inner, f"{path}.{name}")
    for keyword, mark in (("items", "[]"), ("additionalProperties", "{}")):
        if isinstance(schema.get(keyword), dict):
            yield from _schemas(schema[keyword], path + mark)


def _said(value):
    return value.lower() if isinstance(value, str) else value


def _saying(schema, keyword):
    """Returns what a schema says, be it in a branch for what may be null."""
    found = [schema.get(keyword), *(branch.get(keyword) for branch in schema.get("anyOf", []))]
    said = []
    for value in found:
        if isinstance(value, list):
            said.append([each for each in value if each is not None])
            said.extend(value if keyword == "type" else [])
        else:
            said.append(_said(value))
    return said


def _strict_faults(path, schema):
    unknown = set(schema) - STRICT_KEYWORDS
    if unknown:
        yield f"{path} has {sorted(unknown)}"
    if schema.get("type") == "object":
        if schema.get("additionalProperties") is not False:
            yield f"{path} is open"
        if set(schema.get("required", [])) != set(schema.get("properties", {})):
            yield f"{path} has optional properties"
