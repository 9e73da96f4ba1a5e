// What connector-sap uses of S/4HANA, by SAP's own names, for a server that is not ours: @sap/cds.
namespace s4hana;

entity Batch {
  key Material                    : String(40);
  key BatchIdentifyingPlant       : String(4) default '';
  key Batch                       : String(10);
      BatchIsMarkedForDeletion    : Boolean default false;
      MatlBatchIsInRstrcdUseStock : Boolean default false;
      Supplier                    : String(10) default '';
      BatchBySupplier             : String(15) default '';
      CountryOfOrigin             : String(3) default '';
      RegionOfOrigin              : String(3) default '';
      MatlBatchAvailabilityDate   : Date;
      ShelfLifeExpirationDate     : Date;
      ManufactureDate             : Date;
      CreationDateTime            : Timestamp @cds.on.insert: $now;
      LastChangeDateTime          : Timestamp @odata.etag  @cds.on.insert: $now  @cds.on.update: $now;
}

entity Stock {
  key Material                     : String(40);
  key Plant                        : String(4);
  key StorageLocation              : String(4);
  key Batch                        : String(10) default '';
  key Supplier                     : String(10) default '';
  key Customer                     : String(10) default '';
  key WBSElementInternalID         : String(24) default '';
  key SDDocument                   : String(10) default '';
  key SDDocumentItem               : String(6) default '';
  key InventorySpecialStockType    : String(1) default '';
  key InventoryStockType           : String(2);
      MaterialBaseUnit             : String(3);
      MatlWrhsStkQtyInMatlBaseUnit : Decimal(31, 14);
}

entity MaterialDocumentHeader {
  key MaterialDocumentYear       : String(4);
  key MaterialDocument           : String(10);
      InventoryTransactionType   : String(2) default '';
      DocumentDate               : Date;
      PostingDate                : Date;
      CreationDate               : Date;
      CreationTime               : Time;
      CreatedByUser              : String(12) default 'ANDON';
      MaterialDocumentHeaderText : String(25) default '';
      ReferenceDocument          : String(16) default '';
      GoodsMovementCode          : String(2);
      to_MaterialDocumentItem    : Composition of many MaterialDocumentItem
                                     on  to_MaterialDocumentItem.MaterialDocumentYear = $self.MaterialDocumentYear
                                     and to_MaterialDocumentItem.MaterialDocument     = $self.MaterialDocument;
}

entity MaterialDocumentItem {
  key MaterialDocumentYear         : String(4);
  key MaterialDocument             : String(10);
  key MaterialDocumentItem         : String(4);
      Material                     : String(40);
      Plant                        : String(4);
      StorageLocation              : String(4);
      Batch                        : String(10) default '';
      GoodsMovementType            : String(3);
      InventoryStockType           : String(2) default '';
      Supplier                     : String(10) default '';
      Customer                     : String(10) default '';
      ManufacturingOrder           : String(12) default '';
      GoodsMovementReasonCode      : String(4) default '';
      Delivery                     : String(10) default '';
      QuantityInBaseUnit           : Decimal(13, 3);
      MaterialBaseUnit             : String(3) default '';
      QuantityInEntryUnit          : Decimal(13, 3);
      EntryUnit                    : String(3);
      IssuingOrReceivingPlant      : String(4) default '';
      IssuingOrReceivingStorageLoc : String(4) default '';
      MaterialDocumentItemText     : String(50) default '';
      GoodsMovementIsCancelled     : Boolean default false;
      ReversedMaterialDocumentYear : String(4) default '';
      ReversedMaterialDocument     : String(10) default '';
      ReversedMaterialDocumentItem : String(4) default '';
      DebitCreditCode              : String(1) default '';
      to_MaterialDocumentHeader    : Association to one MaterialDocumentHeader
                                       on  to_MaterialDocumentHeader.MaterialDocumentYear = $self.MaterialDocumentYear
                                       and to_MaterialDocumentHeader.MaterialDocument     = $self.MaterialDocument;
      to_SerialNumbers             : Association to many SerialNumber
                                       on  to_SerialNumbers.MaterialDocumentYear = $self.MaterialDocumentYear
                                       and to_SerialNumbers.MaterialDocument     = $self.MaterialDocument
                                       and to_SerialNumbers.MaterialDocumentItem = $self.MaterialDocumentItem;
}

entity SerialNumber {
  key Material                 : String(40);
  key SerialNumber             : String(18);
  key MaterialDocument         : String(10);
  key MaterialDocumentItem     : String(4);
  key MaterialDocumentYear     : String(4);
      ManufacturerSerialNumber : String(30) default '';
}

entity ProductionOrder {
  key ManufacturingOrder           : String(12);
      ManufacturingOrderCategory   : String(2) default '10';
      ManufacturingOrderType       : String(4);
      OrderLongText                : LargeString;
      ManufacturingOrderImportance : String(1) default '';
      OrderIsCreated               : String(1) default 'X';
      OrderIsReleased              : String(1) default '';
      OrderIsConfirmed             : String(1) default '';
      OrderIsDelivered             : String(1) default '';
      OrderIsDeleted               : String(1) default '';
      OrderIsLocked                : String(1) default '';
      OrderIsTechnicallyCompleted  : String(1) default '';
      OrderIsClosed                : String(1) default '';
      MfgOrderCreationDate         : Date;
      LastChangeDateTime           : String(14) @odata.etag;
      Material                     : String(40);
      StorageLocation              : String(4) default '';
      GoodsRecipientName           : String(12) default '';
      UnloadingPointName           : String(25) default '';
      ProductionPlant              : String(4);
      Plant                        : String(4) default '';
      ProductionVersion            : String(4) default '';
      MRPController                : String(3) default '';
      MfgOrderPlannedStartDate     : Date;
      MfgOrderPlannedStartTime     : Time;
      MfgOrderPlannedEndDate       : Date;
      MfgOrderPlannedEndTime       : Time;
      MfgOrderScheduledStartDate   : Date;
      MfgOrderScheduledEndDate     : Date;
      ProductionUnit               : String(3) default 'PC';
      TotalQuantity                : Decimal(13, 3);
      MfgOrderConfirmedYieldQty    : Decimal(13, 3) default 0;
}

entity InspectionLot {
  key InspectionLot                 : String(12);
      Material                      : String(40);
      Batch                         : String(10) default '';
      Plant                         : String(4);
      InspectionLotOrigin           : String(2) default '89';
      ManufacturingOrder            : String(12) default '';
      InspectionLotText             : String(40) default '';
      InspectionLotType             : String(8);
      InspectionLotQuantity         : Decimal(13, 3) default 0;
      InspectionLotActualQuantity   : Decimal(13, 3) default 0;
      InspectionLotQuantityUnit     : String(3) default 'PC';
      InspLotCreatedOnLocalDate     : Date;
      InspectionLotHasUsageDecision : Boolean default false;
      InspectionLotIsSkipped        : Boolean default false;
      InspectionLotCreatedBy        : String(12) default 'ANDON';
      ChangedDateTime               : Timestamp @odata.etag  @cds.on.insert: $now  @cds.on.update: $now;
}

entity UsageDecision {
  key InspectionLot                  : String(12);
      InspLotUsageDecisionLevel      : String(1) default '';
      InspectionLotQualityScore      : Decimal(3, 0);
      InspLotUsageDecisionCatalog    : String(1);
      SelectedCodeSetPlant           : String(4) default '';
      InspLotUsgeDcsnSelectedSet     : String(8);
      InspLotUsageDecisionCodeGroup  : String(8);
      InspectionLotUsageDecisionCode : String(4);
      InspLotUsageDecisionValuation  : String(1) default '';
      InspectionLotUsageDecidedBy    : String(12) default 'ANDON';
      ChangedDateTime                : Timestamp @odata.etag  @cds.on.insert: $now  @cds.on.update: $now;
}

entity Notification {
  key QualityNotification           : String(12);
      NotificationType              : String(2);
      NotificationText              : String(40);
      NotifProcessingPhase          : String(1) default '1';
      NotificationPriorityType      : String(2) default '';
      NotificationPriority          : String(1) default '';
      NotificationCatalog           : String(1) default '';
      NotificationCodeGroup         : String(8) default '';
      NotificationCodeID            : String(4) default '';
      Material                      : String(40) default '';
      Plant                         : String(4) default '';
      Batch                         : String(10) default '';
      Customer                      : String(10) default '';
      Supplier                      : String(10) default '';
      InspectionLot                 : String(12) default '';
      MaterialDocumentYear          : String(4) default '';
      MaterialDocument              : String(10) default '';
      MaterialDocumentItem          : String(4) default '';
      NotificationReportingDate     : Date;
      NotificationRequiredStartDate : Date;
      NotificationRequiredEndDate   : Date;
      IsDeleted                     : Boolean default false;
      CreatedByUser                 : String(12) default 'ANDON';
      CreationDate                  : Date;
      ChangedDateTime               : Timestamp @odata.etag  @cds.on.insert: $now  @cds.on.update: $now;
      _QltyNotificationLongText     : Composition of many NotificationLongText
                                        on _QltyNotificationLongText.QualityNotification = $self.QualityNotification;
      _QualityNotificationItem      : Composition of many NotificationItem
                                        on _QualityNotificationItem.QualityNotification = $self.QualityNotification;
      _QltyNotificationTask         : Composition of many NotificationTask
                                        on _QltyNotificationTask.QualityNotification = $self.QualityNotification;
      _QltyNotificationPartner      : Composition of many NotificationPartner
                                        on _QltyNotificationPartner.QualityNotification = $self.QualityNotification;
}

entity NotificationLongText {
  key QualityNotification      : String(12);
  key LongTextInternalNumber   : String(12);
      Language                 : String(2) default 'EN';
      QltyNotificationLongText : LargeString;
}

entity NotificationItem {
  key QualityNotification         : String(12);
  key NotificationItem            : String(4);
      NotificationItemText        : String(40) default '';
      DefectCodeCatalog           : String(1) default '';
      DefectCodeGroup             : String(8) default '';
      DefectCode                  : String(4) default '';
      NotifItmObjectPartCodeCtlg  : String(1) default '';
      NotifItmObjectPartCodeGroup : String(8) default '';
      NotifItmObjectPartCode      : String(4) default '';
      DefectClass                 : String(2) default '';
      NumberOfDefects             : Integer default 0;
      ExternalDefectiveQuantity   : Decimal(13, 3) default 0;
      DefectiveQuantityUnit       : String(3) default '';
      _QltyNotifItemLongText      : Composition of many NotificationItemLongText
                                      on  _QltyNotifItemLongText.QualityNotification = $self.QualityNotification
                                      and _QltyNotifItemLongText.NotificationItem    = $self.NotificationItem;
      _QltyNotificationItemCause  : Composition of many NotificationItemCause
                                      on  _QltyNotificationItemCause.QualityNotification = $self.QualityNotification
                                      and _QltyNotificationItemCause.NotificationItem    = $self.NotificationItem;
}

entity NotificationItemLongText {
  key QualityNotification      : String(12);
  key NotificationItem         : String(4);
  key LongTextInternalNumber   : String(12);
      Language                 : String(2) default 'EN';
      NotificationItemLongText : LargeString;
}

entity NotificationItemCause {
  key QualityNotification        : String(12);
  key NotificationItem           : String(4);
  key NotificationCauseID        : String(4);
      NotificationCauseText      : String(40) default '';
      NotificationCauseCodeCatalog : String(1) default '';
      NotificationCauseCodeGroup : String(8) default '';
      NotificationCauseCode      : String(4) default '';
}

entity NotificationTask {
  key QualityNotification  : String(12);
  key NotificationTask     : String(4);
      NotificationTaskText : String(40) default '';
      NotifProcessingPhase : String(1) default '1';
}

entity NotificationPartner {
  key QualityNotification : String(12);
  key PartnerFunction     : String(2);
  key Partner             : String(12);
}

type FunctionMessage {
  SystemMessageType : String;
  SystemMessageText : String;
}

@path: '/odata/v4/API_BATCH_SRV'
service API_BATCH_SRV {
  entity Batch as projection on s4hana.Batch;
}

@path: '/odata/v4/API_MATERIAL_STOCK_SRV'
service API_MATERIAL_STOCK_SRV {
  @readonly
  entity A_MatlStkInAcctMod as projection on s4hana.Stock;
}

@path: '/odata/v4/API_MATERIAL_DOCUMENT_SRV'
service API_MATERIAL_DOCUMENT_SRV {
  entity A_MaterialDocumentHeader       as projection on s4hana.MaterialDocumentHeader;
  entity A_MaterialDocumentItem         as projection on s4hana.MaterialDocumentItem;
  entity A_SerialNumberMaterialDocument as projection on s4hana.SerialNumber;
  action Cancel(MaterialDocumentYear: String(4), MaterialDocument: String(10), PostingDate: Date)
    returns A_MaterialDocumentHeader;
}

@path: '/odata/v4/API_PRODUCTION_ORDER_2_SRV'
service API_PRODUCTION_ORDER_2_SRV {
  entity A_ProductionOrder_2 as projection on s4hana.ProductionOrder;
  action ReleaseOrder(ManufacturingOrder: String(12))     returns FunctionMessage;
  action TechlyCmpltOrder(ManufacturingOrder: String(12)) returns FunctionMessage;
  action CloseOrder(ManufacturingOrder: String(12))       returns FunctionMessage;
  action DiscardOrder(ManufacturingOrder: String(12))     returns FunctionMessage;
}

@path: '/odata/v4/API_INSPECTIONLOT_SRV'
service API_INSPECTIONLOT_SRV {
  entity A_InspectionLot          as projection on s4hana.InspectionLot;
  entity A_InspLotUsageDecision   as projection on s4hana.UsageDecision;
}

@path: '/sap/opu/odata4/sap/api_qualitynotification/srvd_a2x/sap/qualitynotification/0001'
service QUALITYNOTIFICATION {
  @Capabilities.UpdateRestrictions.Updatable: false
  @Capabilities.DeleteRestrictions.Deletable: false
  entity QualityNotification          as projection on s4hana.Notification;
  entity QltyNotificationLongText     as projection on s4hana.NotificationLongText;
  entity QualityNotificationItem      as projection on s4hana.NotificationItem;
  entity QltyNotificationItemLongText as projection on s4hana.NotificationItemLongText;
  entity QltyNotificationItemCause    as projection on s4hana.NotificationItemCause;
  entity QltyNotificationTask         as projection on s4hana.NotificationTask;
  entity QltyNotificationPartner      as projection on s4hana.NotificationPartner;
}
