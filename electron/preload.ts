import { contextBridge, ipcRenderer } from "electron";

// All that a page can see of the machine: it names a command or an event; the main process knows which exist.
contextBridge.exposeInMainWorld("ward", {
  call: (name: string, input: unknown) => ipcRenderer.invoke("ward.call", name, input),
  on: (name: string, listener: (payload: unknown) => void) => {
    const hear = (_event: unknown, heard: string, payload: unknown) => {
      if (heard === name) listener(payload);
    };
    ipcRenderer.on("ward.event", hear);
    return () => ipcRenderer.removeListener("ward.event", hear);
  },
});
