"""Says whether the copies of the registry and of the twins can be used.

    python3 registry.py look DEVICES TWINS
    python3 registry.py twins TWINS         one line a device: id, desired, tags
    python3 registry.py enrolments FILE     one line an enrolment: kind, id
    python3 registry.py key FILE ID first|second
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
              json.dumps(twin.get("tags", {}), separators=(",", ":")), sep="\t")


def enrolments(path):
    copy = read(path)
    for group in copy.get("groups", []):
        print("group", group["enrollmentGroupId"], group["attestation"]["type"], sep="\t")
    for single in copy.get("enrollments", []):
        print("single", single["registrationId"], single["attestation"]["type"], sep="\t")


def key(path, wanted, which):
    copy = read(path)
    for entry in copy.get("groups", []) + copy.get("enrollments", []):
        if wanted in (entry.get("enrollmentGroupId"), entry.get("registrationId")):
            keys = entry["attestation"]["symmetricKey"]
            # Not even a newline after it.
            print(keys["primaryKey" if which == "first" else "secondaryKey"], end="")
            return
    sys.exit(f"no enrolment {wanted}")


{"look": look, "twins": twins, "enrolments": enrolments, "key": key}[sys.argv[1]](*sys.argv[2:])
