"""What a browser shows and sends on the screen of a city page; shared by the tests of the editors' side."""

from django.urls import reverse

MÜNSTER, GÜTERSLOH = 2867543, 2913366
SENTENCE = "Wer hier anfängt, verdient 2.800 bis 3.400 Euro."
NEW = "Wer hier neu anfängt, verdient 2.800 bis 3.400 Euro."
LIVE = {"headers": {"HX-Request": "true"}}


def change_page(row):
    return reverse(f"admin:profiles_{row._meta.model_name}_change", args=[row.pk])


def publish_page(edition):
    return reverse("admin:profiles_edition_publish", args=[edition.pk])


def typed(client, edition, **changes):
    """What a browser would send back of the edition's page, with `changes` (figures__0__evidence=…)."""
    page = client.get(change_page(edition)).context
    data = {"version": page["edition"].version, "base": page["base"], **dict(_values(page["form"]))}
    for formset in page["formsets"].values():
        for form in [formset.management_form, *formset.forms]:
            data |= dict(_values(form))
    return data | {name.replace("__", "-"): value for name, value in changes.items()}


def sent_back(page):
    """What the browser would send of a page that came back."""
    parts = [form for each in page.context["formsets"].values() for form in [each.management_form, *each.forms]]
    return {name: value for form in [page.context["form"], *parts] for name, value in _values(form)}


def fresh(edition):
    return type(edition).objects.get(pk=edition.pk)


def post(client, edition, data, **options):
    return client.post(change_page(edition), data, **options)


def _values(form):
    for field in form:
        value = field.value()
        yield field.html_name, "" if value is None or value is False else value


def one_more(prefix, data, **fields):
    """`data` with another row in the formset `prefix`."""
    index = int(data[f"{prefix}-TOTAL_FORMS"])
    row = {f"{prefix}-{index}-{name}": value for name, value in fields.items()}
    return data | row | {f"{prefix}-TOTAL_FORMS": index + 1}


def save(client, edition, button="_continue", **changes):
    return client.post(change_page(edition), {**typed(client, edition, **changes), button: "1"}, follow=True)
