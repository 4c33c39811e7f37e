"""`tutor doctor` in a terminal: part by part as they are known, or one JSON object at the end."""

from __future__ import annotations

import argparse
import asyncio
import json
from contextlib import aclosing
from dataclasses import asdict
from typing import Any

from tutor.commands.doctor import examine as examination
from tutor.commands.doctor import remaining
from tutor.commands.doctor.examine import Examination, examine
from tutor.commands.doctor.telling import part_of
from tutor.commands.environment import Environment
from tutor.errors import ExitCode
from tutor.text.plain import strip
from tutor.text.scrub import Scrubber
from tutor.ui.doctor import lines_of
from tutor.ui.host import DoctorPart


def doctor(options: argparse.Namespace) -> int:
    """Examine and tell; 1 if something is broken."""
    environment = Environment.of(options)
    found = asyncio.run(_examined(environment, network=options.net, tells=not options.json))
    if options.json:
        print(json.dumps(_as_json(found), ensure_ascii=False))
    return ExitCode.PASSED if found.is_healthy else ExitCode.NOT_YET


async def _examined(environment: Environment, *, network: bool, tells: bool) -> Examination:
    found = Examination()
    async with aclosing(examine(environment, network=network)) as parts:
        async for key, found, is_complete in parts:
            if tells and is_complete:
                offline = remaining.in_words(environment, found.reaches or ()) if key == examination.NETWORK else ""
                _print(part_of(key, found, environment.words, is_complete=True, offline=offline))
    return found


def _print(part: DoctorPart) -> None:
    for line in lines_of(part):
        print(line, flush=True)


def _as_json(found: Examination) -> dict[str, Any]:
    computer = found.computer.as_json()
    torch = computer.pop("torch")
    here = found.installation
    computer["tutor"] = asdict(here) if here is not None else None
    scrub = Scrubber().scrub
    return {
        "machine": computer,
        "pythons": [
            {
                "executable": python.executable,
                "version": python.version,
                "prefix": python.prefix,
                "found": str(python.where),
                "torch": python.torch,
                "ipykernel": python.has_ipykernel,
                "chosen": found.is_chosen(python) and not found.server,
                "details": torch if found.is_chosen(python) else None,
            }
            for python in found.pythons
        ],
        "faults": [
            {"code": fault.code, "cause": scrub(fault.cause), "mend": scrub(fault.mend), "line": fault.line}
            for fault in found.faults
        ],
        "network": None
        if found.reaches is None
        else [
            {
                "service": reach.target.service,
                "host": reach.target.host,
                "reached": reach.is_reached,
                "stopped": str(reach.stage) if reach.stage else None,
                "detail": scrub(strip(reach.detail)),
                "status": reach.status,
                "seconds": round(reach.seconds, 2),
                "proxy": reach.proxy or None,
            }
            for reach in found.reaches
        ],
    }
