// Made by scripts/generate-openapi.mjs from openapi/material-stock.json; change that file, not this one.
export interface components {
    schemas: {
        readonly A_MatlStkInAcctMod: {
            readonly __metadata?: {
                readonly id?: string;
                readonly uri?: string;
                readonly type?: string;
                /** @description As If-Match wants it, e.g. W/"'20260101120000'" */
                readonly etag?: string;
            };
            readonly Material: string;
            readonly Plant: string;
            readonly StorageLocation: string;
            readonly Batch: string;
            readonly Supplier: string;
            readonly Customer: string;
            readonly WBSElementInternalID: string;
            readonly SDDocument: string;
            readonly SDDocumentItem: string;
            readonly InventorySpecialStockType: string;
            /** @description 01 unrestricted, 02 quality inspection, 07 blocked */
            readonly InventoryStockType: string;
            readonly MaterialBaseUnit?: string;
            /**
             * Format: decimal
             * @description Edm.Decimal(31,14), a string in JSON
             */
            readonly MatlWrhsStkQtyInMatlBaseUnit?: string;
        };
        readonly Error: {
            readonly error: {
                readonly code: string;
                readonly message: {
                    readonly lang?: string;
                    readonly value?: string;
                };
                readonly innererror?: {
                    readonly application?: Record<string, never>;
                    readonly transactionid?: string;
                    readonly timestamp?: string;
                    readonly errordetails?: readonly {
                        readonly code?: string;
                        readonly message?: string;
                        readonly propertyref?: string;
                        readonly severity?: string;
                        readonly target?: string;
                    }[];
                };
            };
        };
    };
    responses: {
        /** @description The service's own no */
        readonly Error: {
            headers: {
                readonly [name: string]: unknown;
            };
            content: {
                readonly "application/json": components["schemas"]["Error"];
            };
        };
    };
    parameters: {
        readonly sapClient: string;
        readonly sapLanguage: string;
        readonly ifMatch: string;
        readonly csrfToken: string;
    };
    requestBodies: never;
    headers: never;
    pathItems: never;
}
