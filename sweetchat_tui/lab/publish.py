"""A trained checkpoint to the Hub: what goes, and that it may go. Nothing that is not named here goes."""

import os
from dataclasses import dataclass
from pathlib import Path

from sweetchat_tui.classifiers import checkpoint, hub, hub_cache, hub_failures, labels, prepared
from sweetchat_tui.errors import KeyRefused, Misused, NotThere, Unreadable
from sweetchat_tui.lab import card
from sweetchat_tui.lang import say

FILES = (
    "config.json",
    "model.safetensors",
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "vocab.txt",
    "merges.txt",
    "evaluation.json",
    "training.json",
)
_EVALUATE = "sweetchat lab evaluate {folder} --data 폴더 -o {folder}"


@dataclass(frozen=True, slots=True)
class Parcel:
    """What would go."""

    repository: str
    files: tuple[Path, ...]
    card: str
    """Goes as README.md."""

    @property
    def bytes(self) -> int:
        """Of everything."""
        return sum(path.stat().st_size for path in self.files) + len(self.card.encode())


def pack(folder: Path, repository: str, licence: str | None = None) -> Parcel:
    """What publishing a folder means. Asks no network.

    Args:
        licence: of the weights, as the Hub names it; None is that of the encoder it was trained from.

    Raises:
        NotThere: it holds no checkpoint in safetensors, or figures are missing.
        Unreadable: its labels or its figures are broken.
        Misused: the figures are those of other weights or of what was learnt, `repository` is no name, or
            nobody has said under which licence it stands.
    """
    if "/" not in repository or "@" in repository:
        raise Misused(
            say(f"Hub의 이름이 아니에요: {repository}", f"This is no name for the Hub: {repository}"),
            "--to OWNER/NAME",
        )
    hub_cache.wanted_by(repository)
    found = checkpoint.find(folder)
    labels.read(found.config)
    if found.kind != "safetensors":
        raise NotThere(
            say(f"model.safetensors가 없어요: {folder}", f"There is no model.safetensors in {folder}."),
            say("lab train이 만든 폴더를 주세요.", "Give a folder that lab train made."),
        )
    evaluation = card.read(folder, "evaluation.json")
    hint = _EVALUATE.format(folder=folder)
    if missing := card.missing(evaluation):
        raise NotThere(
            say(
                f"재 보지 않은 모델은 내놓지 않아요. 없는 수치: {', '.join(missing)}",
                f"What was not measured is not published. Missing: {', '.join(missing)}",
            ),
            hint,
        )
    if evaluation.get("seen") == "yes":
        raise Misused(
            say(
                "배운 문장에서 잰 수치는 내놓지 않아요.",
                "Figures on the sentences that it learnt from are not published.",
            ),
            hint,
        )
    if evaluation.get("weights") != prepared.digest(found.weights):
        raise Misused(
            say("evaluation.json은 다른 가중치의 것이에요.", "evaluation.json is about other weights."), hint
        )
    training = card.read(folder, "training.json")
    licence = licence or card.LICENCES.get(str(training.get("base")))
    if licence is None:
        raise Misused(
            say("어떤 라이선스로 내놓을지 알 수 없어요.", "Nobody said under which licence it stands."),
            say(
                "바탕 모델의 라이선스를 --license로 적어 주세요(예: --license cc-by-sa-4.0).",
                "Give that of the encoder it was trained from, such as --license cc-by-sa-4.0.",
            ),
        )
    try:
        written = card.card(repository, evaluation, training, licence)
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise Unreadable(
            say(
                f"evaluation.json이나 training.json이 망가졌어요: {folder}",
                f"The evaluation.json or training.json in {folder} is broken.",
            ),
            hint,
        ) from error
    files = tuple(folder / name for name in FILES if (folder / name).is_file())
    return Parcel(repository, files, written)


def token() -> str:
    """The person's token, with which `send` writes.

    Raises:
        Unreachable: the person forbade the network.
        KeyRefused: there is none.
    """
    # Read when the Hub's client is imported. Its chunked transport would need its maker's own servers.
    os.environ["HF_HUB_DISABLE_XET"] = "1"
    # 20 ms: the Hub's client, as far as its settings.
    from huggingface_hub import constants, get_token

    if constants.HF_HUB_OFFLINE:
        raise hub_failures.offline()
    found = get_token()
    if not found:
        raise KeyRefused(
            say("Hub의 토큰이 없어요.", "There is no token of the Hub."),
            say(
                "쓰기 권한이 있는 토큰을 HF_TOKEN에 넣어 주세요.", "Put a token that may write into HF_TOKEN."
            ),
        )
    return str(found)


def send(parcel: Parcel, key: str, *, private: bool) -> str:
    """Put everything on the Hub in one commit.

    Args:
        key: as `token` finds it.

    Returns:
        Its address.

    Raises:
        KeyRefused: the token may not write.
        Misused: it was to be private, and the repository is public.
        Unreachable, TryLater: the Hub cannot be reached, or has no time.
    """
    # 400 ms: the rest of the Hub's client.
    from huggingface_hub import CommitOperationAdd, HfApi

    endpoint = hub.address()
    with hub.told(parcel.repository, endpoint):
        api = HfApi(endpoint=endpoint, token=key)
        address = api.create_repo(parcel.repository, private=private, exist_ok=True)
        # Of one that is there already, the Hub leaves it as public as it was.
        if private and not api.model_info(parcel.repository, token=key).private:
            raise Misused(
                say(
                    f"이미 모두에게 열려 있는 저장소예요: {parcel.repository}",
                    f"This repository is there already, and public: {parcel.repository}",
                ),
                say(
                    "Hub에서 비공개로 바꾸거나 다른 이름을 써 주세요. 아무것도 올리지 않았어요.",
                    "Make it private on the Hub, or use another name. Nothing was uploaded.",
                ),
            )
        operations = [CommitOperationAdd(path.name, path) for path in parcel.files]
        operations.append(CommitOperationAdd(card.FILE, parcel.card.encode()))
        api.create_commit(parcel.repository, operations, commit_message="Publish with sweetchat lab")
    return str(address)
