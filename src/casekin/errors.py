"""Every error casekin raises on purpose: one root, a class for each thing a caller may handle apart.

A message names what was wrong, what was expected, what was got, and the remedy. It never holds patient data: no
report text, no header values that identify a person, no pixel. Doors map the classes to exit codes and HTTP statuses.
"""


class CasekinError(Exception):
    """Root of all errors that casekin raises on purpose."""


class InputError(CasekinError):
    """A file, record or argument from outside is not what its format promises."""


class ImageError(InputError):
    """An image can't be read: unsupported, damaged, inconsistent, or larger than the limits allow."""


class NotComparableError(ImageError):
    """A sound file that compares with no image, since it shows no patient: labels, doses, a report, a slide."""


class ManifestError(InputError):
    """A row of a manifest, report file or query file is malformed; the message names file and row."""


class PlaceError(InputError):
    """A string names no known anatomy; the message lists the nearest names."""


class FindingError(InputError):
    """A string names no known finding; the message lists the nearest names."""


class FilterError(InputError):
    """A `--where` expression can't be parsed; the message points at the position."""


class IndexStoreError(CasekinError):
    """An index can't be opened, is of another version, or disagrees with itself."""


class SiteError(CasekinError):
    """What the site keeps beside its cases (audit log, jobs, collections, kept files) can't be read or written."""


class ModelError(CasekinError):
    """Model weights are missing, damaged (hash mismatch) or of the wrong shape."""


class DependencyError(CasekinError):
    """An optional package is needed for this call; the message gives the install command."""
