"""What a program reads from its objects; written at the end, so that languages can be compared."""

from cdk8s import Duration


class Report:
    def __init__(self) -> None:
        self._lines: list[str] = []

    def text(self, name: str, value: str | None) -> None:
        self._lines.append(f"{name}: {'none' if value is None else value}")

    def number(self, name: str, value: float | None) -> None:
        self.text(name, None if value is None else f"{value:g}")

    def flag(self, name: str, value: bool) -> None:
        self.text(name, "true" if value else "false")

    def duration(self, name: str, value: Duration | None) -> None:
        self.text(name, None if value is None else value.to_human_string())

    def texts(self, name: str, values: list[str]) -> None:
        self.text(name, ", ".join(values))

    def map(self, name: str, values: dict[str, str]) -> None:
        for key in sorted(values):
            self.text(f"{name}.{key}", values[key])

    def numbers(self, name: str, values: dict[str, float]) -> None:
        for key in sorted(values):
            self.number(f"{name}.{key}", values[key])

    def write(self, file: str) -> None:
        with open(file, "w", encoding="utf-8", newline="") as out:
            out.write("\n".join(self._lines) + "\n")
