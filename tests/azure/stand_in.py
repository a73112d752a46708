"""Stands in for `az` where the databases are real: a small cloud in a state file, answered in az's own formats.

    STAND_IN=STATE_FILE stand_in.py WORDS...       with the Python that has azure-cli (for JMESPath and `-o tsv`)

It knows the commands that the runbooks give; any other is exit 70, so that nothing passes by being ignored. A restore
really starts the server that the state names, and a started app really logs in with the string its secret points to.
A state may have the nth call refused, whatever it is (`refuse`), or all from there on (`refuse_from`). Every line is kept in the state as it was given.
"""
import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time

import jmespath
from urllib.parse import urlsplit, unquote

import estate
import kamea
from refused import Lines, Refused

ALIASES = {"-g": "resource-group", "-n": "name", "-o": "output", "-y": "yes", "-f": "file"}
FLAGS = {"yes", "no-wait", "all", "only-show-errors", "allow-same-zone", "no-progress", "as-user",
         "enable-file-backup-request-intent"}


def main():
    if sys.argv[1:] == ["--version"]:
        print("azure-cli                         2.91.0")
        return 0
    with open(os.environ["STAND_IN"], "r+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        state = json.load(file)
        command, options = parsed(sys.argv[1:])
        state.setdefault("asked", []).append(command)
        state.setdefault("given", []).append(sys.argv[1:])
        try:
            if len(state["asked"]) == state.get("refuse") or len(state["asked"]) >= state.get("refuse_from", 1e9):
                raise Refused(1, "(InternalServerError) An error occurred, please retry\nCode: InternalServerError")
            answer = answer_of(state, command, options)
            code = 0
        except Refused as refused:
            print(f"ERROR: {refused}", file=sys.stderr)
            answer, code = None, refused.code
        file.seek(0)
        file.truncate()
        json.dump(state, file, indent=1)
    if code == 0:
        say(answer, options)
    return code


def parsed(words):
    command, options, at = [], {}, 0
    while at < len(words):
        word = words[at]
        if not word.startswith("-"):
            command.append(word)
            at += 1
            continue
        name = ALIASES.get(word, word.lstrip("-"))
        if name in FLAGS:
            options[name], at = True, at + 1
        else:
            options[name], at = value(words[at + 1]), at + 2
    return " ".join(command), options


def value(word):
    """What follows an option. `@FILE` is what the file holds, for any of them, and `@-` what is given as input."""
    if word == "@-":
        return sys.stdin.read()
    if not word.startswith("@"):
        return word
    with open(word[1:]) as file:
        return file.read().removesuffix("\n")


def say(answer, options):
    if isinstance(answer, Lines):
        sys.stdout.write("".join(line + "\n" for line in answer))
        return
    if "query" in options:
        answer = jmespath.search(options["query"], answer)
    how = options.get("output", "json")
    if how == "none" or answer is None and how == "tsv":
        return
    if how != "tsv":
        sys.stdout.write(json.dumps(answer, indent=2) + "\n")
        return
    from knack.output import CommandResultItem, format_tsv  # only here: it takes as long as all the rest
    sys.stdout.write(format_tsv(CommandResultItem(answer)))


def answer_of(state, command, options):
    if command in state["canned"]:
        return state["canned"][command]
    if command == "rest":
        return rest(state, options)
    if command == "containerapp show" and options["name"] in state.get("container_apps", {}):
        return kamea.show_container_app(state, options)
    known = {**kamea.KNOWN, **estate.KNOWN}
    if "revisions" not in state:  # the one that its database's app has
        known["containerapp revision list"] = lambda s, _: [revision(s)]
    known |= {
        "postgres flexible-server show": show_server,
        "postgres flexible-server restore": restore,
        "postgres flexible-server delete": delete_server,
        "postgres flexible-server restart": restart_server,
        "postgres flexible-server update": update_server,
        "postgres flexible-server firewall-rule list": lambda s, o: server(s, o["server-name"])["rules"],
        "postgres flexible-server firewall-rule create": add_rule,
        "postgres flexible-server parameter list": lambda s, o: server(s, o["server-name"])["parameters"],
        "postgres flexible-server parameter set": set_parameter,
        "postgres flexible-server parameter show": lambda s, o: next(
            one for one in server(s, o["server-name"])["parameters"] if one["name"] == o["name"]),
        "storage blob download": lambda s, o: shutil.copyfile(s["dump"], o["file"]) and {},
        "containerapp show": lambda s, _: app(s),
        "containerapp revision restart": lambda s, _: (stop(s), start(s), "Restart succeeded")[2],
        "containerapp secret set": point_app,
        "keyvault secret show": show_secret,
        "keyvault secret set": store_secret,
        "lock create": lambda s, o: s["locks"].append({"name": o["name"], "level": o["lock-type"]}),
        "lock list": lambda s, _: s["locks"],
        "lock delete": lambda s, o: s.update(locks=[x for x in s["locks"] if x["name"] != o["name"]]),
    }
    if command not in known:
        raise Refused(70, f"the stand-in has no `{command}`")
    return known[command](state, options)


def rest(state, options):
    url = options["url"].split("?")[0]
    name, verb = url.split("/")[-2:]
    if name in state.get("container_apps", {}):
        return kamea.turn(state, name, verb)
    if url.endswith("/stop"):
        return stop(state)
    if url.endswith("/start"):
        return start(state)
    if options.get("method") == "patch" and "/flexibleServers/" in url:
        server(state, url.rsplit("/", 1)[1])
        return change_password(state, json.loads(options["body"])["properties"]["administratorLoginPassword"])
    return state["canned"].get("rest " + url, {"value": []})


def server(state, name):
    if name not in state["servers"]:
        what = f"The Resource 'Microsoft.DBforPostgreSQL/flexibleServers/{name}' under resource group was not found."
        raise Refused(3, f"(ResourceNotFound) {what}\nCode: ResourceNotFound")
    return state["servers"][name]


def show_server(state, options):
    made = server(state, options["name"])
    return {
        "name": options["name"], "state": made["state"], "fullyQualifiedDomainName": made["host"], "version": "15",
        "administratorLogin": state["admin"], "highAvailability": {"mode": made["ha"]},
        "backup": {"earliestRestoreDate": state["earliest"], "backupRetentionDays": made["retention"],
                   "geoRedundantBackup": "Disabled"},
        "network": {"publicNetworkAccess": "Enabled"},
    }


def restore(state, options):
    server(state, options["source-server"])
    if options["name"] in state["servers"]:
        raise Refused(1, "(ServerNameAlreadyExists) Specified server name is already used.")
    if not state["restore"].get("runs"):
        started({"words": state["restore"]["start"], "env": {}, "wait": True})
        state["restore"]["runs"] = True
    state["servers"][options["name"]] = {
        "state": "Ready", "host": state["restore"]["host"], "ha": "Disabled", "retention": 7, "rules": [],
        "parameters": [{"name": "work_mem", "value": "4096", "source": "system-default", "isConfigPendingRestart": False}]}
    state["restored"] = options["restore-time"]
    return None


def started(request):
    """Has the other side start a process, and returns its pid: what a cloud starts is nobody's child here."""
    with socket.socket(socket.AF_UNIX) as cloud:
        cloud.connect(os.path.join(os.path.dirname(os.environ["STAND_IN"]), "cloud"))
        cloud.sendall(json.dumps(request).encode() + b"\n")
        answer = cloud.makefile().readline()
    if not answer:
        raise Refused(1, f"{request['words'][0]} was not started")
    return int(answer)


def delete_server(state, options):
    server(state, options["name"])
    del state["servers"][options["name"]]


def update_server(state, options):
    made = server(state, options["name"])
    made["retention"] = int(options.get("backup-retention", made["retention"]))
    if options.get("zonal-resiliency") == "Enabled":
        made["ha"] = "ZoneRedundant"
    return show_server(state, options)


def change_password(state, new):
    sql = f"ALTER ROLE {state['admin']} PASSWORD :'new'"
    subprocess.run([*state["restore"]["superuser"], "-v", "new=" + new], input=sql, text=True, check=True,
                   stdout=subprocess.DEVNULL)


def add_rule(state, options):
    server(state, options["server-name"])["rules"].append({
        "name": options["name"], "startIpAddress": options["start-ip-address"],
        "endIpAddress": options["end-ip-address"]})


def set_parameter(state, options):
    there = server(state, options["server-name"])["parameters"]
    there[:] = [one for one in there if one["name"] != options["name"]]
    there.append({"name": options["name"], "value": options["value"], "source": "user-override",
                  "isConfigPendingRestart": options["name"] in state.get("waits_for_restart", [])})


def restart_server(state, options):
    for parameter in server(state, options["name"])["parameters"]:
        parameter["isConfigPendingRestart"] = False


def app(state):
    return {"name": "app", "identity": state["app"].get("identity"), "properties": {
        "runningStatus": state["app"]["status"], "latestRevisionName": state["app"]["revision"],
        "configuration": {"ingress": {"fqdn": "hub.example.org"}, "secrets": state["app"]["secrets"]}}}


def revision(state):
    health = "Healthy" if alive(state["app"].get("pid")) else "Unhealthy"
    return {"name": state["app"]["revision"], "properties": {
        "active": True, "trafficWeight": 100, "healthState": health, "runningState": "Running"}}


def start(state):
    """Logs in with the version that the app's secret names, and stays, as a pool of connections does."""
    if not alive(state["app"].get("pid")):
        reference = state["app"]["secrets"][0]["keyVaultUrl"]
        versions = [version for all in state["vault"].values() for version in all]
        url = urlsplit(next(one["value"] for one in reversed(versions) if one["id"].startswith(reference)))
        env = {"PGUSER": unquote(url.username), "PGPASSWORD": unquote(url.password), "PGHOST": url.hostname,
               "PGPORT": str(url.port), "PGDATABASE": url.path.strip("/"), "PGSSLMODE": "require", "PGAPPNAME": "hub"}
        words = [state["restore"]["superuser"][0], "-Xq", "-c", "SELECT pg_sleep(600)"]
        state["app"]["pid"] = started({"words": words, "env": env, "wait": False})
    state["app"]["status"] = "Running"


def stop(state):
    pid = state["app"].pop("pid", None)
    if alive(pid):
        os.kill(pid, signal.SIGTERM)
        while alive(pid):
            time.sleep(0.02)
    state["app"]["status"] = "Stopped"


def alive(pid):
    """Whether it still runs. One that has ended and was not waited for by whoever adopted it counts as gone."""
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def point_app(state, options):
    name, rest = options["secrets"].split("=", 1)
    reference, identity = rest.removeprefix("keyvaultref:").split(",identityref:")
    if not any(one["id"].startswith(reference) for all in state["vault"].values() for one in all):
        raise Refused(1, f"unable to get {reference}")
    state["app"]["secrets"] = [{"name": name, "keyVaultUrl": reference, "identity": identity}]


def show_secret(state, options):
    versions = state["vault"].get(options["name"])
    if not versions:
        raise Refused(3, f"(SecretNotFound) A secret with (name/id) {options['name']} was not found in this key vault.")
    return {**versions[-1], "attributes": {"enabled": True}}


def store_secret(state, options):
    with open(options["file"]) as file:
        value = file.read()
    versions = state["vault"].setdefault(options["name"], [])
    base = f"https://{options['vault-name']}.vault.azure.net/secrets/{options['name']}"
    versions.append({"id": f"{base}/{len(versions) + 1:032x}", "name": options["name"], "value": value})
    return {**versions[-1], "attributes": {"enabled": True}}


if __name__ == "__main__":
    sys.exit(main())
