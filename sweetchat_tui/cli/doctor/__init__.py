"""`sweetchat doctor`: what is set up, what is wrong, and what to do about it.

    rows         what is said of one thing
    machine      the program, the terminal, what is installed
    belongings   the person's files
    voices       what reads and what answers

Makes no file and no folder, and asks no network unless it is told to.
"""

from typing import Annotated

import typer

from sweetchat_tui.cli import options, showing
from sweetchat_tui.cli.doctor.rows import Row, State
from sweetchat_tui.config import Config
from sweetchat_tui.errors import SweetchatError
from sweetchat_tui.lang import say
from sweetchat_tui.text import clean


def doctor(
    ctx: typer.Context,
    online: Annotated[
        bool,
        typer.Option("--online", help=say("대답하는 서버에 닿는지도 봐요.", "Ask the provider, too.")),
    ] = False,
    as_json: options.AsJson = False,
) -> None:
    # 130 ms: numpy, sqlite3 and what looks at them.
    from sweetchat_tui.cli.doctor import belongings, machine, voices

    in_force: Config | SweetchatError
    try:
        in_force = ctx.obj.settings()
    except SweetchatError as error:
        in_force = error
    usable = in_force if isinstance(in_force, Config) else Config()
    rows = [
        machine.program(),
        machine.terminal(),
        belongings.settings(ctx.obj.file, in_force),
        voices.provider(usable, online=online),
        voices.classifier(usable),
        belongings.journal(),
        belongings.folders(),
        belongings.disk(),
        machine.extras(),
    ]
    if as_json:
        typer.echo(showing.dumps({"schema": 1, "rows": [_document(row) for row in rows]}))
    else:
        for row in rows:
            _tell(row)
        _sum_up(rows)
    raise typer.Exit(next((row.exit_code for row in rows if row.state == "broken"), 0))


def _tell(row: Row) -> None:
    states: dict[State, str] = {
        "fine": say("좋음", "fine"),
        "look": say("확인", "look"),
        "broken": say("고장", "broken"),
    }
    typer.echo(f"[{states[row.state]}] {row.title}: {clean(row.told)}")
    if row.hint:
        typer.echo(f"  → {clean(row.hint)}")


def _sum_up(rows: list[Row]) -> None:
    wrong = sum(row.state == "broken" for row in rows)
    unsure = sum(row.state == "look" for row in rows)
    if wrong:
        told = say(
            f"고칠 것이 {wrong}개 있어요. → 를 따라 해 보세요.", f"{wrong} to mend: follow the arrows."
        )
    elif unsure:
        told = say("다 잘 돼요. 한번 볼 만한 것만 적어 뒀어요.", "All works; some things deserve a look.")
    else:
        told = say("다 잘 돼요.", "All is well.")
    typer.echo(told, err=True)


def _document(row: Row) -> dict[str, object]:
    return {
        "name": row.name,
        "state": row.state,
        "told": clean(row.told),
        "hint": clean(row.hint),
        "facts": dict(row.facts),
    }
