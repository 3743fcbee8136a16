"""A conversation in the terminal: one screen a group of questions, Enter for all that is proposed.

What is typed is counted: how few keystrokes it takes is part of what this is for.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field

from rich.console import Console
from rich.table import Table
from rich.text import Text

from service.cli.show import GREEN, RED, YELLOW, fail
from service.setup.answers import NotUnderstood, understood
from service.setup.slot import Group, Make, Slot, Value, spoken, written

_CHOICES = 12


@dataclass(slots=True)
class Dialogue:
    """Speaks on `console`, listens on standard input."""

    console: Console
    prompts: int = 0
    keystrokes: int = 0
    values: dict[str, Value] = field(default_factory=dict)

    def go_through(self, group: Group) -> None:
        """One screen; its values are in `values` afterwards."""
        self.values |= {slot.key: slot.proposed for slot in group.slots if slot.key not in self.values}
        while True:
            self.show(group)
            answer = self.asked("Enter accepts; a number changes that line; q ends")
            if not answer:
                return
            number = int(answer) if answer.isascii() and answer.isdecimal() else 0
            if not 1 <= number <= len(group.slots):
                self.console.print(Text(f"a number from 1 to {len(group.slots)}, or Enter", style=RED))
                continue
            self._change(group.slots[number - 1])

    def _change(self, slot: Slot) -> None:
        choices = [word or "-" for word in slot.words] or [written(choice) for choice in slot.choices[:_CHOICES]]
        for number, choice in enumerate(choices, 1):
            meaning = slot.words.get("" if choice == "-" else choice, "")
            self.console.print(Text.assemble((f"  {number:>2}  ", "dim"), choice, (f"  {meaning}", "dim")))
        make = "; + NAME makes it" if slot.makes is not None else ""
        hint = "a number" if slot.words else "a number, or a name" if choices else "what it is"
        while True:
            answer = self.asked(f"{slot.label}: {hint}; - for nothing{make}; Enter leaves it")
            if not answer:
                return
            if choices and answer.isascii() and answer.isdecimal() and 1 <= int(answer) <= len(choices):
                answer = choices[int(answer) - 1]
            try:
                self.values[slot.key] = understood(slot, answer)
            except NotUnderstood as told:
                self.console.print(Text(str(told), style=RED), soft_wrap=True)
                continue
            return

    def show(self, group: Group) -> None:
        """The slots with what stands for each now."""
        self.console.print()
        self.console.print(Text(group.title, style="bold"))
        shown = Table(box=None, pad_edge=False, show_header=False)
        for justify in ("right", "left", "left"):
            shown.add_column(justify=justify, overflow="fold")
        for number, slot in enumerate(group.slots, 1):
            value = self.values.get(slot.key, slot.proposed)
            style = "dim" if value is None or value == "" else YELLOW if isinstance(value, Make) else GREEN
            shown.add_row(Text(f"{number}", style="dim"), slot.label, Text(spoken(slot, value), style=style))
        self.console.print(shown)

    def asked(self, question: str) -> str:
        """One answer; `q` and the end of the input end the command, having changed nothing."""
        self.prompts += 1
        self.console.print(Text(f"{question}: ", style="dim"), end="")
        line = sys.stdin.readline()
        if not line:
            self.console.print()
            fail("the answers ended before the questions did; nothing was changed (--accept takes every proposal)")
        self.keystrokes += len(line.rstrip("\r\n")) + 1
        answer = line.strip()
        if not sys.stdin.isatty():
            self.console.print(answer)
        if answer == "q":
            fail("ended by you; nothing was changed")
        return answer


def answers_of(text: str) -> Mapping[str, str]:
    """A file of answers: `key = answer` a line; `#` begins a remark."""
    lines = (line.strip() for line in text.splitlines())
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {key.strip(): answer.strip() for key, _, answer in pairs}
