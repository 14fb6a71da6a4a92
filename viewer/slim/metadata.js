// What the core uses of @cornerstonejs/metadata when it shows a stack. The package as a whole reads DICOM headers with dcmjs
// (1 MB); here the server reads them.
import CalibrationTypes from "metadata/enums/CalibrationTypes.js";
import MetadataModules from "metadata/enums/MetadataModules.js";
import calibratedPixelSpacingMetadataProvider from "metadata/utilities/calibratedPixelSpacingMetadataProvider.js";
import imageIdToURI from "metadata/utilities/imageIdToURI.js";

export * as metaData from "metadata/metaData.js";
export const Enums = { CalibrationTypes, MetadataModules };
export const utilities = {
  calibratedPixelSpacingMetadataProvider,
  imageIdToURI,
  getPixelSpacingInformation: () => undefined,
  isVideoTransferSyntax: () => false,
};
