// Made by scripts/generate-openapi.mjs from openapi/material-document.json; change that file, not this one.
export interface components {
    schemas: {
        readonly A_MaterialDocumentHeader: {
            readonly __metadata?: {
                readonly id?: string;
                readonly uri?: string;
                readonly type?: string;
                /** @description As If-Match wants it, e.g. W/"'20260101120000'" */
                readonly etag?: string;
            };
            readonly MaterialDocumentYear: string;
            readonly MaterialDocument: string;
            readonly InventoryTransactionType?: string;
            /**
             * Format: edm-datetime
             * @description Edm.DateTime: /Date(milliseconds)/
             */
            readonly DocumentDate?: string | null;
            /**
             * Format: edm-datetime
             * @description Edm.DateTime: /Date(milliseconds)/
             */
            readonly PostingDate?: string | null;
            /**
             * Format: edm-datetime
             * @description Edm.DateTime: /Date(milliseconds)/
             */
            readonly CreationDate?: string | null;
            /**
             * Format: edm-time
             * @description Edm.Time, e.g. PT06H00M00S
             */
            readonly CreationTime?: string;
            readonly CreatedByUser?: string;
            readonly MaterialDocumentHeaderText?: string;
            readonly ReferenceDocument?: string;
            /** @description 01 receipt for a purchase order, 02 receipt for an order, 03 issue, 04 transfer */
            readonly GoodsMovementCode?: string;
            readonly to_MaterialDocumentItem?: {
                readonly results: readonly components["schemas"]["A_MaterialDocumentItem"][];
            };
        };
        readonly A_MaterialDocumentHeaderCreate: {
            /**
             * Format: edm-datetime
             * @description Edm.DateTime: /Date(milliseconds)/
             */
            readonly DocumentDate: string | null;
            /**
             * Format: edm-datetime
             * @description Edm.DateTime: /Date(milliseconds)/
             */
            readonly PostingDate: string | null;
            readonly MaterialDocumentHeaderText?: string;
            readonly ReferenceDocument?: string;
            /** @description 01 receipt for a purchase order, 02 receipt for an order, 03 issue, 04 transfer */
            readonly GoodsMovementCode: string;
            readonly to_MaterialDocumentItem: readonly components["schemas"]["A_MaterialDocumentItemCreate"][];
        };
        readonly A_MaterialDocumentHeaderResult: {
            readonly d: {
                readonly Cancel: components["schemas"]["A_MaterialDocumentHeader"];
            };
        };
        readonly A_MaterialDocumentItem: {
            readonly __metadata?: {
                readonly id?: string;
                readonly uri?: string;
                readonly type?: string;
                /** @description As If-Match wants it, e.g. W/"'20260101120000'" */
                readonly etag?: string;
            };
            readonly MaterialDocumentYear: string;
            readonly MaterialDocument: string;
            readonly MaterialDocumentItem: string;
            readonly Material?: string;
            readonly Plant?: string;
            readonly StorageLocation?: string;
            readonly Batch?: string;
            /** @description 101/102 receipt, 261/262 issue to an order, 344 unrestricted to blocked, 343 back, 350 inspection to blocked, 321 inspection to unrestricted, 601 issue for a delivery */
            readonly GoodsMovementType?: string;
            readonly InventoryStockType?: string;
            readonly Supplier?: string;
            readonly Customer?: string;
            readonly ManufacturingOrder?: string;
            readonly GoodsMovementReasonCode?: string;
            readonly Delivery?: string;
            /**
             * Format: decimal
             * @description Edm.Decimal(13,3), a string in JSON
             */
            readonly QuantityInBaseUnit?: string;
            readonly MaterialBaseUnit?: string;
            /**
             * Format: decimal
             * @description Edm.Decimal(13,3), a string in JSON
             */
            readonly QuantityInEntryUnit?: string;
            readonly EntryUnit?: string;
            readonly IssuingOrReceivingPlant?: string;
            readonly IssuingOrReceivingStorageLoc?: string;
            readonly MaterialDocumentItemText?: string;
            readonly GoodsMovementIsCancelled?: boolean;
            readonly ReversedMaterialDocumentYear?: string;
            readonly ReversedMaterialDocument?: string;
            readonly ReversedMaterialDocumentItem?: string;
            readonly DebitCreditCode?: string;
            readonly to_SerialNumbers?: {
                readonly results: readonly components["schemas"]["A_SerialNumberMaterialDocument"][];
            };
            readonly to_MaterialDocumentHeader?: components["schemas"]["A_MaterialDocumentHeader"];
        };
        readonly A_MaterialDocumentItemCreate: {
            readonly Material: string;
            readonly Plant: string;
            readonly StorageLocation?: string;
            readonly Batch?: string;
            /** @description 101/102 receipt, 261/262 issue to an order, 344 unrestricted to blocked, 343 back, 350 inspection to blocked, 321 inspection to unrestricted, 601 issue for a delivery */
            readonly GoodsMovementType: string;
            readonly Supplier?: string;
            readonly Customer?: string;
            readonly ManufacturingOrder?: string;
            readonly GoodsMovementReasonCode?: string;
            readonly Delivery?: string;
            /**
             * Format: decimal
             * @description Edm.Decimal(13,3), a string in JSON
             */
            readonly QuantityInEntryUnit: string;
            readonly EntryUnit: string;
            readonly IssuingOrReceivingPlant?: string;
            readonly IssuingOrReceivingStorageLoc?: string;
            readonly MaterialDocumentItemText?: string;
        };
        readonly A_MaterialDocumentItemResult: {
            readonly d: {
                readonly CancelItem: components["schemas"]["A_MaterialDocumentItem"];
            };
        };
        readonly A_SerialNumberMaterialDocument: {
            readonly __metadata?: {
                readonly id?: string;
                readonly uri?: string;
                readonly type?: string;
                /** @description As If-Match wants it, e.g. W/"'20260101120000'" */
                readonly etag?: string;
            };
            readonly Material: string;
            readonly SerialNumber: string;
            readonly MaterialDocument: string;
            readonly MaterialDocumentItem: string;
            readonly MaterialDocumentYear: string;
            readonly ManufacturerSerialNumber?: string;
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
