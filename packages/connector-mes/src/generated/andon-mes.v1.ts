// Made by scripts/generate-openapi.mjs from openapi/andon-mes.v1.json; change that file, not this one.
export interface components {
    schemas: {
        /** @description RFC 9457, with a code that programs read. */
        readonly Problem: {
            /** @description One of the codes in the description of this contract, or one of your own. */
            readonly code: string;
            /** @description For people. Never a secret. */
            readonly detail: string;
            readonly title?: string;
            readonly type?: string;
            readonly status?: number;
        };
        readonly Status: {
            /** @enum {string} */
            readonly contract: "andon-mes/1";
            /** @description The operationIds that this MES implements; all of them when absent. */
            readonly operations?: readonly string[];
        };
        /** @description A circumstance that a customer named: "between 2 and 8 °C, at night". */
        readonly Condition: {
            /** @description What was measured or said, e.g. temperature. */
            readonly quantity: string;
            /** @description As the customer said it. */
            readonly text: string;
            /** @description UCUM, e.g. Cel. */
            readonly unit?: string;
            readonly min?: number;
            readonly max?: number;
        };
        /** @description A photo or a recording, by its address. */
        readonly Evidence: {
            readonly uri: string;
            readonly mime: string;
            readonly sha256?: string;
            /** @description The text recognised in it. */
            readonly derivedText?: string;
        };
        readonly Quote: {
            readonly feedbackId: string;
            /** @description How it was said, e.g. call. */
            readonly channel: string;
            /** @description RFC 3339. */
            readonly at: string;
            /** @description BCP 47. */
            readonly language: string;
            /** @description Verbatim. */
            readonly text: string;
            readonly conditions: readonly components["schemas"]["Condition"][];
            readonly evidence?: readonly components["schemas"]["Evidence"][];
            readonly productModel?: string;
            readonly serialNumber?: string;
        };
        /** @description What became of an action id. */
        readonly ActionRecord: {
            readonly actionId: string;
            /** @description The operationId that was asked for. */
            readonly operation: string;
            /** @description As it was answered then. */
            readonly reference: string;
            /**
             * Format: date-time
             * @description When it was done.
             */
            readonly at: string;
            /** @description The answer of then, to the letter. */
            readonly result: {
                readonly [key: string]: unknown;
            };
        };
        readonly LotSubject: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            readonly kind: "lot";
            /** @description A lot of components or of finished goods. */
            readonly id: string;
        };
        readonly UnitSubject: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            readonly kind: "unit";
            /** @description A serial number. */
            readonly id: string;
        };
        readonly OrderSubject: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            readonly kind: "order";
            readonly id: string;
        };
        readonly ParameterSubject: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            readonly kind: "parameter";
            readonly equipment: string;
            /** @description The name of the parameter. */
            readonly id: string;
        };
        readonly Subject: components["schemas"]["LotSubject"] | components["schemas"]["UnitSubject"] | components["schemas"]["OrderSubject"] | components["schemas"]["ParameterSubject"];
        readonly StatesQuestion: {
            readonly subjects: readonly components["schemas"]["Subject"][];
        };
        /** @description How one subject stands now. */
        readonly State: {
            /** @description False when there is no such thing; then nothing else is told. */
            readonly found: boolean;
            /** @description Lot and unit: it must not be used or shipped. */
            readonly held?: boolean;
            /** @description 1 is first. */
            readonly priority?: number;
            /** @description Order: planned, released, finished, cancelled, or a word of yours. */
            readonly status?: string;
            /** @description Parameter: read from the equipment, not from a memory of what was written. */
            readonly value?: number;
            /** @description UCUM. */
            readonly unit?: string;
            /** @description The equipment's own limit, in its unit. */
            readonly low?: number;
            /** @description The equipment's own limit, in its unit. */
            readonly high?: number;
            /** @description The largest change in one write, in its unit. */
            readonly maxStep?: number;
            /** @description The shortest time between two changes. */
            readonly dwellSeconds?: number;
            /** @description Since the last change, by your clock; absent before the first. */
            readonly secondsSinceChange?: number;
        };
        readonly States: {
            /** @description One for each subject, in the order asked. */
            readonly states: readonly components["schemas"]["State"][];
        };
        readonly GenealogyQuestion: {
            readonly serials: readonly string[];
            readonly lots: readonly string[];
            /** @description At most so many units in the answer. */
            readonly limit: number;
        };
        readonly TracedUnit: {
            readonly serial: string;
            readonly productModel?: string;
            /** @description As finished goods. */
            readonly lot?: string;
            /** @description Component → lot. */
            readonly componentLots?: {
                readonly [key: string]: string;
            };
            /** @description That made it. */
            readonly line?: string;
            /** @description Where it is now, e.g. line 3, warehouse, shipped. */
            readonly location?: string;
        };
        readonly TracedLot: {
            readonly lot: string;
            /** @description Absent for finished goods. */
            readonly component?: string;
            readonly location?: string;
            /** @description Pieces left. */
            readonly quantity?: number;
            readonly held?: boolean;
        };
        readonly Genealogy: {
            /** @description The units asked for, and every unit that has a lot asked for; each once. */
            readonly units: readonly components["schemas"]["TracedUnit"][];
            /** @description The lots asked for. */
            readonly lots: readonly components["schemas"]["TracedLot"][];
            /** @description Serials and lots of the question that you do not know. */
            readonly unknown: readonly string[];
            /** @description The limit cut the units off. */
            readonly truncated: boolean;
        };
        readonly Lot: {
            readonly lot: string;
            readonly held: boolean;
            readonly component?: string;
            /** @description Pieces left. */
            readonly quantity?: number;
            readonly location?: string;
            /** @description Units that have it in them. */
            readonly unitCount?: number;
            /** @description Their serial numbers, at most 1,000. */
            readonly units?: readonly string[];
        };
        readonly LotHold: {
            /** @description Why, for people. */
            readonly reason: string;
            /** @description Which component the lot is believed to be of: another one is refused, component_differs. */
            readonly component?: string;
            /** @description The customers' own words. Keep them where people who work on it see them, whole: what is longer than a field of yours is split or attached, never cut. */
            readonly quotes?: readonly components["schemas"]["Quote"][];
            /** @description The action whose effect this request takes back. */
            readonly restores?: string;
        };
        readonly LotRelease: {
            /** @description Why, for people. */
            readonly reason: string;
            readonly component?: string;
            /** @description Takes away the hold of this action alone; all holds where absent. */
            readonly heldBy?: string;
            /** @description The customers' own words. Keep them where people who work on it see them, whole: what is longer than a field of yours is split or attached, never cut. */
            readonly quotes?: readonly components["schemas"]["Quote"][];
        };
        readonly LotAnswer: {
            /** @description Your document or transaction. */
            readonly reference: string;
            readonly lot: components["schemas"]["Lot"];
        };
        /** @description All of them or none. */
        readonly UnitsHold: {
            readonly serials: readonly string[];
            /** @description Why, for people. */
            readonly reason: string;
            /** @description The customers' own words. Keep them where people who work on it see them, whole: what is longer than a field of yours is split or attached, never cut. */
            readonly quotes?: readonly components["schemas"]["Quote"][];
            /** @description The action whose effect this request takes back. */
            readonly restores?: string;
        };
        readonly UnitsRelease: {
            readonly serials: readonly string[];
            /** @description Why, for people. */
            readonly reason: string;
            readonly heldBy?: string;
            /** @description The customers' own words. Keep them where people who work on it see them, whole: what is longer than a field of yours is split or attached, never cut. */
            readonly quotes?: readonly components["schemas"]["Quote"][];
        };
        readonly UnitsAnswer: {
            readonly reference: string;
            readonly units: readonly {
                readonly serial: string;
                readonly held: boolean;
            }[];
        };
        readonly Order: {
            readonly id: string;
            /** @description 1 is first. */
            readonly priority: number;
            readonly status?: string;
            /** @description production or rework. */
            readonly kind?: string;
            readonly productModel?: string;
            readonly quantity?: number;
            readonly aboutOrder?: string;
            readonly aboutLot?: string;
        };
        readonly Prioritise: {
            /** @description 1 is first. */
            readonly priority: number;
            /** @description Why, for people. */
            readonly reason: string;
            /** @description The customers' own words. Keep them where people who work on it see them, whole: what is longer than a field of yours is split or attached, never cut. */
            readonly quotes?: readonly components["schemas"]["Quote"][];
            /** @description The action whose effect this request takes back. */
            readonly restores?: string;
        };
        readonly PriorityAnswer: {
            readonly reference: string;
            readonly order: components["schemas"]["Order"];
            /** @description 1 is first. */
            readonly previousPriority: number;
        };
        /** @description Of an order, of a lot, or of both: one of them at least. */
        readonly Rework: {
            readonly order?: string;
            readonly lot?: string;
            /** @description Pieces. */
            readonly quantity?: number;
            /** @description 1 is first. */
            readonly priority?: number;
            /** @description Why, for people. */
            readonly reason: string;
            /** @description The customers' own words. Keep them where people who work on it see them, whole: what is longer than a field of yours is split or attached, never cut. */
            readonly quotes?: readonly components["schemas"]["Quote"][];
        };
        readonly OrderAnswer: {
            /** @description The id of the new order, for scheduleRework. */
            readonly reference: string;
            readonly order: components["schemas"]["Order"];
        };
        readonly Cancellation: {
            /** @description Why, for people. */
            readonly reason: string;
            /** @description The customers' own words. Keep them where people who work on it see them, whole: what is longer than a field of yours is split or attached, never cut. */
            readonly quotes?: readonly components["schemas"]["Quote"][];
        };
        /** @description Of a lot, of a model, or of both: one of them at least. */
        readonly InspectionRequest: {
            readonly lot?: string;
            readonly productModel?: string;
            /** @description Pieces to look at; left to you where absent. */
            readonly sampleSize?: number;
            /** @description Why, for people. */
            readonly reason: string;
            /** @description The customers' own words. Keep them where people who work on it see them, whole: what is longer than a field of yours is split or attached, never cut. */
            readonly quotes?: readonly components["schemas"]["Quote"][];
        };
        readonly Inspection: {
            readonly id: string;
            /** @description open, cancelled, or a word of yours. */
            readonly status: string;
            readonly lot?: string;
            readonly productModel?: string;
            readonly sampleSize?: number;
        };
        readonly InspectionAnswer: {
            /** @description Its id. */
            readonly reference: string;
            readonly inspection: components["schemas"]["Inspection"];
        };
        readonly NotificationRequest: {
            readonly title: string;
            readonly text: string;
            readonly productModel?: string;
            readonly lot?: string;
            /** @description The customers' own words. Keep them where people who work on it see them, whole: what is longer than a field of yours is split or attached, never cut. */
            readonly quotes?: readonly components["schemas"]["Quote"][];
        };
        readonly Notification: {
            readonly id: string;
            /** @description open, withdrawn, or a word of yours. */
            readonly status: string;
            readonly title?: string;
        };
        readonly NotificationAnswer: {
            /** @description Its id. */
            readonly reference: string;
            readonly notification: components["schemas"]["Notification"];
        };
        readonly MessageRequest: {
            /** @description A team or a person, by the name that your MES has for it. */
            readonly to: string;
            readonly text: string;
            /** @description 1 is first. */
            readonly priority?: number;
            /** @description The customers' own words. Keep them where people who work on it see them, whole: what is longer than a field of yours is split or attached, never cut. */
            readonly quotes?: readonly components["schemas"]["Quote"][];
        };
        readonly MessageAnswer: {
            /** @description Its id. */
            readonly reference: string;
            readonly message: {
                readonly id: string;
                readonly to: string;
            };
        };
        readonly ParameterChange: {
            readonly value: number;
            /** @description UCUM. Another unit than yours is refused, unit_differs; nothing is converted. */
            readonly unit: string;
            /** @description Why, for people. */
            readonly reason: string;
            /** @description The value that the writer believes to stand now; refused when it does not, value_differs. */
            readonly expects?: number;
            /** @description The writer's own bounds, in the same unit: they count where they are tighter than the equipment's. Log both. */
            readonly bounds?: {
                readonly low?: number;
                readonly high?: number;
                readonly maxStep?: number;
                readonly dwellSeconds?: number;
            };
            /** @description How long the writer means it. Andon takes it back itself: this is for people who look at the machine. */
            readonly validForSeconds?: number;
            /** @description The action whose change this one takes back. Only the last change can be taken back; it may be in one step, larger than maxStep. */
            readonly restores?: string;
            /** @description The customers' own words. Keep them where people who work on it see them, whole: what is longer than a field of yours is split or attached, never cut. */
            readonly quotes?: readonly components["schemas"]["Quote"][];
        };
        readonly Parameter: {
            readonly value: number;
            readonly unit: string;
            readonly low?: number;
            readonly high?: number;
            readonly maxStep?: number;
            readonly dwellSeconds?: number;
            /**
             * Format: date-time
             * @description Of the last change.
             */
            readonly changedAt?: string;
        };
        readonly ParameterAnswer: {
            readonly reference: string;
            readonly parameter: components["schemas"]["Parameter"];
            /** @description What it replaced: what a reversal brings back. */
            readonly previousValue: number;
        };
        readonly AlarmValue: {
            readonly name: string;
            readonly value: number | string | boolean;
            readonly unit?: string;
            readonly low?: number;
            readonly high?: number;
        };
        /** @description One change of an alarm. */
        readonly Alarm: {
            /** @description What the alarm is about, e.g. IM-07/mould_temperature/low; the same whenever it comes again. */
            readonly conditionId: string;
            /** @description False when it has cleared. */
            readonly active: boolean;
            /** @description As the operator sees it. */
            readonly message: string;
            /**
             * Format: date-time
             * @description Of this change of the alarm.
             */
            readonly time: string;
            /**
             * Format: date-time
             * @description Since when it stands: its changes become one feedback.
             */
            readonly activeSince?: string;
            readonly conditionName?: string;
            /** @description As OPC UA Part 9 has it. */
            readonly severity?: number;
            readonly equipment?: string;
            readonly plant?: string;
            readonly line?: string;
            readonly productModel?: string;
            readonly serialNumber?: string;
            readonly lot?: string;
            /** @description Component → lot. */
            readonly componentLots?: {
                readonly [key: string]: string;
            };
            readonly faultCode?: string;
            readonly values?: readonly components["schemas"]["AlarmValue"][];
            /** @description Whatever else there is. */
            readonly attributes?: {
                readonly [key: string]: number | string | boolean;
            };
        };
        readonly Alarms: {
            /** @description In the order in which they happened. */
            readonly alarms: readonly components["schemas"]["Alarm"][];
            /** @description Where to go on; opaque. */
            readonly next: string;
        };
    };
    responses: {
        /** @description Refused: see the codes in the description. */
        readonly Problem: {
            headers: {
                /** @description Seconds. */
                readonly "Retry-After"?: string;
                readonly [name: string]: unknown;
            };
            content: {
                readonly "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: {
        /** @description The action id, percent-encoded (RFC 3986) where it has other than unreserved characters. */
        readonly ActionId: string;
    };
    requestBodies: never;
    headers: {
        /** @description This is the answer of an earlier request with the same action id. */
        readonly Replay: "true";
    };
    pathItems: never;
}
