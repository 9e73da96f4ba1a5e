// Made by scripts/generate-openapi.mjs from openapi/digital-manufacturing-schedule.json; change that file, not this one.
export interface components {
    schemas: {
        readonly OrderReschedule: {
            readonly plant: string;
            readonly order: string;
            /** @description YYYY-MM-DDThh:mm:ssZ */
            readonly dateTime?: string;
            readonly resource?: string;
            readonly operation?: string;
            readonly includeShiftBreaks?: boolean;
            /** @description INFINITE or FINDSLOT "INFINITE" when absent. */
            readonly mode?: string;
        };
        readonly SuccessResponse: {
            /** @description "successfully scheduled" or "failed to schedule". */
            readonly message?: string;
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
