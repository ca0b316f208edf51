"""The commands, the options that all of them share, and how a failure is told."""

import os
import re
import sys
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer
from typer._click.exceptions import NoArgsIsHelpError

from sweetchat_tui import __version__, paths
from sweetchat_tui.cli import helping, showing
from sweetchat_tui.config import Config, read
from sweetchat_tui.errors import Misused, SweetchatError
from sweetchat_tui.lang import LANGUAGES, say
from sweetchat_tui.text import clean

app = typer.Typer(
    name="sweetchat",
    help=say(
        "마음을 읽고 친구처럼 대답하는 터미널 대화. 명령 없이 쓰면 대화 화면이 열려요.",
        "A terminal chat that reads your feelings and answers as a friend. Without a command, the app opens.",
    ),
    epilog=say(
        "종료 코드: 0 성공 · 1 예상 밖의 오류 · 2 사용법 · 65 읽을 수 없는 입력 · 66 없는 파일 · "
        "69 서버에 닿지 못함 · 74 디스크에 쓸 수 없음 · 75 나중에 다시 · 77 키나 암호 · 78 설정 · 130 중단",
        "Exit codes: 0 done · 1 unexpected · 2 usage · 65 unreadable input · 66 not there · 69 unreachable · "
        "74 unwritable · 75 try later · 77 key or passphrase · 78 configuration · 130 interrupted",
    ),
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@dataclass(frozen=True, slots=True)
class _Command:
    """A command, or a group of them, and where it is to be found."""

    place: str
    """Module below `cli`, and the function or the group in it: `history.app`."""
    ko: str
    en: str
    group: bool = False


_COMMANDS = {
    "chat": _Command("chat.chat", "대화 화면을 열어요.", "Open the app."),
    "classify": _Command("classify.classify", "글의 감정을 읽어요.", "Read the emotion of texts."),
    "ask": _Command("ask.ask", "한마디 건네고 대답을 받아요.", "Say one thing and get the answer."),
    "emotions": _Command("emotions.emotions", "58가지 감정.", "The 58 emotions."),
    "history": _Command("history.app", "지난 대화.", "Past conversations.", group=True),
    "mood": _Command("mood.mood", "그동안 마음이 어땠는지.", "How it has been."),
    "models": _Command("models.app", "감정 모델.", "Classifiers.", group=True),
    "config": _Command("settings.config_app", "설정.", "Settings.", group=True),
    "auth": _Command("settings.auth_app", "대답하는 서버의 키.", "Keys of providers.", group=True),
    "doctor": _Command("doctor.doctor", "무엇이 잘 되고 무엇이 문제인지.", "What works, and what does not."),
    "serve": _Command("serve.serve", "대화 화면을 브라우저에서 열어요.", "The app in a browser."),
    "lab": _Command("lab.app", "감정 모델을 만드는 곳.", "Where classifiers are made.", group=True),
}
COMMANDS: Sequence[str] = tuple(_COMMANDS)
_COMPLETING = "_SWEETCHAT_COMPLETE"
"""The variable by which a shell asks for completions, of which it names none."""


def _load(wanted: Sequence[str]) -> None:
    """Make these commands known. Loading all takes 25 ms, a sixth of what reading one text takes."""
    for name in wanted:
        command = _COMMANDS[name]
        module, _, member = command.place.rpartition(".")
        found = getattr(import_module(f"sweetchat_tui.cli.{module}"), member)
        told = say(command.ko, command.en)
        if command.group:
            app.add_typer(found, name=name, help=told)
        else:
            app.command(name, help=told)(found)


@dataclass(frozen=True, slots=True)
class Invocation:
    """What the common options say about this run."""

    config: Path | None
    """The file that the person named; None means the usual place."""
    quiet: bool
    flags: dict[str, str | None] = field(default_factory=dict)

    def tell(self, sentence: str) -> None:
        """Say something that is not data, unless the person wants quiet."""
        if not self.quiet:
            typer.echo(clean(sentence), err=True)

    def settings(self, **flags: str | None) -> Config:
        """The settings in force for a command with these flags."""
        return read(self.file, os.environ, self.flags | flags, named=self.file != paths.config_file())

    @property
    def file(self) -> Path:
        """Where the configuration is, or would be."""
        named = self.config or os.environ.get("SWEETCHAT_CONFIG")
        return Path(named) if named else paths.config_file()


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"sweetchat {__version__}")
        raise typer.Exit


@app.callback()
def root(
    ctx: typer.Context,
    config: Annotated[
        Path | None, typer.Option("--config", help=say("설정 파일.", "Configuration file."))
    ] = None,
    language: Annotated[
        str | None, typer.Option("--lang", metavar="ko|en", help=say("언어.", "Language."))
    ] = None,
    debug: Annotated[  # noqa: ARG001 - `run` looks for it among the words
        bool, typer.Option("--debug", help=say("오류의 자세한 흔적을 보여요.", "Show tracebacks."))
    ] = False,
    quiet: Annotated[
        bool, typer.Option("-q", "--quiet", help=say("데이터만 말해요.", "Say nothing but data."))
    ] = False,
    no_color: Annotated[
        bool, typer.Option("--no-color", help=say("색을 쓰지 않아요.", "Use no colour."))
    ] = False,
    version: Annotated[  # noqa: ARG001 - its callback has printed and left
        bool, typer.Option("--version", callback=_version, is_eager=True, help=say("판 번호.", "Version."))
    ] = False,
) -> None:
    if language is not None and language not in LANGUAGES:
        raise Misused(
            say(f"모르는 언어예요: {language}", f"Unknown language: {language}"),
            say("ko와 en이 있어요.", "There are ko and en."),
        )
    if no_color:
        os.environ["NO_COLOR"] = "1"  # what draws, here and in libraries, looks for this
    ctx.obj = Invocation(config, quiet, {"lang": language})
    # Where a broken one is mended, and told of, and where help for someone in danger comes first.
    if ctx.invoked_subcommand not in ("config", "doctor", "ask"):
        ctx.obj.settings()


def run(common: Sequence[str], words: Sequence[str]) -> int:
    """Run one command; its exit code. The only place that tells a person of a failure.

    Args:
        common: the options that all commands share.
        words: the command and what is for it.
    """
    as_json = "--json" in words
    one = words[0] in _COMMANDS and _COMPLETING not in os.environ
    try:
        helping.set_up()
        _load(words[:1] if one else COMMANDS)
        result = app([*common, *words], prog_name="sweetchat", standalone_mode=False)
        sys.stdout.flush()
    except SweetchatError as error:
        if "--debug" in common:
            traceback.print_exc()
        showing.failure(error, as_json=as_json)
        return error.exit_code
    except typer.TyperException as error:
        if isinstance(error, NoArgsIsHelpError) and not as_json:
            typer.echo(error.format_message(), err=True)
            return Misused.exit_code
        showing.failure(_misused(error), as_json=as_json)
        return Misused.exit_code
    except (BrokenPipeError, SystemExit) as ended:
        # Typer ends the process on a closed pipe, and after completing a word for a shell.
        if isinstance(ended, SystemExit) and not isinstance(ended.__context__, BrokenPipeError):
            raise
        # Whoever read us has what they wanted. The interpreter flushes once more on its way out.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 0
    except (KeyboardInterrupt, typer.Abort):
        return 130
    except Exception as error:  # noqa: BLE001 - the edge: a bug still ends in one sentence
        if "--debug" in common:
            traceback.print_exc()
        showing.failure(
            SweetchatError(
                say("예상하지 못한 오류가 났어요", "Something unexpected went wrong")
                + f": {type(error).__name__}",
                say("--debug를 붙이면 자세히 볼 수 있어요.", "Add --debug to see where."),
            ),
            as_json=as_json,
        )
        return 1
    return result if isinstance(result, int) else 0


_USAGE_KO = (
    (r"No such option: (\S+)(.*)", r"없는 옵션이에요: \1\2"),
    (r"No such command '(.*)'\.(.*)", r"없는 명령이에요: \1\2"),
    (r"Got unexpected extra argument\w*\(?s?\)? \((.*)\)", r"남는 인자가 있어요: \1"),
    (r"Missing command\.", "명령이 없어요."),
    (r"Missing (?:argument|option|parameter)[: ]*'?(.*?)'?\.?", r"꼭 있어야 하는 것이 없어요: \1"),
    (r"Option '?(\S+?)'? requires an argument\.", r"\1 뒤에 값이 있어야 해요."),
    (r"Option '?(\S+?)'? does not take a value\.", r"\1에는 값을 붙일 수 없어요."),
    (
        r"Invalid value for (.*?): (\S+) is not in the range (.*?)\.",
        r"\1의 값이 맞지 않아요: \2 (\3이어야 해요)",
    ),
    (r"Invalid value for (.*?): (.*) is not one of (.*)\.", r"\1의 값이 맞지 않아요: \2 (있는 것: \3)"),
    (
        r"Invalid value for (.*?): (.*) is not a valid int.*",
        r"\1의 값이 맞지 않아요: \2 (숫자를 적어요)",
    ),
    (r"Invalid value for (.*?): (.*) does not match the formats? .*", r"\1의 값이 맞지 않아요: \2"),
    (r"Invalid value for (.*?): (.*)", r"\1의 값이 맞지 않아요: \2"),
)


def _misused(error: typer.TyperException) -> Misused:
    """A mistake on the command line, said in the language in use."""
    message = ko = clean(error.format_message())
    for pattern, replacement in _USAGE_KO:
        if match := re.fullmatch(pattern, message, re.DOTALL):
            ko = (
                match.expand(replacement)
                .replace("Did you mean", "혹시")
                .replace("(Possible options:", "(혹시")
            )
            break
    if re.search("'.*[ㄱ-ㆎ가-힣]", message) and "such command" in message:
        return Misused(say(ko, message), say("한마디 건네기: ", "To say it: ") + 'sweetchat ask "…"')
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "sweetchat"
    return Misused(say(ko, message), say(f"쓰는 법: {command} --help", f"See {command} --help."))
