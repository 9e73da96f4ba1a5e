// Made by scripts/generate-openapi.mjs from openapi/digital-manufacturing-inventory.json; change that file, not this one.
export interface components {
    schemas: {
        readonly QueryInventoryRequest: {
            readonly plant: string;
            readonly batchNumber?: string;
            readonly material?: string;
            readonly inventoryIds?: readonly string[];
            /** @description 0 when absent. */
            readonly page?: number;
            /** @description 20 when absent. */
            readonly size?: number;
            readonly sort?: readonly {
                readonly fieldName: string;
                /** @enum {string} */
                readonly order?: "ASC" | "DESC";
            }[];
        };
        readonly QueryInventoryResponse: {
            readonly content?: readonly components["schemas"]["Inventory"][];
            readonly number?: number;
            readonly numberOfElements?: number;
            readonly totalElements?: number;
            readonly totalPages?: number;
        };
        readonly Inventory: {
            readonly inventoryId?: string;
            readonly material?: string;
            readonly materialVersion?: string;
            readonly batchNumber?: string;
            readonly serialNumber?: string;
            /** @enum {string} */
            readonly status?: "UNRESTRICTED" | "RESTRICTED" | "QUALITY_INSPECTION" | "BLOCKED";
            readonly storageLocation?: string;
            readonly comments?: string;
            /** @enum {string} */
            readonly origin?: "DMC" | "ERP" | "EWM";
            readonly thirdPartyImported?: boolean;
            readonly quantityOnHand?: {
                readonly value?: number;
                readonly internalUnitOfMeasure?: string;
            };
            /** Format: date-time */
            readonly createdDateTime?: string;
            /** Format: date-time */
            readonly modifiedDateTime?: string;
            readonly dataFields?: readonly components["schemas"]["InventoryDataField"][];
        };
        readonly InventoryDataField: {
            readonly dataField?: string;
            readonly dataAttribute?: string;
        };
        readonly UpdateInventoryRequest: {
            /** @enum {string} */
            readonly status?: "UNRESTRICTED" | "RESTRICTED" | "QUALITY_INSPECTION" | "BLOCKED";
            readonly comments?: string;
            readonly dataFields?: readonly components["schemas"]["InventoryDataField"][];
            /**
             * Format: date-time
             * @description As it was read; another value is answered with 409.
             */
            readonly lastModifiedDateTime: string;
        };
        readonly GoodsIssue: {
            readonly sfc?: string;
            readonly order?: string;
            readonly material?: string;
            readonly materialVersion?: string;
            readonly batchNumber?: string;
            readonly inventoryId?: string;
            /** @enum {string} */
            readonly postingStatus?: "POSTED_IN_DMC" | "POSTED_TO_TARGET_SYS" | "FAILED_TO_POST_TO_TARGET_SYS" | "CANCELLATION_POSTED_IN_DMC" | "CANCELLATION_POSTED_TO_TARGET_SYS" | "CANCELLATION_FAILED_TO_POST_TO_TARGET_SYS";
            readonly workCenter?: string;
        };
        readonly PageGoodsIssue: {
            readonly content?: readonly components["schemas"]["GoodsIssue"][];
            readonly number?: number;
            readonly numberOfElements?: number;
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
