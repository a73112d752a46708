"""Says what a Terraform state is, and nothing that is in it.

    python3 state.py show FILE            four lines; `-` reads standard input
    python3 state.py compare COPY CURRENT same, older, newer, foreign or broken
    python3 state.py under ID             addresses below an Azure id, from
                                          standard input, each with its own id
"""

import json
import sys


def load(path):
    text = sys.stdin.read() if path == "-" else open(path, encoding="utf-8").read()
    state = json.loads(text)
    # A saved error page is valid JSON too, and has none of these.
    for key in ("version", "serial", "lineage", "resources"):
        if key not in state:
            raise ValueError(f"no `{key}`: this is no Terraform state")
    if state["version"] != 4:
        raise ValueError(f"state of format {state['version']}; 4 is known")
    return state


def show(state):
    print("serial", state["serial"])
    print("lineage", state["lineage"])
    print("resources", len(state["resources"]))
    print("terraform", state["terraform_version"])


def compare(copy, current):
    if copy["lineage"] != current["lineage"]:
        return "foreign"
    if copy["serial"] == current["serial"]:
        return "same"
    # Of the one in GitLab, seen from the copy.
    return "newer" if current["serial"] > copy["serial"] else "older"


def key(index):
    return "" if index is None else f"[{json.dumps(index)}]"


def under(state, parent):
    for resource in state["resources"]:
        if resource.get("mode") != "managed":
            continue
        module = resource.get("module")
        path = f"{module}." if module else ""
        for instance in resource["instances"]:
            own = instance["attributes"].get("id") or ""
            if own == parent or own.startswith(parent + "/"):
                index = key(instance.get("index_key"))
                print(f"{path}{resource['type']}.{resource['name']}{index}\t{own}")


def main(words):
    if words[0] == "show":
        show(load(words[1]))
    elif words[0] == "under":
        under(load("-"), words[1])
    else:
        copy = load(words[1])
        try:
            current = load(words[2])
        except ValueError as reason:
            print("broken")
            print(f"GitLab's: {reason}")
            return
        print(compare(copy, current))
        for name, state in (("copy", copy), ("GitLab", current)):
            print(f"{name}: serial {state['serial']}, {len(state['resources'])} resources")


try:
    main(sys.argv[1:])
except ValueError as reason:
    sys.exit(f"state.py: {reason}")
