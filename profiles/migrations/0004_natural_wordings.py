"""Wordings of facts are natural German from here on: no ~ * | … any more."""

import re
from itertools import islice, product

from django.db import migrations

MOST_LINES = 60  # that one line with alternatives becomes
LONGEST = 8000  # characters of the field


def natural(lines: str) -> str:
    """Lines of the notation as lines without it: alternatives written out, endings and any letters left to the analyser.

    Words may still stand where "…" let them, since a little word inside a wording does that now. What cannot be said
    without a sign (digits, a part of a word before and after any letters) is left out.
    """
    found = []
    for line in lines.replace("...", "…").splitlines():
        words = [[_bare(each) for each in word.split("|") if each] for word in line.strip(" …").split()]
        found += [" ".join(choice) for choice in islice(product(*words), MOST_LINES) if all(choice)]
    said = ""
    for line in dict.fromkeys(filter(None, found)):
        if len(said) + len(line) < LONGEST:
            said += f"{line}\n"
    return said.strip()


def _bare(word: str) -> str:
    if word == "…":
        return "und"
    word = word.strip("*~")
    return "" if re.search(r"[*~#]", word) else word


def write_out(apps, schema_editor):
    facts = apps.get_model("profiles", "Fact").objects.using(schema_editor.connection.alias)
    for fact in facts.all():
        wordings, exceptions = natural(fact.wordings), natural(fact.exceptions)
        if (wordings, exceptions) != (fact.wordings, fact.exceptions):
            facts.filter(pk=fact.pk).update(wordings=wordings, exceptions=exceptions, is_followed=False)


class Migration(migrations.Migration):

    dependencies = [
        ('profiles', '0003_wordings_of_facts'),
    ]

    operations = [
        migrations.RunPython(write_out, migrations.RunPython.noop),
    ]
