"""The Hub's app and vault without its database, for the stand-in: revisions, logs, firewall, rights."""
from refused import Lines, Refused, found

SYSTEM = "--type: --container, --replica, and --revision not supported for system logs"
SINGLE = ("Containerapp '{}' is configured for single revision. Set revision mode to multiple in order to set ingress"
          " traffic.")


def revisions(state, options):
    """Without --all only those that are active."""
    return [one for one in state["revisions"] if one["properties"]["active"] or "all" in options]


def revision(state, options):
    by_name = {one["name"]: one for one in state["revisions"]}
    return found(by_name, options["revision"], "Microsoft.App/containerApps/revisions")


def deactivate(state, options):
    revision(state, options)["properties"].update(active=False, trafficWeight=0, healthState="None")
    return "Deactivate succeeded"


def set_traffic(state, options):
    if state["mode"] == "Single":
        raise Refused(1, SINGLE.format(options["name"]))
    name, weight = options["revision-weight"].split("=")
    if name not in [one["name"] for one in state["revisions"]]:
        raise Refused(1, f"Revision '{name}' is not a valid revision name.")
    for one in state["revisions"]:
        one["properties"]["trafficWeight"] = int(weight) if one["name"] == name else 0
    return [{"revisionName": name, "weight": int(weight)}]


def logs(state, options):
    if int(options["tail"]) > 300:
        raise Refused(1, "--tail must be between 0 and 300.")
    if options["type"] == "system":
        if "revision" in options:
            raise Refused(1, SYSTEM)
        return Lines(state["system_log"][-int(options["tail"]):])
    if options["replica"] in state.get("dying", []):
        raise Refused(1, "Could not find a replica for this app")
    return Lines(state["console_log"][options["replica"]])


def replicas(state, options):
    return [{"name": name} for name in state["replicas"].get(options["revision"], [])]


def rules(state, _):
    return {"bypass": "AzureServices", "defaultAction": "Deny", "virtualNetworkRules": [],
            "ipRules": [{"value": value} for value in state["ips"]]}


def add_address(state, options):
    value = options["ip-address"]
    value = value if "/" in value else value + "/32"
    if value not in state["ips"]:
        state["ips"].append(value)
    return rules(state, options)


def remove_address(state, options):
    state["ips"] = [value for value in state["ips"] if value != options["ip-address"]]
    return rules(state, options)


def assignments(state, options):
    return [one for one in state["assignments"] if one["scope"] == options["scope"]]


def assign(state, options):
    number = len(state["assignments"]) + 1
    made = {"id": f"{options['scope']}/providers/Microsoft.Authorization/roleAssignments/{number:036d}",
            "description": options["description"], "principalId": options["assignee-object-id"],
            "roleDefinitionName": options["role"], "scope": options["scope"]}
    state["assignments"].append(made)
    return made


def take_back(state, options):
    state["assignments"] = [one for one in state["assignments"] if one["id"] != options["ids"]]


def secrets(state, options):
    """A right that was given works some looks later."""
    if state.get("looks_until_allowed"):
        state["looks_until_allowed"] -= 1
        raise Refused(1, "(Forbidden) Caller is not authorized to perform action on resource.\nCode: Forbidden\n"
                         "Inner error: {\n    \"code\": \"ForbiddenByRbac\"\n}")
    names = state["secrets"].items()
    return [{"name": name, "attributes": {"enabled": enabled}} for name, enabled in names]


def vaults(state, options):
    there = state["subscriptions"][options["subscription"]]
    if there is None:
        raise Refused(1, "(AuthorizationFailed) The client does not have authorization to perform action "
                         "'Microsoft.KeyVault/vaults/read'")
    return there


KNOWN = {
    "account list": lambda s, _: [{"id": name, "state": "Enabled"} for name in s["subscriptions"]],
    "ad signed-in-user show": lambda s, _: {"id": "aa11bb22-0000-4000-8000-000000000009"},
    "containerapp ingress traffic set": set_traffic,
    "containerapp logs show": logs,
    "containerapp replica list": replicas,
    "containerapp revision deactivate": deactivate,
    "containerapp revision list": revisions,
    "containerapp revision show": revision,
    "identity list": lambda s, _: s["identities"],
    "keyvault list": vaults,
    "keyvault network-rule add": add_address,
    "keyvault network-rule list": rules,
    "keyvault network-rule remove": remove_address,
    "keyvault secret list": secrets,
    "role assignment create": assign,
    "role assignment delete": take_back,
    "role assignment list": assignments,
}
