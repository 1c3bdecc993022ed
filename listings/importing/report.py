"""What an import has done, or would do, in words for whoever has started it."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from jobboard.templatetags.board import amount
from listings.importing.postings import Posting
from listings.importing.storing import Import, Outcome

SHOWN = 30  # so many of one kind are told one by one
NAMED = 5  # and so many of those that a note is about
STEPS = {
    "draft": "Entwurf",
    "submit": "eingereicht, wartet auf Prüfung",
    "publish": "veröffentlicht",
    "live": "gleich sichtbar",
    "waiting": "Änderung wartet auf Prüfung",
}
HEADINGS = {
    "new": "Neu",
    "changed": "Geändert",
    "unchanged": "In der Datei unverändert",
    "left_out": "Nicht übernommen",
}


def lines(done: Import, *, dry_run: bool = False, everything: bool = False) -> Iterator[str]:
    """The report; `everything`: each ad, however many there are."""
    kinds = Counter(outcome.kind for outcome in done.outcomes)
    yield (
        f"{'Probelauf, nichts geschrieben: ' if dry_run else ''}{_ads(len(done.outcomes))} für {done.employer}: "
        f"{amount(kinds['new'])} neu, {amount(kinds['changed'])} geändert, {amount(kinds['unchanged'])} unverändert, "
        f"{amount(kinds['left_out'])} nicht übernommen"
    )
    if kinds.keys() == {"unchanged"}:
        yield "Die Datei sagt nichts Neues."
    for kind, heading in HEADINGS.items():
        found = [each for each in done.outcomes if each.kind == kind]
        if kind == "unchanged":  # of these only what goes a step further, or would if something were not missing
            found = [each for each in found if each.is_to_be_submitted]
        if found:
            yield ""
            yield f"{heading}:"
            yield from _some([_outcome(each) for each in found], everything)
    notes: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in done.outcomes:
        for note in outcome.notes:
            notes[note].append(outcome)
    if notes:
        yield ""
        yield "Hinweise:"
        entries = sorted(notes.items(), key=lambda entry: -len(entry[1]))
        yield from _some([_note(note, of, len(done.outcomes)) for note, of in entries], everything)
    if questions := done.places.questions():
        yield ""
        yield "Orte, die zu klären sind; beim nächsten Aufruf mit einer dieser Angaben:"
        yield from _some([_question(*each) for each in questions], everything)
    if done.missing:
        yield ""
        yield "Nicht mehr in der Datei; ob sie zurückgezogen werden, entscheidet die Firma:"
        yield from _some([[f"  {ad} [{ad.external_id}]: {ad.get_status_display()}"] for ad in done.missing], everything)


def _ads(number: int) -> str:
    return "1 Stelle" if number == 1 else f"{amount(number)} Stellen"


def _some(entries: list[list[str]], everything: bool) -> Iterator[str]:
    shown = entries if everything else entries[:SHOWN]
    for entry in shown:
        yield from entry
    if len(entries) > len(shown):
        yield f"  … und {amount(len(entries) - len(shown))} weitere (alle mit --verbosity 2)"


def _note(note: str, of: list[Outcome], total: int) -> list[str]:
    """With the names of those it is about, where they are a few of many."""
    named = of if len(of) <= NAMED and len(of) < total else []
    return [f"  {note} ({_ads(len(of))})", *(f"    {_name(outcome.posting)}" for outcome in named)]


def _name(posting: Posting) -> str:
    return f"Zeile {posting.line}: {posting.title[:100]} [{posting.external_id}]"


def _outcome(outcome: Outcome) -> list[str]:
    step = STEPS.get(outcome.step, "")
    if outcome.step == "draft" and outcome.reasons:
        step = "bleibt vorerst Entwurf"
    found = [f"  {_name(outcome.posting)}{f': {step}' if step else ''}"]
    found += [f"    {row.label}: {_short(row.old)} → {_short(row.new)}" for row in outcome.rows]
    return found + [f"    {reason}" for reason in outcome.reasons]


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 80 else f"{line[:79]}…"


def _question(where, times, choices) -> list[str]:
    found = [f"  „{where}“ ({_ads(times)})" + ("" if choices else ": diesen Ort kennen wir in Deutschland nicht")]
    return found + [f'    --place "{where}={place.pk}"   {words}' for place, words in choices]
