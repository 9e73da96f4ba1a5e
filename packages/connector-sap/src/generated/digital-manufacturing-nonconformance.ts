// Made by scripts/generate-openapi.mjs from openapi/digital-manufacturing-nonconformance.json; change that file, not this one.
export interface components {
    schemas: {
        readonly LogNonConformanceRequest: {
            readonly code: string;
            readonly plant: string;
            readonly sfcs: readonly string[];
            readonly quantity?: number;
            readonly resource?: string;
            readonly workCenter?: string;
            readonly routingStepId?: string;
            /** @description True when absent: the shop floor control must be in work. */
            readonly startSfcRequired?: boolean;
            /** @description false when absent. */
            readonly allowNotAssembledComponents?: boolean;
            readonly dataFields?: readonly components["schemas"]["DataField"][];
            readonly files?: readonly components["schemas"]["LogNonConformanceFile"][];
        };
        readonly LogNonConformanceFile: {
            readonly fileName: string;
            readonly fileMediaType: string;
            /** @description Base64. */
            readonly fileContent: string;
        };
        readonly NonConformanceLogResponse: {
            readonly ids?: readonly {
                readonly sfc?: string;
                readonly ids?: readonly string[];
            }[];
        };
        readonly CloseNonConformanceRequest: {
            readonly id: string;
            readonly plant: string;
            readonly comments?: string;
        };
        readonly DataField: {
            readonly key?: string;
            readonly value?: string;
        };
        readonly NonConformance: {
            readonly id?: string;
            readonly code?: string;
            readonly sfc?: string;
            readonly plant?: string;
            /** @enum {string} */
            readonly state?: "OPEN" | "CLOSED" | "CANCELLED" | "CLOSE_PENDING";
            readonly comments?: string;
            /** Format: date-time */
            readonly createdDateTime?: string;
            /** Format: date-time */
            readonly modifiedDateTime?: string;
            readonly fileIds?: readonly string[];
            readonly dataFields?: readonly components["schemas"]["DataField"][];
        };
        readonly PageNonConformance: {
            readonly content?: readonly components["schemas"]["NonConformance"][];
            readonly number?: number;
            readonly size?: number;
            readonly last?: boolean;
            readonly totalElements?: number;
            readonly totalPages?: number;
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
