"""Every command that a shell script may run, with its words as far as they can be known without running it.

The script is read by a real grammar and walked on every branch: values that are given (variables, arguments) and
constants are put in place, through assignments, loops and the script's own functions; whatever only a run can know
becomes UNKNOWN. Nothing is executed.
"""
import tree_sitter
import tree_sitter_bash

UNKNOWN = "\ue000"  # of a private-use plane: no script holds it
WRAPPERS = {"command": 0, "exec": 0, "nohup": 0, "env": 0, "time": 0, "timeout": 1}
ASSIGNING = {"variable_assignment", "declaration_command"}
DEEPEST = 12

_parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_bash.language()))


class Script:
    """A script that is being walked. `found` are its commands, `stray` the places of the program where none begins."""

    def __init__(self, text, program, variables, arguments):
        self.program = program
        self.variables = dict(variables)
        self.found = []
        root = _parser.parse(text.encode()).root_node
        self.broken = root.has_error
        self.functions = {node.child_by_field_name("name").text.decode(): node.child_by_field_name("body")
                          for node in every(root) if node.type == "function_definition"}
        self.begun = set()
        self.called = set()
        self.walk(root, list(arguments), 0)
        for name in self.functions.keys() - self.called:  # never called here, so nobody knows its arguments
            self.walk(self.functions[name], [UNKNOWN] * 9, 0)
        self.stray = [node.start_point[0] + 1 for node in every(root)
                      if node.type == "word" and node.text.decode() == program and node.id not in self.begun]

    def walk(self, node, arguments, depth):
        if node.type == "function_definition":
            return
        if node.type == "variable_assignment":
            self.assign(node, arguments)
        elif node.type == "command":
            self.command(node, arguments, depth)
        elif node.type == "for_statement":
            self.loop(node, arguments, depth)
            return
        for child in node.children:
            self.walk(child, arguments, depth)

    def assign(self, node, arguments):
        name = node.child_by_field_name("name")
        value = node.child_by_field_name("value")
        plain = name.type == "variable_name" and (value is None or value.type != "array")
        words = self.words(value, arguments) if plain and value is not None else [""]
        self.variables[name.text.decode()] = " ".join(words) if plain else UNKNOWN

    def loop(self, node, arguments, depth):
        name = node.child_by_field_name("variable").text.decode()
        body = node.child_by_field_name("body")
        items = [word for item in node.children_by_field_name("value") for word in self.words(item, arguments)]
        for item in items or [UNKNOWN]:
            self.variables[name] = item
            self.walk(body, arguments, depth)

    def command(self, node, arguments, depth):
        name = node.child_by_field_name("name")
        if name is None:
            return
        parts = [name.children[0], *node.children_by_field_name("argument")]
        words = [word for part in parts for word in self.words(part, arguments)]
        before = len(self.found)
        while words and words[0] in WRAPPERS:
            words = words[1 + WRAPPERS[words[0]]:]
            while words and (words[0].startswith("-") or "=" in words[0]):
                words = words[1:]
        if not words:
            return
        if words[0] == self.program:
            self.found.append((node.start_point[0] + 1, words))
        elif words[0] in self.functions and depth < DEEPEST:
            self.called.add(words[0])
            self.walk(self.functions[words[0]], words[1:], depth + 1)
        elif words[0] == "shift":
            del arguments[:1]
        elif words[0] == "read":
            self.variables.update({word: UNKNOWN for word in words[1:] if word.isidentifier()})
        if len(self.found) > before:
            self.begun.update(part.id for part in parts if part.text.decode() == self.program)

    def words(self, node, arguments):
        """The words that one written word becomes: one, except for `"$@"`."""
        if node.text.decode() in ('"$@"', "$@", "$*"):
            return list(arguments)
        return [self.word(node, arguments)]

    def word(self, node, arguments):
        text = node.text.decode()
        if node.type in ("word", "number", "string_content", "heredoc_content"):
            return unescaped(text, node.type == "string_content")
        if node.type == "raw_string":
            return text[1:-1]
        if node.type == "ansi_c_string":
            return text[2:-1].encode().decode("unicode_escape")
        if node.type in ("concatenation", "command_name"):
            return "".join(self.word(child, arguments) for child in node.children)
        if node.type == "string":
            return self.string(node, arguments)
        if node.type == "simple_expansion":
            return self.value(text[1:], arguments)
        if node.type == "expansion":
            inner = [child for child in node.children if child.type not in ("${", "}")]
            return self.value(inner[0].text.decode(), arguments) if len(inner) == 1 else UNKNOWN
        return UNKNOWN

    def string(self, node, arguments):
        """A double-quoted string. Blanks between its parts belong to no node, so they are taken from the text."""
        text, at = "", node.start_byte + 1
        for child in node.children[1:-1]:
            text += node.text[at - node.start_byte:child.start_byte - node.start_byte].decode()
            text += self.word(child, arguments)
            at = child.end_byte
        return text + node.text[at - node.start_byte:-1].decode()

    def value(self, name, arguments):
        if name.isdigit():
            at = int(name) - 1
            return arguments[at] if 0 <= at < len(arguments) else UNKNOWN
        return self.variables.get(name, UNKNOWN)


def unescaped(text, quoted):
    """Takes back-slashes away as the shell does; within double quotes only before what is special there."""
    out, at = "", 0
    while at < len(text):
        if text[at] == "\\" and at + 1 < len(text) and (not quoted or text[at + 1] in '$`"\\\n'):
            out += "" if text[at + 1] == "\n" else text[at + 1]
            at += 2
        else:
            out += text[at]
            at += 1
    return out


def every(node):
    yield node
    for child in node.children:
        yield from every(child)
