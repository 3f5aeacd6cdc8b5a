// What a new preset can begin as: the sizes and sharpening that Dynamic Media documents as best practice.

/** Each with a name, what it is for, and its modifiers. */
export const TEMPLATES = [
  { name: "cross-sell", title: "Cross-Sell", about: "75 × 75, for a row of related products", modifiers: "wid=75&hei=75&fmt=jpeg&qlt=80,0&resMode=sharp2&op_usm=1.5,0.8,5,0" },
  { name: "thumbnail", title: "Thumbnail", about: "150 × 150, for lists and search results", modifiers: "wid=150&hei=150&fmt=jpeg&qlt=80,0&resMode=sharp2&op_usm=1.1,1,5,0" },
  { name: "main", title: "Main", about: "350 × 350, for the product page", modifiers: "wid=350&hei=350&fmt=jpeg&qlt=80,0&resMode=sharp2&op_usm=1,1,6,0" },
  { name: "enlarge", title: "Enlarge", about: "500 × 500, for a larger view", modifiers: "wid=500&hei=500&fmt=jpeg&qlt=80,0&resMode=sharp2&op_usm=1.2,1.2,5,0" },
  { name: "quality", title: "Best quality", about: "No size: the recommended quality, resampling and sharpening for a responsive page", modifiers: "fmt=jpg&qlt=85,0&resMode=sharp2&op_usm=1.75,0.3,2,0" },
  { name: "cutout", title: "Cut-out", about: "800 wide at most, with transparency", modifiers: "wid=800&fmt=png-alpha&resMode=sharp2&fit=constrain" },
  { name: "print", title: "Print", about: "TIFF in CMYK, 300 pixels an inch", modifiers: "fmt=tif,cmyk,lzw&resMode=sharp2&op_usm=1.75,0.4,2,0&printRes=300" },
  { name: "preset", title: "Empty", about: "Begin with nothing", modifiers: "" },
];
