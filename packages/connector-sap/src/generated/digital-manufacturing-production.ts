// Made by scripts/generate-openapi.mjs from openapi/digital-manufacturing-production.json; change that file, not this one.
export interface components {
    schemas: {
        readonly ChangeProductionRequest: {
            readonly plant: string;
            readonly sfcs: readonly {
                readonly sfc: string;
                readonly routingStepId?: string;
                readonly placeSFCIn?: components["schemas"]["PlaceSFCIn"];
            }[];
            readonly routing?: components["schemas"]["RoutingId"];
            readonly routingStepId?: string;
            readonly placeSFCIn?: components["schemas"]["PlaceSFCIn"];
            /** @description false when absent. */
            readonly quantityCopy?: boolean;
            /** @description false when absent. */
            readonly dataCollectionCopy?: boolean;
            /** @description false when absent. */
            readonly activityConfirmationCopy?: boolean;
        };
        readonly RoutingId: {
            readonly routing: string;
            /** @enum {string} */
            readonly routingType: "PRODUCTION" | "SHOPORDER_SPECIFIC";
            readonly version: string;
        };
        /** @enum {string} */
        readonly PlaceSFCIn: "FIRST" | "FIRST_UNCOMPLETED";
        readonly ChangeProductionResponse: {
            /** @description Success, Failure or Partial Success. */
            readonly status?: string;
            readonly data?: {
                readonly success?: readonly {
                    readonly sfc?: string;
                    readonly message?: string;
                }[];
                readonly failed?: readonly {
                    readonly code?: string;
                    readonly message?: string;
                    readonly correlationId?: string;
                    readonly causeMessage?: string;
                    readonly arguments?: readonly string[];
                }[];
            };
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
