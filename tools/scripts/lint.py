#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The rules of docs/Style.md that a program can check.

  lint.py [--only=NAME] [--output=RESULTS.xml] [ROOT]
  lint.py --self-test

Each function below named lint_<name> is one lint: it takes the tree and yields
findings. An error fails the lint, a warning does not.
"""

import argparse
import ast
import pathlib
import re
import shutil
import subprocess
import sys
from xml.sax.saxutils import escape, quoteattr

SPDX = "// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception"
CPP = (".cpp", ".h", ".c")
MAX_COLUMNS = 80
MAX_FILE_LINES = 600
MAX_FUNCTION_LINES = 100
WARN_FUNCTION_LINES = 60
MAX_SUMMARY = 70


class Finding:

    def __init__(self, path, line, message, is_error=True):
        self.is_error = is_error
        kind = "" if is_error else "warning: "
        self.text = f"{path}:{line}: {kind}{message}"


class Skip(Exception):
    """The lint cannot run here; the text says why."""


class Tree:
    """The files of the repository, by path relative to its root."""

    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.texts = {}
        for path in self._paths():
            try:
                self.texts[path] = (self.root / path).read_text("utf-8")
            except UnicodeDecodeError:
                self.texts[path] = ""  # Binary: only the name counts.

    def _paths(self):
        listing = subprocess.run(
            ["git", "-C", str(self.root), "ls-files", "-z", "--cached",
             "--others", "--exclude-standard"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
        if listing.returncode == 0:
            paths = listing.stdout.decode().split("\0")
        else:
            paths = [str(p.relative_to(self.root))
                     for p in self.root.rglob("*")]
        return sorted(p for p in paths if p and (self.root / p).is_file())

    def select(self, folders, suffixes):
        for path, text in self.texts.items():
            if path.startswith(folders) and path.endswith(suffixes):
                yield path, text

    def exists(self, path):
        path = path.rstrip("/")
        return path in self.texts or any(
            other.startswith(path + "/") for other in self.texts)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def numbered(text):
    return enumerate(text.split("\n"), 1)


# --- FileCheck ---------------------------------------------------------------

SUFFIX = r"(?:LABEL|NEXT|SAME|DAG|NOT|EMPTY|COUNT-\d+)"
COMMENT = re.compile(r"\s*(?://+|#+|;+)\s*(.*)")


def check_prefixes(text):
    prefixes = {"CHECK"}
    for _, line in numbered(text):
        if "RUN:" in line or line.rstrip().endswith("\\"):
            for names in re.findall(
                    r"--?check-prefix(?:es)?[= ]([\w,-]+)", line):
                prefixes.update(names.split(","))
    # The longest first, so that CHECK-AVX2 is not read as CHECK.
    return sorted(prefixes, key=len, reverse=True)


def dead_directive(comment, prefixes):
    """Why FileCheck would not see the directive in this comment, or None."""
    names = "|".join(map(re.escape, prefixes))
    # What FileCheck sees as a directive is fine wherever it stands.
    if re.match(rf"(?:{names})(?:-{SUFFIX})?(?:{{LITERAL}})?:", comment):
        return None
    found = re.search(rf"(?<![\w-])(?:{names})-{SUFFIX}(?![\w-])(?!:)"
                      rf"(?!{{LITERAL}}:)", comment)
    if found:
        return f"'{found.group()}' is not followed by a colon"
    found = re.match(rf"((?:{names})[-_][A-Z0-9_-]+)\s*:", comment)
    if found:
        return f"'{found.group(1)}' is not a directive"
    found = re.match(rf"(?:{names})(?![\w:-])", comment)
    if found:
        return f"'{found.group()}' is not followed by a colon"
    found = re.match(rf"([A-Z][A-Z0-9_-]*)-{SUFFIX}:", comment)
    if found:
        return f"no RUN line has the prefix '{found.group(1)}'"
    return None


def lint_filecheck(tree):
    for path, text in tree.select("test/", (".mlir", ".test", ".ll", ".txt")):
        if "FileCheck" not in text or "CMakeLists" in path:
            continue
        prefixes = check_prefixes(text)
        for number, line in numbered(text):
            comment = COMMENT.match(line)
            if comment and not comment.group(1).startswith("RUN:"):
                reason = dead_directive(comment.group(1), prefixes)
                if reason:
                    yield Finding(path, number, reason)


# --- Passes ------------------------------------------------------------------

PASS = re.compile(r'^def\s+(\w+)\s*:\s*\w*Pass<\s*"([^"]+)"', re.M)


def file_stems(flag):
    """The file names, in lower case, that fit the flag of a pass."""
    for prefix in ("qnn-cpu-", "qnn-", "convert-", ""):
        if flag.startswith(prefix):
            yield flag[len(prefix):].replace("-", "")


def lint_passes(tree):
    tests = [text for _, text in tree.select("test/", (".mlir", ".test"))]
    stems = {pathlib.Path(path).stem.lower()
             for path, _ in tree.select("lib/", (".cpp",))}
    for path, text in tree.select("include/", ("Passes.td",)):
        found = list(PASS.finditer(text))
        ends = [match.start() for match in found[1:]] + [len(text)]
        for match, end in zip(found, ends):
            name, flag = match.groups()
            body, line = text[match.start():end], line_of(text, match.start())
            summary = re.search(r'let summary\s*=\s*((?:"[^"]*"\s*)+);',
                                body)
            words = "".join(re.findall(r'"([^"]*)"', summary.group(1))
                            ) if summary else ""
            if not words:
                yield Finding(path, line, f"{name} has no summary")
            if len(words) > MAX_SUMMARY:
                yield Finding(path, line, f"the summary of {name} has "
                              f"{len(words)} characters, more than "
                              f"{MAX_SUMMARY}")
            if words.endswith("."):
                yield Finding(path, line,
                              f"the summary of {name} ends with a full stop")
            if not re.search(r"let description\s*=\s*\[\{\s*[^\s}]", body):
                yield Finding(path, line, f"{name} has no description")
            word = re.compile(rf"(?<![\w]){re.escape(flag)}(?![\w-])")
            if not any(word.search(test) for test in tests):
                yield Finding(path, line, f"no test runs {flag}")
            if not stems.intersection(file_stems(flag)):
                yield Finding(path, line, f"no file under lib/ is named after "
                              f"{flag}")


# --- Documents ---------------------------------------------------------------

PATH_LIKE = re.compile(
    r"(?<![\w./<-])(?:lib|include|tools|test|docs)/[\w./+-]*[\w/](?![\w<*{…])")


def lint_doc_links(tree):
    documents = [(path, text) for path, text in tree.texts.items()
                 if path == "README.md" or
                 (path.startswith("docs/") and path.endswith(".md"))]
    for path, text in documents:
        folder = (tree.root / path).parent
        in_fence = False
        for number, line in numbered(text):
            if line.lstrip().startswith("```"):
                in_fence = not in_fence
                continue
            for target in [] if in_fence else re.findall(
                    r"\]\(([^)\s]+)\)", line):
                target = target.split("#")[0]
                if target and not re.match(r"[a-z]+:", target):
                    if not (folder / target).exists():
                        yield Finding(path, number, f"dead link '{target}'")
            for code in [line] if in_fence else re.findall(r"`([^`]+)`", line):
                for name in PATH_LIKE.findall(code):
                    if not tree.exists(name):
                        yield Finding(path, number, f"'{name}' does not exist")


# --- C++ ---------------------------------------------------------------------

# One alternative for each thing whose inside is not code.
NOT_CODE = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'"
    r"|^[ \t]*#(?:[^\n\\]|\\.|\\\n)*", re.S | re.M)
NOT_A_FUNCTION = re.compile(
    r"^\s*(?:template\s*<[^{]*>\s*)?"
    r"(?:(?:inline\s+)?namespace|class|struct|union|enum|extern\s*$)\b")


def without_comments(text):
    """The text with comments, strings and directives blanked, same length."""
    def blank(match):
        return re.sub(r"[^\n]", " ", match.group())
    return NOT_CODE.sub(blank, text)


def is_function_head(head):
    if NOT_A_FUNCTION.match(head) or "(" not in head:
        return False
    # An initializer; but operator== and default arguments have a '=' as well.
    outside = re.sub(r"\([^()]*(?:\([^()]*\)[^()]*)*\)", "()", head)
    return "=" not in re.sub(r"operator\s*\S+", "", outside)


def functions(text):
    """(first line, last line, head) of every function definition."""
    code = without_comments(text)
    start, offset = 0, 0
    while True:
        match = re.compile(r"[;{}]").search(code, offset)
        if not match:
            return
        offset = match.end()
        head = code[start:match.start()]
        if match.group() == "{" and is_function_head(head):
            depth = 1
            for brace in re.compile(r"[{}]").finditer(code, offset):
                depth += 1 if brace.group() == "{" else -1
                if depth == 0:
                    offset = brace.end()
                    break
            first = start + len(head) - len(head.lstrip())
            yield line_of(code, first), line_of(code, offset - 1), head
        start = offset


def lint_sizes(tree):
    folders = ("lib/", "include/", "tools/")
    for path, text in tree.select(folders, CPP + (".td", ".py", ".sh")):
        lines = text.count("\n")
        if lines > MAX_FILE_LINES:
            yield Finding(path, 1, f"{lines} lines, more than "
                          f"{MAX_FILE_LINES}")
    for path, text in tree.select(folders, CPP):
        for first, last, _ in functions(text):
            length = last - first + 1
            if length > MAX_FUNCTION_LINES:
                yield Finding(path, first, f"a function of {length} lines, "
                              f"more than {MAX_FUNCTION_LINES}")
            elif length > WARN_FUNCTION_LINES:
                yield Finding(path, first, f"a function of {length} lines: "
                              "can it be two?", is_error=False)


def lint_text(tree):
    for path, text in tree.select(("lib/", "include/", "tools/", "test/"),
                                  CPP + (".td",)):
        if not path.startswith("test/") and not text.startswith(SPDX):
            yield Finding(path, 1, f"the first line is not '{SPDX}'")
        if text and not text.endswith("\n"):
            yield Finding(path, text.count("\n") + 1, "no newline at the end")
        for number, line in numbered(text):
            if "\t" in line:
                yield Finding(path, number, "a tab")
            if line != line.rstrip():
                yield Finding(path, number, "white space at the end")
            if len(line) > MAX_COLUMNS and not re.search(
                    r"#include|https?://", line):
                yield Finding(path, number, f"{len(line)} columns, more than "
                              f"{MAX_COLUMNS}")


def lint_idioms(tree):
    for path, text in tree.select("lib/", CPP):
        code = without_comments(text)
        for match in re.finditer(r"\bcl::(?:opt|list|bits)\b", code):
            yield Finding(path, line_of(code, match.start()),
                          "options of a library belong in its .td file")
        lines = code.split("\n")
        for first, last, head in functions(text):
            if "PatternRewriter" not in head:
                continue
            for number in range(first, last + 1):
                # Passing on a failure is fine: who failed has said why.
                before = "\n".join(lines[max(first, number - 3):number])
                if re.search(r"return\s+(?:mlir::)?failure\(\)\s*;",
                             lines[number - 1]) and not re.search(
                                 r"if\s*\([^;{]*failed\([^;{]*\)\s*\{?\s*"
                                 r"return[^;]*;$", before.rstrip()):
                    yield Finding(path, number, "a pattern says why it does "
                                  "not match: notifyMatchFailure")


# Calls that create operations.
CREATES = re.compile(
    r"\b(?:emit\.[a-z]\w*|emit[A-Z]\w*|load[A-Z]\w*|broadcast\w*|splat"
    r"|createOrFold(?:<[^>]*>)?|\w+::create|create[A-Z]\w*)\s*\(")


def argument_lists(code):
    """(offset, arguments) of every call; what is in braces is left out."""
    open_brackets = []
    for offset, char in enumerate(code):
        if char in "([{":
            open_brackets.append((char, offset, [""]))
        elif char in ")]}" and open_brackets:
            bracket, begin, parts = open_brackets.pop()
            if bracket == "(" and re.search(r"\w\s*$", code[:begin][-2:]):
                yield begin, parts
            if open_brackets and bracket != "{":
                open_brackets[-1][2][-1] += (bracket + ",".join(parts) + char)
        elif char == "," and open_brackets:
            open_brackets[-1][2].append("")
        elif open_brackets:
            open_brackets[-1][2][-1] += char


def lint_argument_order(tree):
    for path, text in tree.select("lib/", CPP):
        for offset, arguments in argument_lists(without_comments(text)):
            if sum(bool(CREATES.search(part)) for part in arguments) > 1:
                yield Finding(path, line_of(text, offset), "two arguments "
                              "create operations: which one comes first is "
                              "the compiler's choice")


def lint_clang_format(tree):
    tool = shutil.which("clang-format-22")
    if not tool:
        raise Skip("clang-format-22 not found")
    paths = [path for path, _ in tree.select(
        ("lib/", "include/", "tools/", "test/"), CPP)]
    if not paths:
        return
    result = subprocess.run([tool, "--dry-run", "-Werror", *paths],
                            cwd=tree.root, stderr=subprocess.PIPE, text=True,
                            check=False)
    found = re.findall(r"^(\S+?):(\d+):\d+: error", result.stderr, re.M)
    for path, line in sorted({p: (p, l) for p, l in reversed(found)}.values()):
        yield Finding(path, line, "is not as clang-format-22 -i would have it")
    if result.returncode != 0 and not found:
        yield Finding(".clang-format", 1, result.stderr.strip())


# --- All files ---------------------------------------------------------------

# The brackets keep this file from finding itself.
MACHINE_PATH = re.compile(r"(?<![\w.)}\"'-])/(?:[w]ork|[r]oot|[h]ome/\w+)"
                          r"(?![\w.-])")
QUOTED_MACHINE_PATH = re.compile(r"[\"'](/(?:[w]ork|[r]oot)(?:/|[\"']))")
TEMPORARY = re.compile(r"(?<![\w.)}])/[t]mp/")
REGISTRY = re.compile(
    r"[p]ypi\.org|[p]ythonhosted\.org|[n]pmjs\.(?:org|com)|[c]rates\.io"
    r"|[d]ocker\.io|[g]hcr\.io|[d]eb\.debian\.org|[s]ecurity\.debian\.org"
    r"|[a]pt\.llvm\.org|[a]rchive\.ubuntu\.com|[p]roxy\.golang\.org"
    r"|[a]naconda\.(?:org|com)")


def lint_machine_paths(tree):
    for path, text in tree.texts.items():
        for number, line in numbered(text):
            patterns = [MACHINE_PATH, QUOTED_MACHINE_PATH, REGISTRY]
            if not path.startswith("test/"):
                patterns.append(TEMPORARY)
            for pattern in patterns:
                found = pattern.search(line)
                if found:
                    yield Finding(path, number, f"'{found.group()}' is a name "
                                  "of one machine or network")


def lint_scripts(tree):
    """Every script can be read by its interpreter."""
    for path, text in tree.texts.items():
        if path.endswith(".py"):
            try:
                ast.parse(text, path)
            except SyntaxError as error:
                yield Finding(path, error.lineno, f"python: {error.msg}")
        elif re.match(r"#!.*\b(?:ba)?sh\n", text):
            result = subprocess.run(["bash", "-n"], input=text, text=True,
                                    stderr=subprocess.PIPE, check=False)
            if result.returncode != 0:
                yield Finding(path, 1, result.stderr.strip())
            if "set -euo pipefail" not in text:
                yield Finding(path, 1, "no 'set -euo pipefail'")


# What says why something is refused, up to the end of the statement.
STRING = r'"(?:\\.|[^"\\])*"'
REFUSAL = re.compile(
    r"\b(?:emit(?:Op)?Error|createStringError|makeError|refuse|fail)\("
    rf'(?P<message>(?:{STRING}|[^";{{}}])*)')
# Stands above the line of a refusal and says why no test can see it.
NOT_TESTED = re.compile(r"// Not tested: \w.*\n(?:[ \t]*//.*\n)*.*\Z")
PLACEHOLDER = re.compile(r"%[.\d]*(?:h|l|z)*[a-z]")


def join_strings(text):
    """What goes over several lines, on one."""
    return re.sub(r'"\s*\n\s*"', "", text)


def longest_text(message):
    """The start of the longest piece of text, which names the message best."""
    pieces = [piece for string in re.findall(STRING, join_strings(message))
              for piece in PLACEHOLDER.split(
                  re.sub(r"\\(.)", r"\1", string[1:-1]))]
    longest = max(pieces, key=len, default="")
    return longest.strip(" ':")[:25].strip()


def lint_untested_errors(tree):
    """Every message of a refusal is in a test, or says why it cannot be."""
    tests = "\n".join(text for path, text in tree.texts.items()
                      if path.startswith("test/"))
    tests = join_strings(tests).replace('\\"', '"')
    for path, text in tree.select(("lib/", "tools/"), CPP):
        for match in REFUSAL.finditer(text):
            literal = longest_text(match.group("message"))
            if len(literal) < 4:
                continue
            is_tested = literal in tests
            is_excused = bool(NOT_TESTED.search(text[:match.start()]))
            if not is_tested and not is_excused:
                yield Finding(path, line_of(text, match.start()),
                              f"no test expects '{literal}': add one, or say "
                              "'// Not tested: why' above")
            if is_tested and is_excused:
                yield Finding(path, line_of(text, match.start()),
                              f"a test expects '{literal}', but the comment "
                              "says 'Not tested'")


LINTS = {name[len("lint_"):].replace("_", "-"): function
         for name, function in list(globals().items())
         if name.startswith("lint_")}


# --- Running -----------------------------------------------------------------


def run(tree, names, output):
    """Prints findings and verdicts; the number of lints that failed."""
    cases, num_failed = [], 0
    for name in names:
        case = f"<testcase classname=\"lint\" name={quoteattr(name)}"
        try:
            findings = list(LINTS[name](tree))
        except Skip as skip:
            print(f"lint {name}: SKIPPED: {skip}")
            cases.append(f"{case}><skipped message={quoteattr(str(skip))}/>"
                         "</testcase>")
            continue
        for finding in findings:
            print(finding.text)
        errors = [f.text for f in findings if f.is_error]
        warnings = len(findings) - len(errors)
        verdict = f"FAILED: {len(errors)} errors" if errors else "ok"
        print(f"lint {name}: {verdict}" +
              (f", {warnings} warnings" if warnings else ""))
        if errors:
            num_failed += 1
            text = escape("\n".join(errors))
            cases.append(f"{case}><failure>{text}</failure></testcase>")
        else:
            cases.append(f"{case}/>")
    if output:
        pathlib.Path(output).write_text(
            "<testsuites><testsuite name=\"lint\">\n" + "\n".join(cases) +
            "\n</testsuite></testsuites>\n", "utf-8")
    return num_failed


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("root", nargs="?",
                        default=pathlib.Path(__file__).resolve().parents[2])
    parser.add_argument("--only", choices=sorted(LINTS), action="append")
    parser.add_argument("--output", help="write the results as xunit XML")
    parser.add_argument("--self-test", action="store_true",
                        help="show that each lint finds what it is for")
    args = parser.parse_args()
    if args.self_test:
        import lint_selftest
        return lint_selftest.run(LINTS, Tree, Skip)
    return 1 if run(Tree(args.root), args.only or LINTS, args.output) else 0


if __name__ == "__main__":
    sys.exit(main())
