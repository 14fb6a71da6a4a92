"""Where reports come from: one loader a format, all giving the same rows; a file that is no report is a bad row."""

from casekin.reports.formats.ct_rate import load_ct_rate
from casekin.reports.formats.delimited import load_csv
from casekin.reports.formats.detect import Detected, detect_format
from casekin.reports.formats.imagenome import load_imagenome
from casekin.reports.formats.iu_xray import load_iu_xray
from casekin.reports.formats.jsonl import load_jsonl
from casekin.reports.formats.mimic_cxr import load_mimic_cxr
from casekin.reports.formats.padchest_gr import load_padchest_gr
from casekin.reports.formats.radir import RegionTable, load_radir, read_region, region_files, write_radir
from casekin.reports.formats.rows import BadRow, Loader, Row, SourceReport
from casekin.reports.formats.txt import load_txt

LOADERS: dict[str, Loader] = {
    "txt": load_txt,
    "jsonl": load_jsonl,
    "csv": load_csv,
    "iu-xray": load_iu_xray,
    "imagenome": load_imagenome,
    "mimic-cxr": load_mimic_cxr,
    "ct-rate": load_ct_rate,
    "padchest-gr": load_padchest_gr,
    "radir": load_radir,
}
"""Format name → loader; every loader takes a file, a folder or an archive where the format has one."""

__all__ = [
    "LOADERS",
    "BadRow",
    "Detected",
    "Loader",
    "RegionTable",
    "Row",
    "SourceReport",
    "detect_format",
    "load_csv",
    "load_ct_rate",
    "load_imagenome",
    "load_iu_xray",
    "load_jsonl",
    "load_mimic_cxr",
    "load_padchest_gr",
    "load_radir",
    "load_txt",
    "read_region",
    "region_files",
    "write_radir",
]
