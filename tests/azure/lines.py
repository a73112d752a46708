#!/usr/bin/env python3
"""Puts command lines through the Azure CLI's own parser and client-side validators, in one process.

    lines.py EMPTY_FOLDER < REQUEST > ANSWER       with the Python that has azure-cli, tree-sitter and tree-sitter-bash

The request is JSON: `lines`, each `{at, words}`; `scripts`, each `{at, text, variables, arguments}`, from which the
`az` lines are taken on every branch; `extensions`, what each option took of commands that the CLI itself does not have,
written down where the extension was installed (null: anything).
The answer says for each line what became of it:

    accepted    nothing stopped it before its first token or connection
    refused     the parser, a validator or the command's own first checks refused it
    recorded    of an extension that is not installed; all its options are in the record
    unrecorded  of an extension that is not installed, with something that is not in the record

The CLI takes somebody for signed in, so that checks after the login are reached too; there is no token and no
connection can be opened, so no line reaches Azure.
"""
import contextlib
import io
import json
import os
import socket
import sys

import shell

# What stands for a value that only a run can know, by the option before it.
SAMPLES = {"--start-ip-address": "203.0.113.7", "--end-ip-address": "203.0.113.7", "--ip-address": "203.0.113.7",
           "--restore-time": "2026-11-21T02:25:00Z", "--expiry": "2026-11-21T09:00Z",
           "--scope": "/subscriptions/s/resourceGroups/g"}
FILES = ("--file", "--path", "--policy", "--json")
SETTINGS = {"AZURE_CORE_COLLECT_TELEMETRY": "no", "AZURE_CORE_SURVEY_MESSAGE": "no", "AZURE_CORE_NO_COLOR": "yes",
            "AZURE_AUTO_UPGRADE_ENABLE": "no", "AZURE_EXTENSION_USE_DYNAMIC_INSTALL": "no"}
# What every command takes, and each option of it that is followed by a value.
GLOBAL = {"--output", "-o", "--query", "--subscription", "--only-show-errors", "--resource-group", "-g"}


SIGNED_IN = {"subscriptions": [{
    "id": "3f2a9c11-5b7e-4d0a-9a51-7c0e8d1b2a34", "name": "sample", "state": "Enabled", "isDefault": True,
    "tenantId": "00000000-0000-0000-0000-000000000001", "environmentName": "AzureCloud",
    "user": {"name": "sample@example.org", "type": "user"}}]}


class Away(BaseException):
    """A token was asked for, or a connection was about to be opened: everything before that was taken. No `Exception`,
    so that no retry catches it."""


class Credential:
    """Of somebody who is signed in, as far as anybody can tell without a network."""

    def acquire_token(self, *_args, **_kwargs):
        raise Away

    get_token = get_token_info = acquire_token


def away(*_args, **_kwargs):
    raise Away


class Cli:
    """The CLI, asked again and again; its modules are loaded once."""

    def __init__(self, folder, extensions):
        os.environ.update(SETTINGS, AZURE_CONFIG_DIR=folder)
        installed = os.path.expanduser("~/.azure/cliextensions")
        if os.path.isdir(installed):
            os.environ.setdefault("AZURE_EXTENSION_DIR", installed)
        from azure.cli.core import __version__, azclierror, get_default_cli, util
        from azure.cli.core._profile import Profile
        import jmespath
        self.version, self.fresh, self.compile = __version__, get_default_cli, jmespath.compile
        self.extensions, self.caught, self.asks = extensions, [], False
        # The parser prints its errors and exits.
        azclierror.AzCLIError.print_error = lambda error: self.caught.append(error)
        self.file = os.path.join(folder, "sample")
        with open(self.file, "w") as sample:
            sample.write("sample\n")
        with open(os.path.join(folder, "azureProfile.json"), "w") as profile:
            json.dump(SIGNED_IN, profile)
        util.handle_version_update = lambda: None  # it would ask the network for a newer version
        Profile._create_credential = lambda *_args, **_kwargs: Credential()
        socket.getaddrinfo = socket.create_connection = socket.socket.connect = away

    def verdict(self, words):
        words = [self.known(words, at) for at in range(len(words))]
        for before, query in zip(words, words[1:]):
            if before == "--query" and shell.UNKNOWN not in query:
                try:
                    self.compile(query)
                except Exception as error:
                    return "refused", f"--query is no JMESPath: {error}"
        stopped = self.invoke([word.replace(shell.UNKNOWN, "sample") for word in words])
        if stopped is None or isinstance(stopped, Away):
            if self.asks and not {"--yes", "-y"} & set(words):
                return "refused", "it asks for confirmation, and nobody is there to answer: --yes"
            return "accepted", ""
        return self.recorded(words) or ("refused", str(stopped) or repr(stopped))

    def known(self, words, at):
        """The word with samples in the places that only a run could fill."""
        word, option = words[at], words[at - 1] if at else ""
        if word == shell.UNKNOWN and option in FILES:
            return self.file
        if shell.UNKNOWN in word and option in SAMPLES:
            return SAMPLES[option]
        return word.replace("@" + shell.UNKNOWN, "@" + self.file)

    def invoke(self, words):
        """What stopped the line; None where nothing did."""
        cli = self.fresh()
        self.caught.clear()
        cli.exception_handler = lambda error: self.caught.append(error) or 1
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            try:
                if cli.invoke(words, out_file=io.StringIO()):
                    self.caught.append("it failed and said nothing")
            except BaseException as error:  # an exit of the parser comes after the error it has printed
                self.caught.append(error)
        table = cli.invocation.commands_loader.command_table if cli.invocation else {}
        # Most ask in front, and fail here; some ask only when they are about to delete.
        named = self.named(words)
        self.asks = named.endswith((" delete", " purge")) and named in table and "yes" in table[named].arguments
        return self.caught[0] if self.caught else None

    @staticmethod
    def named(words):
        """The command that the words begin with: `postgres flexible-server show`."""
        options = [at for at, word in enumerate(words) if word.startswith("-")]
        return " ".join(words[:options[0]] if options else words)

    def recorded(self, words):
        """The verdict by the record of extensions; None for a command that is not in it."""
        for extension, commands in self.extensions.items():
            options = commands.get(self.named(words))
            if options is None:
                continue
            for word, after in zip(words, [*words[1:], ""]):
                if not word.startswith("-") or word[1:].isdigit() or word in GLOBAL:
                    continue
                if word not in options:
                    return "unrecorded", f"{extension} is not installed, and its record has no {word} here"
                if options[word] and after not in options[word]:
                    return "unrecorded", f"{extension} takes {', '.join(options[word])} for {word}"
            return "recorded", f"{extension} is not installed"
        return None


def main():
    request = json.load(sys.stdin)
    cli = Cli(sys.argv[1], request["extensions"])
    lines = [(line["at"], line["words"][1:]) for line in request["lines"]]
    results = []
    for given in request["scripts"]:
        script = shell.Script(given["text"], "az", given["variables"], given["arguments"])
        if script.broken:
            results.append({"at": given["at"], "verdict": "refused", "words": [], "why": "the shell text cannot be read"})
        results += [{"at": f"{given['at']}:{line}", "verdict": "refused", "words": ["az"],
                     "why": "`az` stands where no command begins that could be followed"} for line in script.stray]
        lines += [(f"{given['at']}:{line}", words[1:]) for line, words in script.found]
    seen = {}
    for at, words in lines:
        key = tuple(words)
        if key not in seen:
            seen[key] = cli.verdict(words)
        verdict, why = seen[key]
        words = [word.replace(shell.UNKNOWN, "…") for word in words]
        results.append({"at": at, "words": ["az", *words], "verdict": verdict, "why": why})
    json.dump({"version": cli.version, "distinct": len(seen), "lines": results}, sys.stdout)


main()
