"""DICOM data sets made on the spot."""

from __future__ import annotations

from typing import Any

import numpy as np
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

DX = "1.2.840.10008.5.1.4.1.1.1.1"
CT = "1.2.840.10008.5.1.4.1.1.2"


def dataset_of(stored: np.ndarray, *, sop_class: str = DX, **attributes: Any) -> FileDataset:
    """A data set of one picture; `attributes` are DICOM keywords."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = sop_class
    meta.MediaStorageSOPInstanceUID = generate_uid(entropy_srcs=[str(sorted(attributes.items()))])
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset = FileDataset("x", {}, file_meta=meta, preamble=b"\0" * 128)
    bits = stored.dtype.itemsize * 8
    dataset.SOPClassUID = sop_class
    dataset.SOPInstanceUID = meta.MediaStorageSOPInstanceUID
    dataset.Modality = "DX" if sop_class == DX else "CT"
    dataset.Rows, dataset.Columns = (
        stored.shape[-3:-1] if stored.shape[-1] == 3 and stored.ndim > 2 else stored.shape[-2:]
    )
    dataset.SamplesPerPixel = 3 if stored.ndim > 2 and stored.shape[-1] == 3 else 1
    dataset.PhotometricInterpretation = "RGB" if dataset.SamplesPerPixel == 3 else "MONOCHROME2"
    if dataset.SamplesPerPixel == 3:
        dataset.PlanarConfiguration = 0
    dataset.BitsAllocated = dataset.BitsStored = bits
    dataset.HighBit = bits - 1
    dataset.PixelRepresentation = int(stored.dtype.kind == "i")
    data = np.ascontiguousarray(stored).tobytes()
    dataset.PixelData = data + b"\0" * (len(data) % 2)
    dataset["PixelData"].VR = "OW" if bits > 8 else "OB"
    for keyword, value in attributes.items():
        setattr(dataset, keyword, value)
    return dataset
