import { type BrowserWindow, View } from "electron";

/** The colour of an empty page, before any style is loaded. */
export const EMPTY = "#f7f5f0";

/** Views without a page came with Electron 30; the declared type knows nothing of a runtime without them. */
const PlainView = View as typeof View | undefined;

/**
 * Takes what a window shows from the screen before anything slow happens. A plain view over the whole content is drawn by
 * this process, whatever the page's process is doing, and the window stays where it is: no desktop shows through and no
 * window manager fades the old content out. Where there are no such views, or none can be made, the window is hidden.
 */
export function coverContent(window: BrowserWindow): void {
  try {
    if (!PlainView) return window.hide();
    const cover = new PlainView();
    cover.setBackgroundColor(EMPTY);
    const { width, height } = window.getContentBounds();
    // Larger than the content, so that a resize meanwhile uncovers nothing.
    cover.setBounds({ x: 0, y: 0, width: width * 4, height: height * 4 });
    window.contentView.addChildView(cover);
  } catch {
    window.hide();
  }
}
