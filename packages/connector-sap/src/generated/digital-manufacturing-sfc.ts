// Made by scripts/generate-openapi.mjs from openapi/digital-manufacturing-sfc.json; change that file, not this one.
export interface components {
    schemas: {
        readonly PlaceHoldRequest: {
            readonly plant: string;
            readonly sfcs: readonly string[];
            readonly comments?: string;
            /** Format: date-time */
            readonly expectedReleaseDateTime?: string;
        };
        readonly PlaceHoldResponse: {
            readonly holdIds?: readonly string[];
        };
        readonly ReleaseHoldRequest: {
            readonly plant: string;
            readonly sfcs: readonly string[];
            readonly releaseComments?: string;
        };
        readonly ReleaseHoldResponse: {
            readonly releasedSfcs?: readonly string[];
        };
        readonly SfcDetailResponse: {
            readonly sfc?: string;
            readonly quantity?: number;
            readonly defaultBatchId?: string;
            readonly material?: components["schemas"]["Material"];
            readonly order?: components["schemas"]["Order"];
            readonly routing?: components["schemas"]["Routing"];
            readonly status?: components["schemas"]["SfcStatus"];
            readonly steps?: readonly components["schemas"]["SfcStep"][];
        };
        readonly PageSfc: {
            readonly content?: readonly components["schemas"]["SfcInWorkList"][];
            readonly number?: number;
            readonly size?: number;
            readonly totalElements?: number;
            readonly totalPages?: number;
            readonly empty?: boolean;
        };
        readonly SfcInWorkList: {
            readonly sfc?: string;
            readonly order?: string;
            readonly quantity?: number;
            readonly defaultBatchId?: string;
            readonly material?: components["schemas"]["Material"];
            readonly routing?: components["schemas"]["Routing"];
            readonly status?: components["schemas"]["SfcStatus"];
        };
        readonly SfcSimpleDetailResponse: {
            readonly sfc?: string;
            readonly quantity?: number;
            readonly defaultBatchId?: string;
            readonly order?: string;
            readonly material?: components["schemas"]["Material"];
            readonly routing?: components["schemas"]["Routing"];
            readonly status?: components["schemas"]["SfcStatus"];
        };
        readonly SfcStep: {
            readonly stepId?: string;
            readonly operation?: {
                readonly operation?: string;
                readonly version?: string;
            };
            readonly plannedWorkCenter?: string;
            readonly resource?: string;
            readonly stepDone?: boolean;
            readonly quantityInQueue?: number;
            readonly quantityInWork?: number;
        };
        readonly Material: {
            readonly material?: string;
            readonly version?: string;
            readonly description?: string;
        };
        readonly Routing: {
            readonly routing?: string;
            readonly type?: string;
            readonly version?: string;
        };
        readonly SfcStatus: {
            readonly code?: string;
            readonly description?: string;
        };
        readonly Order: {
            readonly order?: string;
            readonly orderStatus?: string;
            readonly batchNumber?: string;
            readonly orderPlannedStartDateTime?: string;
            readonly orderPlannedCompleteDateTime?: string;
        };
        /** @description Refusal of the older services. */
        readonly Error: {
            readonly errorMessageKey?: string;
            readonly displayMessage?: string;
            readonly technicalMessage?: string;
            readonly errorCode?: number;
            readonly timestamp?: number;
            readonly status?: number;
        };
        /** @description Refusal of the newer services. */
        readonly NewError: {
            readonly code?: string;
            readonly message?: string;
            readonly causeMessage?: string;
            readonly correlationId?: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
