// Made by scripts/generate-openapi.mjs from openapi/batch.json; change that file, not this one.
export interface components {
    schemas: {
        readonly Batch: {
            readonly __metadata?: {
                readonly id?: string;
                readonly uri?: string;
                readonly type?: string;
                /** @description As If-Match wants it, e.g. W/"'20260101120000'" */
                readonly etag?: string;
            };
            readonly Material: string;
            /** @description '' when batch numbers are unique per material */
            readonly BatchIdentifyingPlant: string;
            readonly Batch: string;
            readonly BatchIsMarkedForDeletion?: boolean;
            /** @description Restricted-use stock: it cannot be consumed */
            readonly MatlBatchIsInRstrcdUseStock?: boolean;
            readonly Supplier?: string;
            readonly BatchBySupplier?: string;
            readonly CountryOfOrigin?: string;
            readonly RegionOfOrigin?: string;
            /**
             * Format: edm-datetime
             * @description Edm.DateTime: /Date(milliseconds)/
             */
            readonly MatlBatchAvailabilityDate?: string | null;
            /**
             * Format: edm-datetime
             * @description Edm.DateTime: /Date(milliseconds)/
             */
            readonly ShelfLifeExpirationDate?: string | null;
            /**
             * Format: edm-datetime
             * @description Edm.DateTime: /Date(milliseconds)/
             */
            readonly ManufactureDate?: string | null;
            /**
             * Format: edm-datetimeoffset
             * @description Edm.DateTimeOffset: /Date(milliseconds+0000)/
             */
            readonly CreationDateTime?: string | null;
            /**
             * Format: edm-datetimeoffset
             * @description Edm.DateTimeOffset: /Date(milliseconds+0000)/
             */
            readonly LastChangeDateTime?: string | null;
        };
        readonly BatchCreate: {
            readonly Material: string;
            /** @description '' when batch numbers are unique per material */
            readonly BatchIdentifyingPlant?: string;
            readonly Batch: string;
            readonly BatchIsMarkedForDeletion?: boolean;
            /** @description Restricted-use stock: it cannot be consumed */
            readonly MatlBatchIsInRstrcdUseStock?: boolean;
            readonly Supplier?: string;
            readonly BatchBySupplier?: string;
            readonly CountryOfOrigin?: string;
            readonly RegionOfOrigin?: string;
            /**
             * Format: edm-datetime
             * @description Edm.DateTime: /Date(milliseconds)/
             */
            readonly MatlBatchAvailabilityDate?: string | null;
            /**
             * Format: edm-datetime
             * @description Edm.DateTime: /Date(milliseconds)/
             */
            readonly ShelfLifeExpirationDate?: string | null;
            /**
             * Format: edm-datetime
             * @description Edm.DateTime: /Date(milliseconds)/
             */
            readonly ManufactureDate?: string | null;
        };
        readonly BatchUpdate: {
            readonly BatchIsMarkedForDeletion?: boolean;
            /** @description Restricted-use stock: it cannot be consumed */
            readonly MatlBatchIsInRstrcdUseStock?: boolean;
            readonly Supplier?: string;
            readonly BatchBySupplier?: string;
            /**
             * Format: edm-datetime
             * @description Edm.DateTime: /Date(milliseconds)/
             */
            readonly ShelfLifeExpirationDate?: string | null;
            /**
             * Format: edm-datetime
             * @description Edm.DateTime: /Date(milliseconds)/
             */
            readonly ManufactureDate?: string | null;
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
