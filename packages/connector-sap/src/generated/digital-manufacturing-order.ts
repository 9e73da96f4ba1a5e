// Made by scripts/generate-openapi.mjs from openapi/digital-manufacturing-order.json; change that file, not this one.
export interface components {
    schemas: {
        readonly FindOrderResponse: {
            readonly plant?: string;
            readonly order?: string;
            /** @enum {string} */
            readonly status?: "RELEASABLE" | "HOLD" | "DONE" | "CLOSED" | "DISCARDED";
            readonly releaseStatus?: string;
            /** @enum {string} */
            readonly executionStatus?: "NOT_IN_EXECUTION" | "ACTIVE" | "HOLD" | "CLOSED" | "COMPLETED" | "DISCARDED";
            readonly priority?: number;
            readonly batchNumber?: string;
            /** Format: date-time */
            readonly plannedStartDate?: string;
            /** Format: date-time */
            readonly plannedCompletionDate?: string;
            /** Format: date-time */
            readonly scheduledStartDate?: string;
            /** Format: date-time */
            readonly scheduledCompletionDate?: string;
            readonly material?: components["schemas"]["Material"];
            readonly sfcs?: readonly string[];
            readonly customValues?: readonly components["schemas"]["CustomValue"][];
        };
        readonly OrderCustomValueRequest: {
            readonly plant: string;
            readonly order: string;
            readonly customValues: readonly components["schemas"]["CustomValue"][];
        };
        readonly CustomValue: {
            readonly attribute?: string;
            readonly value?: string;
        };
        readonly Material: {
            readonly material?: string;
            readonly version?: string;
        };
        /** @description Refusal of the newer services. */
        readonly Error: {
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
