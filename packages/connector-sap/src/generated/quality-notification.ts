// Made by scripts/generate-openapi.mjs from openapi/quality-notification.json; change that file, not this one.
export interface components {
    schemas: {
        readonly QualityNotification: {
            readonly "@odata.context"?: string;
            readonly "@odata.metadataEtag"?: string;
            readonly "@odata.etag"?: string;
            /** @description Key; given by the number range */
            readonly QualityNotification: string;
            /** @description Q1 customer complaint, Q2 complaint against a supplier, Q3 internal */
            readonly NotificationType?: string;
            readonly NotificationText?: string;
            /** @description 1 outstanding, 2 postponed, 3 in process, 4 completed */
            readonly NotifProcessingPhase?: string;
            readonly NotificationPriorityType?: string;
            readonly NotificationPriority?: string;
            readonly NotificationCatalog?: string;
            readonly NotificationCodeGroup?: string;
            readonly NotificationCodeID?: string;
            readonly Material?: string;
            readonly Plant?: string;
            readonly Batch?: string;
            readonly Customer?: string;
            readonly Supplier?: string;
            readonly InspectionLot?: string;
            readonly MaterialDocumentYear?: string;
            readonly MaterialDocument?: string;
            readonly MaterialDocumentItem?: string;
            /** Format: date */
            readonly NotificationReportingDate?: string;
            /** Format: date */
            readonly NotificationRequiredStartDate?: string | null;
            /** Format: date */
            readonly NotificationRequiredEndDate?: string | null;
            readonly IsDeleted?: boolean;
            readonly CreatedByUser?: string;
            /** Format: date */
            readonly CreationDate?: string;
            /** Format: date-time */
            readonly ChangedDateTime?: string;
            readonly _QltyNotificationLongText?: readonly components["schemas"]["QltyNotificationLongText"][];
            readonly _QualityNotificationItem?: readonly components["schemas"]["QualityNotificationItem"][];
            readonly _QltyNotificationTask?: readonly components["schemas"]["QltyNotificationTask"][];
            readonly _QltyNotificationPartner?: readonly components["schemas"]["QltyNotificationPartner"][];
        };
        /** @description Deep create: the notification, its text, items and tasks in one request */
        readonly QualityNotificationCreate: {
            /** @description Q1 customer complaint, Q2 complaint against a supplier, Q3 internal */
            readonly NotificationType: string;
            readonly NotificationText: string;
            readonly NotificationPriorityType?: string;
            readonly NotificationPriority?: string;
            readonly NotificationCatalog?: string;
            readonly NotificationCodeGroup?: string;
            readonly NotificationCodeID?: string;
            readonly Material?: string;
            readonly Plant?: string;
            readonly Batch?: string;
            readonly Customer?: string;
            readonly Supplier?: string;
            readonly InspectionLot?: string;
            readonly MaterialDocumentYear?: string;
            readonly MaterialDocument?: string;
            readonly MaterialDocumentItem?: string;
            /** Format: date */
            readonly NotificationReportingDate?: string;
            /** Format: date */
            readonly NotificationRequiredStartDate?: string | null;
            /** Format: date */
            readonly NotificationRequiredEndDate?: string | null;
            readonly _QltyNotificationLongText?: readonly components["schemas"]["QltyNotificationLongTextCreate"][];
            readonly _QualityNotificationItem?: readonly components["schemas"]["QualityNotificationItemCreate"][];
            readonly _QltyNotificationTask?: readonly components["schemas"]["QltyNotificationTaskCreate"][];
            readonly _QltyNotificationPartner?: readonly components["schemas"]["QltyNotificationPartnerCreate"][];
        };
        readonly QltyNotificationLongText: {
            readonly "@odata.context"?: string;
            readonly "@odata.metadataEtag"?: string;
            readonly "@odata.etag"?: string;
            readonly QualityNotification?: string;
            readonly LongTextInternalNumber?: string;
            readonly Language?: string;
            /** @description Without a length of its own */
            readonly QltyNotificationLongText?: string;
        };
        readonly QltyNotificationLongTextCreate: {
            readonly Language?: string;
            /** @description Without a length of its own */
            readonly QltyNotificationLongText: string;
        };
        readonly QualityNotificationItem: {
            readonly "@odata.context"?: string;
            readonly "@odata.metadataEtag"?: string;
            readonly "@odata.etag"?: string;
            readonly QualityNotification?: string;
            readonly NotificationItem?: string;
            readonly NotificationItemText?: string;
            /** @description 9 defect */
            readonly DefectCodeCatalog?: string;
            readonly DefectCodeGroup?: string;
            readonly DefectCode?: string;
            /** @description B part, E location */
            readonly NotifItmObjectPartCodeCtlg?: string;
            readonly NotifItmObjectPartCodeGroup?: string;
            readonly NotifItmObjectPartCode?: string;
            readonly DefectClass?: string;
            /** Format: int32 */
            readonly NumberOfDefects?: number;
            /**
             * Format: decimal
             * @description Edm.Decimal(13,3), a string in JSON
             */
            readonly ExternalDefectiveQuantity?: string;
            readonly DefectiveQuantityUnit?: string;
            readonly _QltyNotifItemLongText?: readonly components["schemas"]["QltyNotificationItemLongText"][];
            readonly _QltyNotificationItemCause?: readonly components["schemas"]["QltyNotificationItemCause"][];
        };
        readonly QualityNotificationItemCreate: {
            readonly NotificationItem?: string;
            readonly NotificationItemText?: string;
            /** @description 9 defect */
            readonly DefectCodeCatalog?: string;
            readonly DefectCodeGroup?: string;
            readonly DefectCode?: string;
            /** @description B part, E location */
            readonly NotifItmObjectPartCodeCtlg?: string;
            readonly NotifItmObjectPartCodeGroup?: string;
            readonly NotifItmObjectPartCode?: string;
            readonly DefectClass?: string;
            /** Format: int32 */
            readonly NumberOfDefects?: number;
            /**
             * Format: decimal
             * @description Edm.Decimal(13,3), a string in JSON
             */
            readonly ExternalDefectiveQuantity?: string;
            readonly DefectiveQuantityUnit?: string;
            readonly _QltyNotifItemLongText?: readonly components["schemas"]["QltyNotificationItemLongTextCreate"][];
            readonly _QltyNotificationItemCause?: readonly components["schemas"]["QltyNotificationItemCauseCreate"][];
        };
        readonly QltyNotificationItemLongText: {
            readonly "@odata.context"?: string;
            readonly "@odata.metadataEtag"?: string;
            readonly "@odata.etag"?: string;
            readonly QualityNotification?: string;
            readonly NotificationItem?: string;
            readonly LongTextInternalNumber?: string;
            readonly Language?: string;
            /** @description Without a length of its own */
            readonly NotificationItemLongText?: string;
        };
        readonly QltyNotificationItemLongTextCreate: {
            readonly Language?: string;
            /** @description Without a length of its own */
            readonly NotificationItemLongText: string;
        };
        readonly QltyNotificationItemCause: {
            readonly "@odata.context"?: string;
            readonly "@odata.metadataEtag"?: string;
            readonly "@odata.etag"?: string;
            readonly QualityNotification?: string;
            readonly NotificationItem?: string;
            readonly NotificationCauseID?: string;
            readonly NotificationCauseText?: string;
            /** @description 5 cause */
            readonly NotificationCauseCodeCatalog?: string;
            readonly NotificationCauseCodeGroup?: string;
            readonly NotificationCauseCode?: string;
        };
        readonly QltyNotificationItemCauseCreate: {
            readonly NotificationCauseText?: string;
            /** @description 5 cause */
            readonly NotificationCauseCodeCatalog?: string;
            readonly NotificationCauseCodeGroup?: string;
            readonly NotificationCauseCode?: string;
        };
        readonly QltyNotificationTask: {
            readonly "@odata.context"?: string;
            readonly "@odata.metadataEtag"?: string;
            readonly "@odata.etag"?: string;
            readonly QualityNotification?: string;
            readonly NotificationTask?: string;
            readonly NotificationTaskText?: string;
            readonly NotifProcessingPhase?: string;
        };
        readonly QltyNotificationTaskCreate: {
            readonly NotificationTaskText?: string;
        };
        readonly QltyNotificationPartner: {
            readonly "@odata.context"?: string;
            readonly "@odata.metadataEtag"?: string;
            readonly "@odata.etag"?: string;
            readonly QualityNotification?: string;
            readonly PartnerFunction?: string;
            readonly Partner?: string;
        };
        readonly QltyNotificationPartnerCreate: {
            readonly PartnerFunction?: string;
            readonly Partner?: string;
        };
        readonly Error: {
            readonly error: {
                readonly code: string;
                readonly message: string;
                readonly target?: string;
                readonly details?: readonly {
                    readonly code?: string;
                    readonly message?: string;
                    readonly target?: string;
                }[];
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
