/**
 * Draws resources/icons/lamplight.svg at every size that the packages need, and wraps them for Windows (.ico) and
 * macOS (.icns). Its results are committed; it runs only after the drawing changed, in the Electron that is here:
 * `xvfb-run npx electron --no-sandbox scripts/packaging/draw-icons.cjs`.
 */
const { readFileSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const { app, BrowserWindow } = require("electron");

const folder = join(__dirname, "..", "..", "resources", "icons");
const sizes = [16, 24, 32, 48, 64, 128, 256, 512, 1024];

/** A Windows icon: a table of contents, then the PNG files as they are. @param {Map<number, Buffer>} images */
function ico(images) {
  const chosen = [...images].filter(([size]) => size <= 256);
  const head = Buffer.alloc(6 + 16 * chosen.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(chosen.length, 4);
  let offset = head.length;
  chosen.forEach(([size, png], index) => {
    const at = 6 + 16 * index;
    head.writeUInt8(size % 256, at);
    head.writeUInt8(size % 256, at + 1);
    head.writeUInt16LE(1, at + 4);
    head.writeUInt16LE(32, at + 6);
    head.writeUInt32LE(png.length, at + 8);
    head.writeUInt32LE(offset, at + 12);
    offset += png.length;
  });
  return Buffer.concat([head, ...chosen.map(([, png]) => png)]);
}

/** A macOS icon: blocks of a four-letter type, a length and a PNG file. @param {Map<number, Buffer>} images */
function icns(images) {
  const types = { icp4: 16, icp5: 32, icp6: 64, ic07: 128, ic08: 256, ic09: 512, ic10: 1024, ic11: 32, ic12: 64 };
  const blocks = Object.entries({ ...types, ic13: 256, ic14: 512 }).flatMap(([type, size]) => {
    const png = images.get(size);
    if (!png) throw new Error(`There is no image of ${size} pixels.`);
    const head = Buffer.alloc(8);
    head.write(type, "ascii");
    head.writeUInt32BE(png.length + 8, 4);
    return [head, png];
  });
  const head = Buffer.alloc(8);
  head.write("icns", "ascii");
  head.writeUInt32BE(
    blocks.reduce((sum, block) => sum + block.length, 8),
    4,
  );
  return Buffer.concat([head, ...blocks]);
}

app.disableHardwareAcceleration();
void app.whenReady().then(async () => {
  const svg = readFileSync(join(folder, "lamplight.svg"), "utf8");
  const window = new BrowserWindow({ show: false, webPreferences: { sandbox: true } });
  await window.loadURL("about:blank");
  const images = new Map();
  for (const size of sizes) {
    const script = `new Promise((resolve, reject) => {
      const image = new Image(${size}, ${size});
      image.onerror = () => reject(new Error("The drawing cannot be read."));
      image.onload = () => {
        const canvas = document.createElement("canvas");
        canvas.width = canvas.height = ${size};
        canvas.getContext("2d").drawImage(image, 0, 0, ${size}, ${size});
        resolve(canvas.toDataURL("image/png"));
      };
      image.src = ${JSON.stringify(`data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}`)};
    })`;
    const url = await window.webContents.executeJavaScript(script);
    images.set(size, Buffer.from(url.slice(url.indexOf(",") + 1), "base64"));
    writeFileSync(join(folder, "linux", `${size}x${size}.png`), images.get(size));
  }
  writeFileSync(join(folder, "lamplight.ico"), ico(images));
  writeFileSync(join(folder, "lamplight.icns"), icns(images));
  app.exit(0);
});
