// Made by scripts/generate-openapi.mjs from openapi/inspection-lot.json; change that file, not this one.
export interface components {
    schemas: {
        readonly A_InspectionLot: {
            readonly __metadata?: {
                readonly id?: string;
                readonly uri?: string;
                readonly type?: string;
                /** @description As If-Match wants it, e.g. W/"'20260101120000'" */
                readonly etag?: string;
            };
            readonly InspectionLot: string;
            readonly Material?: string;
            readonly Batch?: string;
            readonly Plant?: string;
            readonly InspectionLotOrigin?: string;
            readonly ManufacturingOrder?: string;
            readonly InspectionLotText?: string;
            /** @description e.g. 89, other inspection */
            readonly InspectionLotType?: string;
            /**
             * Format: decimal
             * @description Edm.Decimal(13,3), a string in JSON
             */
            readonly InspectionLotQuantity?: string;
            /**
             * Format: decimal
             * @description Edm.Decimal(13,3), a string in JSON
             */
            readonly InspectionLotActualQuantity?: string;
            readonly InspectionLotQuantityUnit?: string;
            /**
             * Format: edm-datetime
             * @description Edm.DateTime: /Date(milliseconds)/
             */
            readonly InspLotCreatedOnLocalDate?: string | null;
            readonly InspectionLotHasUsageDecision?: boolean;
            readonly InspectionLotIsSkipped?: boolean;
            readonly InspectionLotCreatedBy?: string;
            /**
             * Format: edm-datetimeoffset
             * @description Edm.DateTimeOffset: /Date(milliseconds+0000)/
             */
            readonly ChangedDateTime?: string | null;
        };
        readonly A_InspectionLotCreate: {
            readonly Material: string;
            readonly Batch?: string;
            readonly Plant: string;
            readonly ManufacturingOrder?: string;
            readonly InspectionLotText?: string;
            /** @description e.g. 89, other inspection */
            readonly InspectionLotType: string;
            /**
             * Format: decimal
             * @description Edm.Decimal(13,3), a string in JSON
             */
            readonly InspectionLotQuantity?: string;
            readonly InspectionLotQuantityUnit?: string;
        };
        readonly A_InspectionLotUpdate: {
            readonly InspectionLotText?: string;
        };
        readonly A_InspLotUsageDecision: {
            readonly __metadata?: {
                readonly id?: string;
                readonly uri?: string;
                readonly type?: string;
                /** @description As If-Match wants it, e.g. W/"'20260101120000'" */
                readonly etag?: string;
            };
            readonly InspectionLot: string;
            readonly InspLotUsageDecisionLevel?: string;
            /**
             * Format: decimal
             * @description Edm.Decimal(3,0), a string in JSON
             */
            readonly InspectionLotQualityScore?: string;
            /** @description 3 usage decision */
            readonly InspLotUsageDecisionCatalog?: string;
            readonly SelectedCodeSetPlant?: string;
            readonly InspLotUsgeDcsnSelectedSet?: string;
            readonly InspLotUsageDecisionCodeGroup?: string;
            readonly InspectionLotUsageDecisionCode?: string;
            /** @description A accepted, R rejected */
            readonly InspLotUsageDecisionValuation?: string;
            readonly InspectionLotUsageDecidedBy?: string;
            /**
             * Format: edm-datetimeoffset
             * @description The ETag. Edm.DateTimeOffset: /Date(milliseconds+0000)/
             */
            readonly ChangedDateTime?: string | null;
        };
        readonly A_InspLotUsageDecisionCreate: {
            readonly InspectionLot: string;
            /**
             * Format: decimal
             * @description Edm.Decimal(3,0), a string in JSON
             */
            readonly InspectionLotQualityScore?: string;
            /** @description 3 usage decision */
            readonly InspLotUsageDecisionCatalog: string;
            readonly SelectedCodeSetPlant?: string;
            readonly InspLotUsgeDcsnSelectedSet: string;
            readonly InspLotUsageDecisionCodeGroup: string;
            readonly InspectionLotUsageDecisionCode: string;
        };
        readonly A_InspLotUsageDecisionUpdate: {
            /**
             * Format: decimal
             * @description Edm.Decimal(3,0), a string in JSON
             */
            readonly InspectionLotQualityScore?: string;
            /** @description 3 usage decision */
            readonly InspLotUsageDecisionCatalog?: string;
            readonly SelectedCodeSetPlant?: string;
            readonly InspLotUsgeDcsnSelectedSet?: string;
            readonly InspLotUsageDecisionCodeGroup?: string;
            readonly InspectionLotUsageDecisionCode?: string;
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
