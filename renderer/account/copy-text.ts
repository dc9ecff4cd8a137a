/**
 * Puts a text on the clipboard from a press of a button; answers whether it is there. The page has no permissions at all,
 * so it is the browser's own copy command, with the text handed to it. The main process takes it away when the workstation locks.
 */
export function copyText(text: string): boolean {
  let taken = false;
  const hand = (event: ClipboardEvent) => {
    event.clipboardData?.setData("text/plain", text);
    event.preventDefault();
    taken = event.clipboardData !== null;
  };
  document.addEventListener("copy", hand, { once: true });
  try {
    return document.execCommand("copy") && taken;
  } finally {
    document.removeEventListener("copy", hand);
  }
}
