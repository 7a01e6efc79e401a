# SPDX-License-Identifier: MIT
"""Reads the XML of the protocol description into nodes that know their line."""

import xml.parsers.expat


class Problem:
    """One fault of a description, with its place."""

    def __init__(self, file, line, message):
        self.file, self.line, self.message = file, line, message

    def __str__(self):
        return f"{self.file}:{self.line}: {self.message}"


class DescriptionError(Exception):
    def __init__(self, problems):
        super().__init__("\n".join(str(p) for p in problems))
        self.problems = problems


class Node:
    """An element: tag, attributes, children and text, and the file and line where it starts."""

    def __init__(self, tag, attributes, file, line):
        self.tag, self.attributes = tag, attributes
        self.file, self.line = file, line
        self.children, self.text = [], ""

    def get(self, name, default=None):
        return self.attributes.get(name, default)

    def find(self, tag):
        return next((c for c in self.children if c.tag == tag), None)

    def all(self, *tags):
        return [c for c in self.children if c.tag in tags]

    def prose(self):
        return " ".join(self.text.split())


# Which attributes an element may carry; those with ! must be there. protocol.rng says the same to
# other tools; here it gives errors with a line, without a library.
ATTRIBUTES = {
    "protocol": "name!",
    "doc": "",
    "import": "file!",
    "enum": "name! kind! prefix origin",
    "value": "name! value! since origin message",
    "limits": "prefix",
    "limit": "name! value! origin!",
    "formats": "",
    "format": "name! value! since layout! colorspace! block! bits channels swizzle alias fourcc until",
    "struct": "name! layout! size min-size dwords origin since kind",
    "command": "id! opcode! object group! extends size! host-size since needs split select",
    "request": "id! type! queue extends size! response! feature context origin!",
    "response": "id! type! size! origin!",
    "summary": "",
    "host": "",
    "quirk": "",
    "field": "name! dword offset shift bits type! count enum also open min max min-field handle union"
    " since feature-version",
    "member": "name! struct! dword offset count min since feature-version",
    "group": "name! dword offset count stride since",
    "array": "name! struct! dword! stride! count! min-count max-count slot slots",
    "values": "name! dword! type! count! enum min-count max-count slot slots handle",
    "bytes": "name! dword type! count! min-count min-bytes terminated spare-dwords",
    "padding": "name! dword! count!",
    "optional": "when flag",
    "tail": "name! struct count by",
    "releases": "",
    "release": "name! caps-size! feature-version formats! commands! objects!",
    "feature-versions": "",
    "feature-version": "value!",
}


def parse(path, name, allowed=None):
    """The root node of one file. name is how problems call the file; allowed: other ATTRIBUTES."""
    root, stack, problems = [], [], []
    parser = xml.parsers.expat.ParserCreate()

    def start(tag, attributes):
        node = Node(tag, attributes, name, parser.CurrentLineNumber)
        (stack[-1].children if stack else root).append(node)
        stack.append(node)
        check_attributes(node, problems, allowed or ATTRIBUTES)

    def end(_tag):
        stack.pop()

    def text(data):
        if stack:
            stack[-1].text += data

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = text
    try:
        with open(path, "rb") as file:
            parser.ParseFile(file)
    except xml.parsers.expat.ExpatError as error:
        raise DescriptionError([Problem(name, error.lineno, str(error))]) from None
    if problems:
        raise DescriptionError(problems)
    return root[0]


def check_attributes(node, problems, known):
    if node.tag not in known:
        problems.append(Problem(node.file, node.line, f"unknown element <{node.tag}>"))
        return
    allowed = known[node.tag].split()
    names = {a.rstrip("!") for a in allowed}
    for attribute in node.attributes:
        if attribute not in names:
            problems.append(
                Problem(node.file, node.line, f"<{node.tag}> has no attribute {attribute}"))
    for attribute in allowed:
        if attribute.endswith("!") and attribute[:-1] not in node.attributes:
            problems.append(
                Problem(node.file, node.line, f"<{node.tag}> lacks attribute {attribute[:-1]}"))
