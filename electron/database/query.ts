export type Row = Record<string, unknown>;
/** Sends one statement; rows as plain objects. Statements issued together travel together (pipelined). */
export type Query = (text: string, values?: readonly unknown[]) => Promise<Row[]>;
