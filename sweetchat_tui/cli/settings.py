"""`sweetchat config` and `sweetchat auth`: what is set, who set it, and the keys of providers."""

import json
import os
import sys
from typing import Annotated

import typer

from sweetchat_tui import config, keys, paths
from sweetchat_tui.cli import editing, wiring
from sweetchat_tui.errors import Misconfigured, Misused
from sweetchat_tui.files import why, write_private
from sweetchat_tui.lang import say

config_app = typer.Typer(no_args_is_help=True)
auth_app = typer.Typer(no_args_is_help=True)

_Profile = Annotated[
    str, typer.Argument(metavar="PROFILE", help=say("프로필 이름.", "Name of the provider's profile."))
]


@config_app.command("path", help=say("설정 파일이 있을 곳.", "Where the configuration is."))
def config_path(ctx: typer.Context) -> None:
    typer.echo(ctx.obj.file)


@config_app.command(
    "show", help=say("지금의 설정과 그것을 정한 곳.", "The settings in force, and who set them.")
)
def config_show(
    ctx: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help=say("JSON으로 내요.", "Print JSON."))] = False,
) -> None:
    settings = ctx.obj.settings()
    values = {name: getattr(settings, name) for name in config.SETTINGS}
    profiles = {
        name: {key: getattr(profile, key) for key in config.PROFILE_KEYS}
        for name, profile in settings.profiles.items()
    }
    if as_json:
        document = {"schema": 1, "settings": values, "origins": dict(settings.origins), "profiles": profiles}
        typer.echo(json.dumps(document, ensure_ascii=False))
        return
    for name, value in values.items():
        origin = settings.origins.get(name, say("기본값", "default"))
        typer.echo(f"{name} = {json.dumps(value, ensure_ascii=False)}  # {origin}")
    for name, profile in profiles.items():
        typer.echo(f"\n[provider.{name}]")
        for key, value in profile.items():
            typer.echo(f"{key} = {json.dumps(value, ensure_ascii=False)}")


@config_app.command(
    "init", help=say("기본값이 적힌 설정 파일을 만들어요.", "Write a file with the defaults.")
)
def config_init(ctx: typer.Context) -> None:
    file = ctx.obj.file
    if file.exists():
        raise Misconfigured(
            say(f"설정 파일이 이미 있어요: {file}", f"There is a configuration already: {file}"),
            say("고치기: sweetchat config edit", "To change it: sweetchat config edit"),
        )
    try:
        write_private(file, config.example())
    except OSError as e:
        raise Misconfigured(
            say(f"설정 파일을 만들 수 없어요: {file}", f"The configuration cannot be written: {file}"),
            why(e),
        ) from None
    typer.echo(file)


config_app.command(
    "edit",
    help=say(
        "설정을 편집기로 고쳐요. 맞을 때만 바뀌어요.", "Edit the settings; they change only when right."
    ),
)(editing.edit)


@auth_app.command(
    "set", help=say("키를 저장해요(묻거나, 파이프로).", "Store a key (asked for, or piped in).")
)
def auth_set(ctx: typer.Context, profile: _Profile = "openai") -> None:
    chosen = wiring.named_profile(ctx.obj.settings(), profile)
    if sys.stdin.isatty():
        prompt = say(f"{chosen.host}의 키(보이지 않아요)", f"Key for {chosen.host} (not shown)")
        value = typer.prompt(prompt, hide_input=True, err=True)
    else:
        value = sys.stdin.readline()
    keys.store(chosen, value, paths.credentials_file())
    typer.echo(
        say(f"{chosen.host}에만 쓰도록 저장했어요: ", f"Stored, for {chosen.host} only: ")
        + str(paths.credentials_file()),
        err=True,
    )


@auth_app.command("status", help=say("어떤 키가 어디에서 왔는지.", "Which keys there are, and from where."))
def auth_status(ctx: typer.Context) -> None:
    for name, profile in ctx.obj.settings().profiles.items():
        key = keys.find(profile, os.environ, paths.credentials_file())
        found = say("없음", "none") if key is None else f"{'•' * 8} ({key.origin})"
        typer.echo(f"{name}\t{profile.host}\t{found}")


@auth_app.command("remove", help=say("저장한 키를 지워요.", "Forget a stored key."))
def auth_remove(ctx: typer.Context, profile: _Profile = "openai") -> None:
    chosen = wiring.named_profile(ctx.obj.settings(), profile)
    if not keys.remove(chosen, paths.credentials_file()):
        raise Misused(say(f"저장된 {profile} 키가 없어요.", f"There is no stored key for {profile}."))
    typer.echo(say("지웠어요.", "Removed."), err=True)
