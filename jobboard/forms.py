"""Forms of the accounts."""

from django import forms


class SignupForm(forms.Form):
    """What allauth's registration asks besides address and password."""

    name = forms.CharField(
        label="Ihr Name", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}), required=True
    )
    field_order = ["name", "email", "password1"]

    def signup(self, request, user):
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])
