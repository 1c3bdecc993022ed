"""What every template may use."""

from django.conf import settings


def site(request):
    operator = settings.OPERATOR
    return {
        "operator": {**operator, "address_lines": operator["address"].split("|")},
        "base_url": settings.BASE_URL,
        "demo": settings.DEMO,
        "staff_second_factor": settings.STAFF_SECOND_FACTOR,
    }
