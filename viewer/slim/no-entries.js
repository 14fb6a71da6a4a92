// Stands for vtk.js's 200 colour maps: films are grey.
export default [];
