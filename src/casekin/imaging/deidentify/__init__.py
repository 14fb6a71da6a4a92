"""De-identification: pseudonyms, the standard's confidentiality profile, text burnt into pixels, names in reports.

Importing this package loads no pydicom; `profile` and `files` do.
"""

from casekin.imaging.deidentify.pseudonyms import Pseudonymizer

__all__ = ["Pseudonymizer"]
