"""structs.py ASSEMBLY: states every property of every struct wrongly, wherever the API takes one.

Prints one line of JSON: how many mistakes were made; those that Python takes until the struct is passed on; those of which
nothing is said in the end; and nested dicts that do not become the struct that they say.
"""

import enum
import importlib
import json
import re
import sys

from cdk8s import App, Chart, Duration, Size
from cdk8s_bento import (
    Bento,
    BentoDeployment,
    CanaryStep,
    Capacity,
    ClaimRef,
    ExistingNodePool,
    Gpu,
    INodePool,
    ModelSource,
    Region,
    RequestMatch,
    Runner,
    RunnerPool,
    SecretRef,
    Version,
)
from constructs import Construct, IConstruct

MODULES = {"cdk8s-bento": "cdk8s_bento", "cdk8s": "cdk8s", "cdk8s-plus-27": "cdk8s_plus_27", "constructs": "constructs"}
CHART = Chart(App(), "structs")

# Values that get as far as TypeScript; others are only good enough for Python's own checks.
BENTO = Bento.from_image("registry.example.com/a:1", bento_service="A")
REAL = [
    BENTO,
    BentoDeployment(CHART, "Deployment", bento=BENTO),
    CanaryStep.weight(50, pause=Duration.minutes(1)),
    Capacity.on_demand(max_gpus=1),
    ClaimRef.named("a"),
    Duration.seconds(30),
    ExistingNodePool.of(name="a", node_labels={"a": "b"}),
    Gpu.NVIDIA_L4,
    ModelSource.hugging_face("a/a"),
    Region.aws("eu-west-1"),
    RequestMatch.header("a", "a"),
    Runner.url("http://a:3000"),
    RunnerPool(CHART, "Pool", bento=BENTO, bento_service="A"),
    SecretRef.named("a"),
    Size.gibibytes(1),
    Version.absent(),
]


def snake(name: str) -> str:
    name = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name)
    return re.sub(r"([A-Z]+)([A-Z][a-z]+)", r"\1_\2", name).lower()


class Api:
    def __init__(self, assembly: dict) -> None:
        # Submodules need more packages than ours.
        self.types = {fqn: type for fqn, type in assembly["types"].items() if "namespace" not in type}
        self.name = assembly["name"]

    def python(self, fqn: str):
        """The class of a type; those of submodules lie in modules of their own."""
        assembly, *path = fqn.split(".")
        module = importlib.import_module(".".join([MODULES[assembly], *map(snake, path[:-1])]))
        return getattr(module, path[-1])

    def is_struct(self, reference: dict) -> bool:
        return self.types.get(reference.get("fqn", ""), {}).get("datatype", False)

    def properties(self, fqn: str) -> dict:
        found = {}
        for parent in self.types[fqn].get("interfaces", []):
            # What cdk8s' own structs say is not ours.
            found.update(self.properties(parent) if parent in self.types else {})
        for prop in self.types[fqn].get("properties", []):
            found[prop["name"]] = prop
        return found

    def required(self, fqn: str) -> dict:
        properties = self.properties(fqn).values()
        return {snake(p["name"]): self.right(p["type"]) for p in properties if not p.get("optional")}

    def right(self, reference: dict):
        """A value of a type, good enough for Python's checks; it never gets further."""
        if "collection" in reference:
            element = self.right(reference["collection"]["elementtype"])
            return [element] if reference["collection"]["kind"] == "array" else {"key": element}
        primitive = reference.get("primitive")
        if primitive is not None:
            return {"string": "text", "number": 1, "boolean": True}.get(primitive, "anything")
        cls = self.python(reference["fqn"])
        if self.is_struct(reference):
            return cls(**self.required(reference["fqn"]))
        if cls in (Construct, IConstruct):
            return CHART
        if issubclass(cls, enum.Enum):
            return next(iter(cls))
        wanted = ExistingNodePool if cls is INodePool else cls
        real = [value for value in REAL if type(value) is wanted]
        if real:
            return real[0]
        proxy = getattr(cls, "__jsii_proxy_class__", None)
        return object.__new__((callable(proxy) and proxy()) or cls)

    def wrong(self, reference: dict) -> list:
        """Values that are not of a type, and which someone might write."""
        if "collection" in reference:
            element = reference["collection"]["elementtype"]
            if reference["collection"]["kind"] == "array":
                return [{"key": self.right(element)}, "text", *([value] for value in self.wrong(element))]
            return [[self.right(element)], "text", *({"key": value} for value in self.wrong(element))]
        primitive = reference.get("primitive")
        if primitive == "any":
            return []
        if primitive is not None:
            return [value for value in ("1", 1, {"value": 1}, ["text"], CHART) if not self.fits(primitive, value)]
        if self.is_struct(reference):
            return ["text", 1, {"no_such_property": 1}, [self.right(reference)], CHART.node]
        return ["text", 1, {"name": "text"}, [self.right(reference)], CHART.node]

    @staticmethod
    def fits(primitive: str, value) -> bool:
        return isinstance(value, {"string": str, "number": int, "boolean": bool}[primitive])

    def callables(self):
        """Each constructor and method that takes a struct: its name, a function, positionals and the struct."""
        for fqn, declared in self.types.items():
            name = fqn.split(".", 1)[1]
            if "initializer" in declared and not declared.get("abstract"):
                yield from self.callable(name, self.python(fqn), declared["initializer"])
            for method in declared.get("methods", []):
                function = getattr(self.python(fqn), snake(method["name"]))
                if not method.get("static"):
                    function = function.__get__(self.right({"fqn": fqn}))
                if declared["kind"] == "class":
                    yield from self.callable(f"{name}.{method['name']}", function, method)

    def callable(self, name: str, function, declared: dict):
        *first, last = declared.get("parameters", []) or [None]
        if last is not None and self.is_struct(last["type"]):
            yield name, function, [p["type"] for p in first], last["type"]["fqn"]


class Mistakes:
    def __init__(self) -> None:
        self.made = 0
        self.unsaid: list[str] = []

    def make(self, place: str, attempt, *words: str) -> None:
        """What is said must have one of the words: the property, or what was misspelled."""
        self.made += 1
        try:
            attempt()
        except Exception as error:
            if not any(word in str(error) for word in words):
                self.unsaid.append(f"{place}: {type(error).__name__}: {error}")
        else:
            self.unsaid.append(f"{place}: nothing")


def make_all(api: Api, takers) -> Mistakes:
    mistakes = Mistakes()
    for place, function, positionals, struct in takers:
        args = [api.right(reference) for reference in positionals]
        required = api.required(struct)
        mistakes.make(f"{place}(mispelled)", lambda: function(*args, **required, mispelled=1), "mispelled")
        for prop in api.properties(struct).values():
            keyword = snake(prop["name"])
            for value in api.wrong(prop["type"]):
                stated = {**required, keyword: value}
                words = ["no_such_property"] if value == {"no_such_property": 1} else [keyword, prop["name"]]
                mistakes.make(f"{place}({keyword}={kind(value)})", lambda: function(*args, **stated), *words)
    return mistakes


def kind(value) -> str:
    """A value without what is another one at each start."""
    if isinstance(value, list):
        return f"[{', '.join(map(kind, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {kind(inner)}" for key, inner in value.items()) + "}"
    return type(value).__name__


def structs(api: Api):
    """Structs themselves, which are nested in others."""
    for fqn, declared in api.types.items():
        if declared.get("datatype"):
            yield fqn.split(".", 1)[1], api.python(fqn), [], fqn


def dropped(api: Api) -> list[str]:
    """Where a nested dict does not become the struct that it says."""
    found = []
    for fqn, declared in api.types.items():
        if not declared.get("datatype"):
            continue
        for prop in api.properties(fqn).values():
            if not api.is_struct(prop["type"]):
                continue
            nested = api.required(prop["type"]["fqn"])
            value = api.python(fqn)(**{**api.required(fqn), snake(prop["name"]): nested})
            if not isinstance(getattr(value, snake(prop["name"])), api.python(prop["type"]["fqn"])):
                found.append(f"{fqn}.{prop['name']}")
    return found


with open(sys.argv[1], encoding="utf-8") as file:
    api = Api(json.load(file))
nested = make_all(api, structs(api))
passed = make_all(api, api.callables())
made = nested.made + passed.made
print(json.dumps({"made": made, "late": nested.unsaid, "unsaid": passed.unsaid, "dropped": dropped(api)}))
