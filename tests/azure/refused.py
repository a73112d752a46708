"""What az says when it does not do what it was asked."""


class Refused(Exception):
    """Its exit code, and the text after `ERROR: `."""

    def __init__(self, code, text):
        super().__init__(text)
        self.code = code


class Lines(list):
    """An answer that az prints line by line, whatever format it is asked for: a log."""


def found(there, name, kind):
    """The thing of this name, or the refusal that names it."""
    if name in there:
        return there[name]
    what = f"The Resource '{kind}/{name}' under resource group was not found."
    raise Refused(3, f"(ResourceNotFound) {what}\nCode: ResourceNotFound\nMessage: {what}")
