# Backout asks an Alembic project something, or has it do something. Run by the project's own Python, where the project lives; needs Alembic and what that needs.
# The one argument is the request as JSON; the answer is the line that begins with MARK. What is said to people on the way goes to the output, without passwords.
import ast, fcntl, io, json, os, re, shutil, sqlite3, sys, traceback
from contextlib import closing, contextmanager, nullcontext

MARK = "backout-answer "
LONGEST_SQL = 40000
URL_PASSWORD = re.compile(r"(//[^:/@\s]*:)[^\s'\"]+(@)")


def hidden(text):
    return URL_PASSWORD.sub(r"\1***\2", text)


class WithoutPasswords(io.TextIOBase):
    def __init__(self, stream):
        self.stream = stream

    def write(self, text):
        self.stream.write(hidden(text))
        return len(text)

    def flush(self):
        self.stream.flush()


class Problem(Exception):
    def __init__(self, kind, text):
        super().__init__(text)
        self.kind = kind


# --- what a revision does, by its source -----------------------------------------------------

LOOSE = {"create_table_comment", "drop_table_comment", "f", "get_context"}
ON_TABLES = {"create_index": 1, "create_unique_constraint": 1, "create_check_constraint": 1, "create_foreign_key": 1, "create_primary_key": 1}
BREAKING = {"drop_table", "drop_column", "alter_column", "rename_table", "drop_constraint", "drop_index"} | set(ON_TABLES)
UNSEEN = {"execute", "get_bind", "bulk_insert", "invoke", "run_async"}
HARMLESS_SQL = re.compile(r"\s*(create\s+(table|index|view|sequence|type|extension)\b|comment\s+on\b|analyze\b)", re.I)
TALK = {"print", "logger", "logging", "log"}


def text_of(node):
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def root_of(node):
    while isinstance(node, (ast.Attribute, ast.Call)):
        node = node.value if isinstance(node, ast.Attribute) else node.func
    return node.id if isinstance(node, ast.Name) else None


def is_idle(statement):
    if isinstance(statement, ast.Pass) or (isinstance(statement, ast.Return) and (statement.value is None or isinstance(statement.value, ast.Constant))):
        return True
    if isinstance(statement, ast.Expr):
        value = statement.value
        return isinstance(value, ast.Constant) or (isinstance(value, ast.Call) and root_of(value) in TALK)
    if isinstance(statement, (ast.If, ast.With, ast.For, ast.While)):
        return all(is_idle(each) for each in statement.body + getattr(statement, "orelse", []))
    return False


def verdict(function):
    """real, empty or raises"""
    reached = []
    for statement in function.body:
        if isinstance(statement, ast.Raise):
            return "raises"
        reached.append(statement)
        if isinstance(statement, ast.Return):
            break
    return "empty" if all(is_idle(each) for each in reached) else "real"


def argument(call, place, name):
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    return call.args[place] if len(call.args) > place else None


def flag(call, name):
    """True, False, or None where it is not said; anything that is no constant counts as said"""
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value.value if isinstance(keyword.value, ast.Constant) else True
    return None


def column_of(call):
    for each in call.args + [keyword.value for keyword in call.keywords]:
        if isinstance(each, ast.Call) and getattr(each.func, "attr", getattr(each.func, "id", "")) == "Column":
            return each
    return None


def brief(node):
    text = " ".join(ast.unparse(node).split()) if hasattr(ast, "unparse") else "line %d" % node.lineno
    return "line %d: %s" % (node.lineno, text if len(text) <= 160 else text[:159] + "…")


def operations(function):
    """(name, call, table that a batch is for) of every call on `op` or on a batch"""
    batches = {}
    for node in ast.walk(function):
        if isinstance(node, ast.With):
            for item in node.items:
                call = item.context_expr
                if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "batch_alter_table" and isinstance(item.optional_vars, ast.Name):
                    table = argument(call, 0, "table_name")
                    batches[item.optional_vars.id] = text_of(table) or "a table"
    found = []
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
            base = node.func.value.id
            if base == "op" or base in batches:
                found.append((node.func.attr, node, batches.get(base)))
    return sorted(found, key=lambda each: each[1].lineno)


def judged(name, call, batch, created):
    """additive, breaking or unknown: what it means to a release that doesn't know of it"""
    if name in LOOSE or name == "batch_alter_table" or name == "create_table":
        return "additive"
    if name == "add_column":
        column = column_of(call)
        if column is None:
            return "unknown"
        strict = flag(column, "nullable") is False and not flag(column, "server_default")
        return "breaking" if strict or flag(column, "unique") or flag(column, "primary_key") else "additive"
    if name in ON_TABLES:
        table = batch or text_of(argument(call, ON_TABLES[name], "source_table" if name == "create_foreign_key" else "table_name"))
        if table in created or (name == "create_index" and not flag(call, "unique")):
            return "additive"
    if name == "execute":
        sql = argument(call, 0, "sqltext")
        if isinstance(sql, ast.Call) and sql.args:
            sql = sql.args[0]
        return "additive" if text_of(sql) and HARMLESS_SQL.match(text_of(sql)) else "unknown"
    return "breaking" if name in BREAKING else "unknown"


def lost(function):
    losses = []
    for name, call, batch in operations(function):
        if name == "drop_table":
            losses.append("the table %s" % (text_of(argument(call, 0, "table_name")) or "at " + brief(call)))
        elif name == "drop_column":
            table = batch or text_of(argument(call, 0, "table_name"))
            column = text_of(argument(call, 0 if batch else 1, "column_name"))
            losses.append("the column %s.%s" % (table, column) if table and column else "a column at " + brief(call))
        elif name == "execute" and not re.match(r"additive", judged(name, call, batch, set())):
            losses.append("what this does, which can't be judged, at " + brief(call))
    return losses


def looked_at(script):
    """of one revision"""
    with open(script.path, encoding="utf-8") as file:
        tree = ast.parse(file.read())
    functions = {each.name: each for each in tree.body if isinstance(each, ast.FunctionDef)}
    module = script.module
    answer = {
        "revision": script.revision,
        "down": list(script._versioned_down_revisions),
        "doc": (script.doc or "").strip(),
        "file": script.path,
    }
    for name in ("upgrade", "downgrade"):
        if name in functions:
            answer[name] = verdict(functions[name])
        else:
            answer[name] = "unseen" if callable(getattr(module, name, None)) else "missing"
    answer.update(change_of(functions.get("upgrade"), answer["upgrade"]))
    answer["losses"] = lost(functions["downgrade"]) if "downgrade" in functions else []
    return answer


def change_of(upgrade, how):
    if upgrade is None:
        return {"change": "unknown", "why": ["its upgrade() is not in the file"]}
    calls = operations(upgrade)
    created = {text_of(argument(call, 0, "table_name")) for name, call, _ in calls if name == "create_table"} - {None}
    verdicts = [(judged(name, call, batch, created), brief(call)) for name, call, batch in calls]
    if how == "real" and not verdicts:
        return {"change": "unknown", "why": ["its upgrade() does something else than to call op"]}
    for worst in ("breaking", "unknown"):
        why = [text for each, text in verdicts if each == worst]
        if why:
            return {"change": worst, "why": why[:20]}
    return {"change": "additive", "why": []}


# --- the project and its database -------------------------------------------------------------


def project(request):
    try:
        import alembic
        from alembic.config import CommandLine, Config
        from alembic.script import ScriptDirectory
    except ImportError as e:
        raise Problem("alembic", "%s has no Alembic: %s" % (sys.executable, e))
    file = request["config"]
    if not os.path.isfile(file):
        raise Problem("config", "There is no %s in %s" % (file, os.getcwd()))
    # As Alembic's own program starts: the options are there for env.py, and so is the directory for its imports.
    words = ["--config", file] + [word for each in request.get("x", []) for word in ("-x", each)] + ["current"]
    options = CommandLine().parser.parse_args(words)
    config = Config(file_=options.config, ini_section=options.name, cmd_opts=options)
    script = ScriptDirectory.from_config(config)
    try:
        script.get_heads()
    except KeyError as e:
        raise Problem("revision", "There is no file for the revision %s, which %s" % (e, named_in(script, str(e.args[0]))))
    return config, script


def named_in(script, revision):
    files = [os.path.join(place, each) for place in script._version_locations for each in sorted(os.listdir(place)) if each.endswith(".py")]
    for each in files:
        with open(each, encoding="utf-8", errors="replace") as file:
            if re.search(r"down_revision.*['\"]%s['\"]" % re.escape(revision), file.read()):
                return each + " comes after"
    return "another one comes after"


def database(config, script):
    """what the version table says, read through env.py, so by the project's own settings"""
    from alembic.runtime.environment import EnvironmentContext

    found = {}

    def look(revision, context):
        connection = context.connection
        if connection is None:
            raise Problem("environment", "env.py gave Alembic no connection")
        found["dialect"] = connection.dialect.name
        found["where"] = place_of(connection.engine.url)
        found["takesBack"] = bool(context.impl.transactional_ddl)
        if connection.dialect.name == "sqlite":
            found["file"] = found["where"] = sqlite_file(connection)
        found["revisions"] = sorted(context.get_current_heads())
        return []

    with EnvironmentContext(config, script, fn=look, dont_mutate=True):
        script.run_env()
    if not found:
        raise Problem("environment", "env.py asked no database anything: it never came to context.run_migrations()")
    interrupted = found.get("file") and left_over(found["file"])
    if interrupted:
        found["interrupted"] = interrupted
    return found


def place_of(url):
    name = "" if url.database is None else url.database
    return "%s://%s%s/%s" % (url.drivername, url.host or "", ":%d" % url.port if url.port else "", name)


def sqlite_file(connection):
    raw = connection.connection.cursor()
    try:
        file = [row[2] for row in raw.execute("PRAGMA database_list").fetchall() if row[1] == "main"][0]
        if not file:
            raise Problem("nothing", "The database is in memory only: there is nothing that stays")
        if raw.execute("PRAGMA page_count").fetchone()[0] == 0:
            raise Problem("nothing", "The database %s is empty, or was not there: see that env.py names the right file" % file)
        return file
    finally:
        raw.close()


def known(script, revision):
    try:
        return script.get_revision(revision) is not None
    except Exception:
        return False


def current(config, script, request):
    state = database(config, script)
    state["heads"] = sorted(script.get_heads())
    state["unknown"] = [each for each in state["revisions"] if not known(script, each)]
    return state


def history(config, script, request):
    revisions = []
    for each in script.walk_revisions():
        if len(revisions) == request["most"]:
            break
        revisions.append({"revision": each.revision, "down": list(each._versioned_down_revisions), "doc": (each.doc or "").strip(), "file": each.path})
    return {"heads": sorted(script.get_heads()), "revisions": revisions}


def plan(config, script, request):
    state = current(config, script, request)
    interrupted = state.get("interrupted")
    if interrupted and request.get("label") and interrupted == during(state["file"], request["label"]):
        with held(interrupted):
            put_back(state["file"], request["label"])
            finished(state["file"], request["label"])
        state = current(config, script, request)
    if request["direction"] == "stamp":
        found = [] if request["to"] == "base" else script.get_revisions(request["to"])
        state.update(steps=[], after=sorted(each.revision for each in found if each))
        return state
    if state["unknown"]:
        raise Problem(
            "unknown",
            "The database %s is at %s, and there is no such revision among the files here, which end at %s"
            % (state["where"], ", ".join(state["unknown"]), ", ".join(state["heads"]) or "nothing"),
        )
    for each in script.walk_revisions():
        # Alembic breaks off at the first that has none; here it is a finding.
        for name in ("upgrade", "downgrade"):
            if not hasattr(each.module, name):
                setattr(each.module, name, None)
    walk = script._downgrade_revs if request["direction"] == "downgrade" else script._upgrade_revs
    steps = [] if already(script, state, request) else walk(request["to"], tuple(state["revisions"]))
    state["steps"] = [looked_at(step.revision) for step in steps]
    state["after"] = after(script, state["revisions"], steps, request["direction"])
    if steps and request.get("sql"):
        state.update(sql_of(config, state, request["direction"]))
    return state


def already(script, state, request):
    """where it stands there already: Alembic would say of that what is hard to understand"""
    to = request["to"]
    if to == "base":
        return not state["revisions"]
    if re.match(r".*[+-]\d+$", to):
        return False
    return sorted(each.revision for each in script.get_revisions(to) if each) == state["revisions"]


def after(script, revisions, steps, direction):
    heads = set(revisions)
    for step in steps:
        down = set(step.revision._versioned_down_revisions)
        if direction == "upgrade":
            heads = (heads - down) | {step.revision.revision}
        else:
            heads.discard(step.revision.revision)
            heads |= {each for each in down if not any(each in lineage(script, head) for head in heads)}
    return sorted(heads)


def lineage(script, head):
    return {each.revision for each in script.iterate_revisions(head, "base")}


def sql_of(config, state, direction):
    from alembic import command

    if len(state["revisions"]) > 1 or len(state["after"]) > 1:
        return {"sqlProblem": "the database is at several revisions"}
    start = state["revisions"][0] if state["revisions"] else "base"
    end = state["after"][0] if state["after"] else "base"
    buffer, former = io.StringIO(), config.output_buffer
    config.output_buffer = buffer
    try:
        getattr(command, direction)(config, start + ":" + end, sql=True)
        return {"sql": hidden(buffer.getvalue())[:LONGEST_SQL]}
    except (Exception, SystemExit) as e:
        return {"sqlProblem": hidden(last_words(e))}
    finally:
        config.output_buffer = former


# --- changes ----------------------------------------------------------------------------------


def act(config, script, request):
    from alembic import command

    state = database(config, script)
    answer, file = {}, state.get("file")
    if state["revisions"] != request["expected"]:
        raise Problem("moved", "The database %s is at %s now" % (state["where"], ", ".join(state["revisions"]) or "no revision"))
    if file:
        take_snapshot(file, request["label"])
    with held(during(file, request["label"])) if file else nullcontext():
        return changed(command, config, script, request, answer, file)


def changed(command, config, script, request, answer, file):
    try:
        run(command, config, request)
    except (Exception, SystemExit) as e:
        traceback.print_exc()
        answer["failed"] = hidden(last_words(e))
        if file:
            answer["halfDone"] = put_back(file, request["label"])
    try:
        answer["after"] = database(config, script)["revisions"]
    except Exception as e:
        answer["afterProblem"] = hidden(last_words(e))
    if file:
        answer["snapshot"] = finished(file, request["label"])
    return answer


def run(command, config, request):
    if request["verb"] == "stamp":
        command.stamp(config, request["to"], purge=request.get("purge", False))
    else:
        getattr(command, request["verb"])(config, request["to"])


def during(file, label):
    return file + ".during-" + label


@contextmanager
def held(copy):
    """for as long as its change goes on, also in a container that has outlived whoever started it"""
    with open(copy, "rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Problem("busy", "A former attempt of this change is still under way: it holds %s" % copy)
        yield


def left_over(file):
    directory, name = os.path.split(file)
    marks = [each for each in os.listdir(directory or ".") if each.startswith(name + ".during-") and not each.endswith(".part")]
    return os.path.join(directory, sorted(marks)[0]) if marks else None


def take_snapshot(file, label):
    """a name of its own while the change goes on: whoever finds it knows that it never came to an end"""
    need, free = os.path.getsize(file), shutil.disk_usage(os.path.dirname(file) or ".").free
    if free < need * 2:
        raise Problem("space", "Beside %s are %d MiB free, and two copies of it, which the change needs to be safe, take %d" % (file, free >> 20, need * 2 >> 20))
    if os.path.exists(during(file, label)):
        with held(during(file, label)):
            pass
    part = during(file, label) + ".part"
    copy(file, part)
    os.replace(part, during(file, label))


def copy(source, target):
    with closing(sqlite3.connect(source, timeout=30)) as here, closing(sqlite3.connect(target, timeout=30)) as there:
        here.backup(there)
    os.chmod(target, os.stat(source).st_mode & 0o777)


def put_back(file, label):
    half = file + ".half-done-" + label
    if os.path.exists(half):
        os.remove(half)
    try:
        copy(file, half)
        copy(during(file, label), file)
    except (OSError, sqlite3.Error) as e:
        raise Problem(
            "left",
            "The change failed half way, and what was before can't be put back into %s: %s. It is in %s" % (file, e, during(file, label)),
        )
    return half


def finished(file, label):
    kept = file + ".before-" + label
    os.replace(during(file, label), kept)
    return kept


# --- problems ---------------------------------------------------------------------------------

LOGIN = re.compile(r"password authentication failed|no pg_hba\.conf entry|no password supplied|role \"[^\"]*\" does not exist|database \"[^\"]*\" does not exist|permission denied|Access denied", re.I)


def last_words(e):
    text = str(e).strip() or type(e).__name__
    return re.sub(r"\s*(\(Background on this error at: .*\)|\[parameters: .*\])", "", text)


def problem_of(e):
    if isinstance(e, Problem):
        return {"kind": e.kind, "text": hidden(str(e))}
    names = {each.__name__ for each in type(e).__mro__}
    words = hidden(last_words(e))
    if "CommandError" in names or "RevisionError" in names:
        return {"kind": "revision", "text": words}
    if LOGIN.search(words):
        return {"kind": "login", "text": words}
    if names & {"OperationalError", "InterfaceError", "ConnectionError"}:
        return {"kind": "database", "text": words}
    return {"kind": "environment", "text": type(e).__name__ + ": " + words}


def main():
    request = json.loads(sys.argv[1])
    sys.argv = ["alembic"]
    answering = sys.stdout
    sys.stdout, sys.stderr = WithoutPasswords(sys.stdout), WithoutPasswords(sys.stderr)
    sys.path.insert(0, os.getcwd())
    try:
        config, script = project(request)
        answer = {"current": current, "history": history, "plan": plan, "act": act}[request["op"]](config, script, request)
    except (Exception, SystemExit) as e:
        if not isinstance(e, Problem):
            traceback.print_exc()
        answer = {"problem": problem_of(e)}
    sys.stdout.flush()
    answering.write("\n" + MARK + json.dumps(answer) + "\n")
    answering.flush()


main()
