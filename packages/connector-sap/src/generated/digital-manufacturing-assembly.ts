// Made by scripts/generate-openapi.mjs from openapi/digital-manufacturing-assembly.json; change that file, not this one.
export interface components {
    schemas: {
        readonly AssembledComponent: {
            readonly assemblyId?: number;
            readonly plant?: string;
            readonly operationActivity?: string;
            readonly component?: string;
            readonly componentVersion?: string;
            readonly description?: string;
            readonly assembledQuantity?: number;
            readonly batchNumber?: string;
            readonly serialNumber?: string;
            readonly inventoryId?: string;
            readonly storageLocation?: string;
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
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
