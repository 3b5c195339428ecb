"""Requests that are right by the document get a readable picture, and dream of what the network has: so their other options reach
the engine, where made-up bytes and names would all be refused before."""

import base64
import os

import schemathesis
import schemathesis.specs.openapi.coverage._schema as coverage
from schemathesis.generation import GenerationMode

PICTURE = os.environ["FUZZ_PICTURE"]
NAMES = ("filter", "layer", "channel", "channels")


judge_of = coverage._judge


def judge_of_files(schema, context):
    """Schemathesis 4.32.5 asks its validator about the files of a form too, where a schema has a `not` anywhere; it knows none."""
    judge = judge_of(schema, context)
    return judge and (lambda value: judge(with_texts(value)))


def with_texts(value):
    if not isinstance(value, dict):
        return value
    return {name: "" if type(each).__name__ == "Binary" else each for name, each in value.items()}


coverage._judge = judge_of_files


def without_names(options):
    if not isinstance(options, dict):
        return options
    return {name: value for name, value in options.items() if name not in NAMES}


@schemathesis.hook
def before_call(context, case, kwargs):
    if case.method != "POST" or case.meta is None or case.meta.generation.mode != GenerationMode.POSITIVE:
        return
    body = case.body
    if isinstance(body, bytes):
        case.body = base64.b64decode(PICTURE)
        case.query = without_names(case.query)
    elif isinstance(body, dict) and "file_data" in body:
        case.body = {**without_names(body), "file_data": PICTURE}
    elif isinstance(body, dict) and ("image" in body or "start" in body):
        case.query = {}
        case.body = dict(body)
        if "image" in body:
            case.body["image"] = PICTURE if isinstance(body["image"], str) else base64.b64decode(PICTURE)
        if "options" in body:
            case.body["options"] = without_names(body["options"])
