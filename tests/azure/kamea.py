"""Kamea's platform without its databases, for the stand-in: web apps, hub, provisioning service, backups, Redis.

Redis is a real one where the state names its program and its configuration: a start loads its file, a stop saves over
it, and a restored share is a folder that was copied.
"""
import json
import os
import shutil
import subprocess
import time

from refused import Refused, found


def site(state, options):
    return found(state["sites"], options["name"], options.get("resource-type", "Microsoft.Web/sites"))


def act_on_site(state, options):
    site(state, options)["state"] = {"stop": "Stopped", "start": "Running", "restart": "Running"}[options["action"]]
    return {}


def show_site(state, options):
    return {"name": options["name"], "properties": {"state": site(state, options)["state"]}}


def settings(state, options):
    named = site(state, options)["settings"]
    return [{"name": name, "slotSetting": False, "value": value} for name, value in named.items()]


def set_settings(state, options):
    """Prints every setting with its value, as the service does."""
    name, value = options["settings"].split("=", 1)
    site(state, options)["settings"][name] = value
    return settings(state, options)


def make_container(state, options):
    state["blobs"].setdefault(options["name"], {})
    return {"created": True}


def upload(state, options):
    with open(options["file"]) as file:
        state["blobs"][options["c"]][options["name"]] = file.read()
    return {"etag": "\"0x1E80535D7A25970\""}


def sign(state, options):
    """A signature with what a signature may hold; only this one opens the container."""
    state["signed"] = f"se={options['expiry'].replace(':', '%3A')}&sp=rwdl&sr=c&sig=Zm9v%2Bb%2FE%3D"
    return state["signed"]


def start_import(state, options):
    hub = found(state["hubs"], options["hub-name"], "Microsoft.Devices/IotHubs")
    uris = {options["input-blob-container-uri"], options["output-blob-container-uri"]}
    place, _, signature = uris.pop().partition("?")
    if uris or not place.startswith("https://") or signature != state["signed"]:
        raise Refused(1, "BlobContainerValidationError: unauthorized to write to the container")
    account, container = place.removeprefix("https://").split(".blob.core.windows.net/")
    if account != state["account"]:
        raise Refused(1, f"BlobContainerValidationError: {account} was not found")
    for line in state["blobs"][container]["devices.txt"].splitlines():
        device = json.loads(line)
        # A device that is there already is left alone, and named in importErrors.log.
        hub["devices"].setdefault(device["id"], {"desired": {"$version": 1}, "tags": {}, "state": "Disconnected"})
    job = {"jobId": f"job-{len(hub['jobs']) + 1}", "type": "import", "status": "enqueued",
           "inputBlobContainerUri": place + "?" + signature}
    hub["jobs"].append(job)
    return job


def hub_jobs(state, options):
    return [{**job, "status": "completed"} for job in state["hubs"][options["hub-name"]]["jobs"]]


def hub_job(state, options):
    jobs = {job["jobId"]: job for job in hub_jobs(state, options)}
    return found(jobs, options["job-id"], "jobs")


def query(state, options):
    devices = found(state["hubs"], options["hub-name"], "Microsoft.Devices/IotHubs")["devices"].values()
    if "connectionState" in options["q"]:
        devices = [device for device in devices if device["state"] == "Connected"]
    if "properties.desired.$version > 1" in options["q"]:
        devices = [device for device in devices if device["desired"]["$version"] > 1]
    return [{"n": len(devices)}]


def update_twin(state, options):
    hub = found(state["hubs"], options["hub-name"], "Microsoft.Devices/IotHubs")
    if options["device-id"] not in hub["devices"]:
        raise Refused(1, f"ErrorCode:DeviceNotFound;{options['device-id']} is not registered")
    device = hub["devices"][options["device-id"]]
    version = device["desired"]["$version"]
    device["desired"] = {**device["desired"], **json.loads(options["desired"]), "$version": version + 1}
    device["tags"] = {**device["tags"], **json.loads(options["tags"])}
    return {"deviceId": options["device-id"], **device}


def enrolled(kind, name):
    """Those that are there, without any key, as a list shows them."""
    def answer(state, options):
        there = found(state["dps"], options["dps-name"], "Microsoft.Devices/provisioningServices")[kind]
        return [{name: one, "attestation": {"type": how["type"], "symmetricKey": None}} for one, how in there.items()]
    return answer


def enrol(kind):
    def answer(state, options):
        there = found(state["dps"], options["dps-name"], "Microsoft.Devices/provisioningServices")[kind]
        if options["enrollment-id"] in there:
            raise Refused(1, "(409204) Enrollment already exists")
        status = options.get("provisioning-status", "enabled")
        if "ca-name" in options:
            there[options["enrollment-id"]] = {"type": "x509", "ca": options["ca-name"], "status": status}
            return {}
        keys = [options["primary-key"], options["secondary-key"]]
        there[options["enrollment-id"]] = {"type": "symmetricKey", "keys": keys, "status": status}
        return {"attestation": {"symmetricKey": {"primaryKey": keys[0], "secondaryKey": keys[1]}}}
    return answer


def points(state, options):
    there = found(state["backups"]["points"], options["i"], "protectedItems")
    return [{"name": name, "properties": {"recoveryPointTime": at}} for name, at in there]


def restore_share(state, options):
    """Asks for a restore: a job that takes a few looks. Where the share is a folder, its point is copied over it."""
    backups = state["backups"]
    share, point = options["i"], options["rp-name"]
    if point not in dict(found(backups["points"], share, "protectedItems")):
        raise Refused(1, f"RecoveryPointNotFound: {point}")
    if any(job["share"] == share and job["polls"] for job in backups["jobs"].values()):
        raise Refused(1, "(UserErrorAnotherOperationInProgress) Another operation is in progress on this item")
    if share in state.get("folders", {}):
        shutil.copytree(os.path.join(backups["folder"], share, point), state["folders"][share], dirs_exist_ok=True)
    job = f"f5b2a1c0-8d3e-4c6b-9a7f-{len(backups['jobs']) + 1:012d}"
    backups["jobs"][job] = {"share": share, "point": point, "polls": list(backups["polls"])}
    return {"name": job, "properties": {"status": "InProgress"}}


def share_job(state, options):
    job = found(state["backups"]["jobs"], options["name"], "backupJobs")
    return {"name": options["name"], "properties": {"status": next_of(job, "polls", state["backups"]["ends"])}}


def share_jobs(state, _):
    jobs = state["backups"]["jobs"].items()
    return [{"name": name, "properties": {"entityFriendlyName": job["share"]}} for name, job in jobs if job["polls"]]


def next_of(holder, name, last):
    return holder[name].pop(0) if holder[name] else last


def download(state, options):
    """A share is a folder here, found by `-s`."""
    path = os.path.join(found(state["folders"], options["s"], "shares"), options["p"])
    if not os.path.exists(path):
        raise Refused(3, "The specified resource does not exist.\nErrorCode:ResourceNotFound")
    shutil.copyfile(path, options["dest"])
    return {}


def turn(state, name, verb):
    """Starts or stops a container app. It says so a few looks later."""
    app = state["container_apps"][name]
    app["status"], app["then"] = {"start": ("Running", ["Starting"]), "stop": ("Stopped", ["Stopping"])}[verb]
    if "redis" in app:
        {"start": start_redis, "stop": stop_redis}[verb](app["redis"])


def show_container_app(state, options):
    app = found(state["container_apps"], options["name"], "Microsoft.App/containerApps")
    return {"name": options["name"], "properties": {"runningStatus": next_of(app, "then", app["status"])}}


def answers(redis):
    asked = subprocess.run([*redis["cli"], "PING"], capture_output=True, text=True)
    return asked.stdout.strip() == "PONG"


def start_redis(redis):
    if answers(redis):
        return
    subprocess.run([redis["program"], redis["configuration"]], check=True, stdout=subprocess.DEVNULL)
    until(lambda: answers(redis))


def stop_redis(redis):
    """In good order: it saves what it holds, and is gone."""
    if answers(redis):
        subprocess.run([*redis["cli"], "SHUTDOWN"], check=True, stdout=subprocess.DEVNULL)
        until(lambda: not os.path.exists(redis["pid"]))


def until(holds):
    for _ in range(500):
        if holds():
            return
        time.sleep(0.02)
    raise Refused(1, "Redis did not do what it was told")


KNOWN = {
    "backup job list": share_jobs,
    "backup job show": share_job,
    "backup recoverypoint list": points,
    "backup restore restore-azurefileshare": restore_share,
    "functionapp config appsettings list": settings,
    "functionapp config appsettings set": set_settings,
    "iot dps enrollment create": enrol("singles"),
    "iot dps enrollment list": enrolled("singles", "registrationId"),
    "iot dps enrollment-group create": enrol("groups"),
    "iot dps enrollment-group list": enrolled("groups", "enrollmentGroupId"),
    "iot hub device-identity import": start_import,
    "iot hub device-twin update": update_twin,
    "iot hub job list": hub_jobs,
    "iot hub job show": hub_job,
    "iot hub query": query,
    "resource invoke-action": act_on_site,
    "resource show": show_site,
    "storage blob exists": lambda s, o: {"exists": o["name"] in s["blobs"].get(o["c"], {})},
    "storage blob upload": upload,
    "storage container create": make_container,
    "storage container delete": lambda s, o: {"deleted": s["blobs"].pop(o["name"]) is not None},
    "storage container generate-sas": sign,
    "storage file download": download,
    "webapp config appsettings list": settings,
    "webapp config appsettings set": set_settings,
}
