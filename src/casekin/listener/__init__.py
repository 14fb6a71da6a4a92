"""The doors of a hospital's network, DICOM C-STORE and HL7 over MLLP: what comes is kept before that is confirmed."""

from casekin.listener.dicom import DicomReceiver, DicomSettings
from casekin.listener.hl7 import Hl7Receiver, Hl7Settings
from casekin.listener.peers import Peers, server_tls

__all__ = ["DicomReceiver", "DicomSettings", "Hl7Receiver", "Hl7Settings", "Peers", "server_tls"]
