/** An act of administration that is declined, with one plain sentence for IT. Nothing was changed. */
export class AdministrationRefused extends Error {}
