// Made by scripts/generate-openapi.mjs from openapi/digital-manufacturing-setpoint.json; change that file, not this one.
export interface components {
    schemas: {
        readonly SetPointGroup: {
            readonly plant: string;
            readonly setPointGroup: string;
            readonly version: string;
            /** @enum {string} */
            readonly status?: "NEW" | "RELEASABLE" | "HOLD" | "OBSOLETE";
            readonly currentVersion?: boolean;
            readonly description?: string;
            readonly modifiedDatetime?: components["schemas"]["Timestamp"];
            readonly createdDatetime?: components["schemas"]["Timestamp"];
            readonly parameters?: readonly components["schemas"]["SetPointParam"][];
            readonly contexts?: readonly {
                readonly resource: string;
                readonly setPointGroup?: string;
            }[];
            readonly customValues?: readonly components["schemas"]["CustomValue"][];
        };
        readonly SetPointParam: {
            /** @enum {string} */
            readonly dataType: "NUMERIC" | "STRING" | "BOOLEAN";
            readonly parameter: string;
            readonly resource: string;
            readonly description?: string;
            readonly asset?: string;
            readonly eabmIndicator?: string;
            readonly structureToAssetTypePathId?: string;
            readonly namedAssociationPathId?: string;
            readonly numericValue?: number;
            readonly stringValue?: string;
            readonly booleanValue?: boolean;
            readonly lowerLimitValue?: number;
            readonly upperLimitValue?: number;
        };
        readonly SetPointGroupDelegator: {
            readonly groups?: readonly components["schemas"]["SetPointGroup"][];
            readonly count?: number;
            readonly currentPage?: number;
            readonly numberOfPages?: number;
        };
        readonly SetPointRequest: {
            readonly plant: string;
            readonly resource: string;
            readonly parameter?: string;
            readonly setPointGroup?: string;
        };
        readonly SetPointWriteIndicatorResponse: {
            readonly success?: boolean;
            readonly referenceName?: string;
            readonly referencePathId?: string;
            readonly structureToAssetTypeReferencePathId?: string;
        };
        readonly CustomValue: {
            readonly attribute?: string;
            readonly value?: string;
        };
        /** Format: date-time */
        readonly Timestamp: string;
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
