"""Says whether the copies of the registry and of the twins can be used.

    python3 registry.py look DEVICES TWINS
    python3 registry.py twins TWINS         one line a device: id, desired, tags
    python3 registry.py enrolments FILE     one line each: kind, id, type, status, CA
    python3 registry.py key FILE KIND ID first|second
"""

import json
import sys


def read(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def look(devices_path, twins_path):
    with open(devices_path, encoding="utf-8") as file:
        devices = [json.loads(line) for line in file if line.strip()]
    keyless = 0
    for device in devices:
        authentication = device.get("authentication") or {}
        keys = authentication.get("symmetricKey") or {}
        if authentication.get("type", "sas") == "sas" and not keys.get("primaryKey"):
            keyless += 1
    twins = read(twins_path)
    print("devices", len(devices))
    print("without keys", keyless)
    print("twins", len(twins))
    # The export stops at 1000 unless it is told not to.
    cut = len(twins) == 1000 and len(devices) > 1000
    print("twins are", "cut off" if cut else "whole")


def twins(path):
    for twin in read(path):
        desired = {name: value for name, value in twin["properties"]["desired"].items()
                   if not name.startswith("$")}
        print(twin["deviceId"], json.dumps(desired, separators=(",", ":")),
              json.dumps(twin.get("tags") or {}, separators=(",", ":")), sep="\t")


# Of each kind of enrolment its list in the copy, and what holds its name. A
# group and a single one may have the same.
KINDS = {"group": ("groups", "enrollmentGroupId"), "single": ("enrollments", "registrationId")}


def of_kind(copy, kind):
    if not {"groups", "enrollments"} & copy.keys():
        raise ValueError("neither groups nor enrollments in it; a saved error page?")
    place, name = KINDS[kind]
    return {entry[name]: entry for entry in copy.get(place, [])}


def authority(entry):
    """The name of the CA that signs a group's devices, or -."""
    named = (entry["attestation"].get("x509") or {}).get("caReferences") or {}
    return named.get("primary") or "-"


def enrolments(path):
    copy = read(path)
    lines = [(kind, name, entry["attestation"]["type"],
              entry.get("provisioningStatus") or "enabled", authority(entry))
             for kind in KINDS for name, entry in of_kind(copy, kind).items()]
    for line in lines:
        print(*line, sep="\t")


def key(path, kind, wanted, which):
    keys = of_kind(read(path), kind)[wanted]["attestation"]["symmetricKey"]
    # Not even a newline after it.
    print(keys["primaryKey" if which == "first" else "secondaryKey"], end="")


try:
    {"look": look, "twins": twins, "enrolments": enrolments, "key": key}[sys.argv[1]](*sys.argv[2:])
except (AttributeError, KeyError, TypeError, ValueError) as reason:
    sys.exit(f"registry.py: {sys.argv[2]} is no such copy: {reason!r}")
