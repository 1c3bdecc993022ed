"""A JobPosting as the career pages of firms hold them."""


def posting(**fields) -> dict:
    """A complete one; None leaves a property out."""
    data = {
        "@context": "https://schema.org/",
        "@type": "JobPosting",
        "title": "IT-Projektkoordination (m/w/d)",
        "identifier": {"@type": "PropertyValue", "name": "Hasewerk GmbH", "value": "4711"},
        "url": "https://www.hasewerk.de/stellen/4711",
        "hiringOrganization": {"@type": "Organization", "name": "Hasewerk GmbH"},
        "datePosted": "2026-11-01",
        "description": (
            "<h3>Ihre Aufgaben</h3><ul><li>Termine, Beteiligte und Entscheidungen zusammenhalten</li>"
            "<li>Statusberichte schreiben, die jemand liest</li></ul>"
            "<h3>Ihr Profil</h3><p>Sie haben schon ein IT-Projekt begleitet, gleich in welcher Rolle.</p>"
            "<h3>Wir bieten</h3><p>Zeit zum Einarbeiten und 30 Tage Urlaub.</p>"
        ),
        "employmentType": ["FULL_TIME"],
        "workHours": "40 Stunden pro Woche",
        "jobLocation": {
            "@type": "Place",
            "address": {
                "@type": "PostalAddress",
                "streetAddress": "Hafenstraße 5",
                "postalCode": "49074",
                "addressLocality": "Osnabrück",
                "addressCountry": "DE",
            },
        },
        "baseSalary": {
            "@type": "MonetaryAmount",
            "currency": "EUR",
            "value": {"@type": "QuantitativeValue", "minValue": 3500, "maxValue": 4200, "unitText": "MONTH"},
        },
        "validThrough": None,
        "applicationContact": {"@type": "ContactPoint", "email": "bewerbung@hasewerk.de"},
        "experienceRequirements": None,
        "educationRequirements": None,
        "experienceInPlaceOfEducation": None,
        "jobLocationType": None,
        "applicantLocationRequirements": None,
        "jobStartDate": None,
        "skills": None,
        "responsibilities": None,
        **fields,
    }
    return {name: value for name, value in data.items() if value is not None}
