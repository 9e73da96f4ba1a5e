// Made by scripts/generate-openapi.mjs from openapi/production-order.json; change that file, not this one.
export interface components {
    schemas: {
        readonly A_ProductionOrder_2: {
            readonly __metadata?: {
                readonly id?: string;
                readonly uri?: string;
                readonly type?: string;
                /** @description As If-Match wants it, e.g. W/"'20260101120000'" */
                readonly etag?: string;
            };
            readonly ManufacturingOrder: string;
            readonly ManufacturingOrderCategory?: string;
            readonly ManufacturingOrderType?: string;
            /** @description Without a length of its own */
            readonly OrderLongText?: string;
            readonly ManufacturingOrderImportance?: string;
            /** @description 'X' when it is so */
            readonly OrderIsCreated?: string;
            /** @description 'X' when it is so */
            readonly OrderIsReleased?: string;
            /** @description 'X' when it is so */
            readonly OrderIsConfirmed?: string;
            /** @description 'X' when it is so */
            readonly OrderIsDelivered?: string;
            /** @description 'X' when it is so */
            readonly OrderIsDeleted?: string;
            /** @description 'X' when it is so */
            readonly OrderIsLocked?: string;
            /** @description 'X' when it is so */
            readonly OrderIsTechnicallyCompleted?: string;
            /** @description 'X' when it is so */
            readonly OrderIsClosed?: string;
            /**
             * Format: edm-datetime
             * @description Edm.DateTime: /Date(milliseconds)/
             */
            readonly MfgOrderCreationDate?: string | null;
            /** @description YYYYMMDDhhmmss; the ETag */
            readonly LastChangeDateTime?: string;
            readonly Material?: string;
            readonly StorageLocation?: string;
            readonly GoodsRecipientName?: string;
            readonly UnloadingPointName?: string;
            readonly ProductionPlant?: string;
            readonly Plant?: string;
            readonly ProductionVersion?: string;
            readonly MRPController?: string;
            /**
             * Format: edm-datetime
             * @description Edm.DateTime: /Date(milliseconds)/
             */
            readonly MfgOrderPlannedStartDate?: string | null;
            /**
             * Format: edm-time
             * @description Edm.Time, e.g. PT06H00M00S
             */
            readonly MfgOrderPlannedStartTime?: string;
            /**
             * Format: edm-datetime
             * @description Edm.DateTime: /Date(milliseconds)/
             */
            readonly MfgOrderPlannedEndDate?: string | null;
            /**
             * Format: edm-time
             * @description Edm.Time, e.g. PT06H00M00S
             */
            readonly MfgOrderPlannedEndTime?: string;
            /**
             * Format: edm-datetime
             * @description Edm.DateTime: /Date(milliseconds)/
             */
            readonly MfgOrderScheduledStartDate?: string | null;
            /**
             * Format: edm-datetime
             * @description Edm.DateTime: /Date(milliseconds)/
             */
            readonly MfgOrderScheduledEndDate?: string | null;
            readonly ProductionUnit?: string;
            /**
             * Format: decimal
             * @description Edm.Decimal(13,3), a string in JSON
             */
            readonly TotalQuantity?: string;
            /**
             * Format: decimal
             * @description Edm.Decimal(13,3), a string in JSON
             */
            readonly MfgOrderConfirmedYieldQty?: string;
        };
        readonly A_ProductionOrder_2Create: {
            readonly ManufacturingOrderType: string;
            /** @description Without a length of its own */
            readonly OrderLongText?: string;
            readonly ManufacturingOrderImportance?: string;
            readonly Material: string;
            readonly StorageLocation?: string;
            readonly GoodsRecipientName?: string;
            readonly UnloadingPointName?: string;
            readonly ProductionPlant: string;
            readonly ProductionVersion?: string;
            /**
             * Format: edm-datetime
             * @description Edm.DateTime: /Date(milliseconds)/
             */
            readonly MfgOrderPlannedStartDate?: string | null;
            /**
             * Format: edm-time
             * @description Edm.Time, e.g. PT06H00M00S
             */
            readonly MfgOrderPlannedStartTime?: string;
            /**
             * Format: edm-datetime
             * @description Edm.DateTime: /Date(milliseconds)/
             */
            readonly MfgOrderPlannedEndDate?: string | null;
            /**
             * Format: edm-time
             * @description Edm.Time, e.g. PT06H00M00S
             */
            readonly MfgOrderPlannedEndTime?: string;
            readonly ProductionUnit?: string;
            /**
             * Format: decimal
             * @description Edm.Decimal(13,3), a string in JSON
             */
            readonly TotalQuantity: string;
        };
        readonly A_ProductionOrder_2Update: {
            readonly ManufacturingOrderImportance?: string;
            /** @description Without a length of its own */
            readonly OrderLongText?: string;
            readonly GoodsRecipientName?: string;
            readonly UnloadingPointName?: string;
            /**
             * Format: edm-datetime
             * @description Edm.DateTime: /Date(milliseconds)/
             */
            readonly MfgOrderPlannedStartDate?: string | null;
            /**
             * Format: edm-time
             * @description Edm.Time, e.g. PT06H00M00S
             */
            readonly MfgOrderPlannedStartTime?: string;
            /**
             * Format: edm-datetime
             * @description Edm.DateTime: /Date(milliseconds)/
             */
            readonly MfgOrderPlannedEndDate?: string | null;
            /**
             * Format: edm-time
             * @description Edm.Time, e.g. PT06H00M00S
             */
            readonly MfgOrderPlannedEndTime?: string;
            /**
             * Format: decimal
             * @description Edm.Decimal(13,3), a string in JSON
             */
            readonly TotalQuantity?: string;
        };
        /** @description What an order function says */
        readonly FunctionMessage: {
            readonly SystemMessageType?: string;
            readonly SystemMessageText?: string;
        };
        readonly ReleaseOrderResult: {
            readonly d: {
                readonly ReleaseOrder?: components["schemas"]["FunctionMessage"];
            };
        };
        readonly TechlyCmpltOrderResult: {
            readonly d: {
                readonly TechlyCmpltOrder?: components["schemas"]["FunctionMessage"];
            };
        };
        readonly CloseOrderResult: {
            readonly d: {
                readonly CloseOrder?: components["schemas"]["FunctionMessage"];
            };
        };
        readonly DiscardOrderResult: {
            readonly d: {
                readonly DiscardOrder?: components["schemas"]["FunctionMessage"];
            };
        };
        readonly ConvertPlndOrderResult: {
            readonly d: {
                readonly ConvertPlndOrder?: components["schemas"]["FunctionMessage"];
            };
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
