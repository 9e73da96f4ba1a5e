// Made by scripts/generate-openapi.mjs from openapi/defect.json; change that file, not this one.
export interface components {
    schemas: {
        readonly A_Defect: {
            readonly __metadata?: {
                readonly id?: string;
                readonly uri?: string;
                readonly type?: string;
                /** @description As If-Match wants it, e.g. W/"'20260101120000'" */
                readonly etag?: string;
            };
            readonly DefectInternalID: string;
            readonly Defect?: string;
            readonly DefectCategory?: string;
            readonly DefectText?: string;
            /** @description 9 defect */
            readonly DefectCodeCatalog?: string;
            readonly DefectCodeGroup?: string;
            readonly DefectCode?: string;
            readonly DefectObjectCodeCatalog?: string;
            readonly DefectObjectCodeGroup?: string;
            readonly DefectObjectCode?: string;
            /**
             * Format: decimal
             * @description Edm.Decimal(13,3), a string in JSON
             */
            readonly DefectiveQuantity?: string;
            readonly DefectiveQuantityUnit?: string;
            /** Format: int16 */
            readonly NumberOfDefects?: number;
            readonly DefectClass?: string;
            readonly ManufacturingOrder?: string;
            readonly Material?: string;
            readonly Plant?: string;
            readonly InspectionLot?: string;
            readonly MainWorkCenter?: string;
            readonly Equipment?: string;
            readonly IsDeleted?: string;
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
            /**
             * Format: edm-datetime
             * @description Edm.DateTime: /Date(milliseconds)/
             */
            readonly LastChangeDate?: string | null;
            /**
             * Format: edm-time
             * @description Edm.Time, e.g. PT06H00M00S
             */
            readonly LastChangeTime?: string;
            /**
             * Format: edm-datetimeoffset
             * @description Edm.DateTimeOffset: /Date(milliseconds+0000)/
             */
            readonly ChangedDateTime?: string | null;
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
