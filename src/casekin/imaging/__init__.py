"""Reading the outside world's images: DICOM, NIfTI, PNG and JPEG in, `MedicalImage` out, `ImageError` otherwise.

Importing this package loads neither pydicom nor nibabel; each is loaded with the first file that needs it.
"""

from casekin.imaging.deidentify import Pseudonymizer
from casekin.imaging.geometry import FrontalMap, display_uint8, frontal_map, frontal_view
from casekin.imaging.image import ImageHeader, MedicalImage, Voi
from casekin.imaging.limits import ReadLimits
from casekin.imaging.manifest import ManifestProblem, ReportRow, read_manifest, read_report_rows
from casekin.imaging.reader import iter_image_files, read_image
from casekin.imaging.sniff import sniff

__all__ = [
    "FrontalMap",
    "ImageHeader",
    "ManifestProblem",
    "MedicalImage",
    "Pseudonymizer",
    "ReadLimits",
    "ReportRow",
    "Voi",
    "display_uint8",
    "frontal_map",
    "frontal_view",
    "iter_image_files",
    "read_image",
    "read_manifest",
    "read_report_rows",
    "sniff",
]
