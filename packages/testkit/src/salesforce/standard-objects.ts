import { type Field, field, kept, lookup } from './model.js'

const name = field('Name', 'string', { required: true })
const picklist = (of: string, values: readonly string[], defaultValue: string | null = null): Field =>
  field(of, 'picklist', { values, defaultValue })

/** The fields of the standard objects that a customer service works with, without those that every object has. */
export const standardObjects: Readonly<Record<string, { prefix: string; fields: readonly Field[] }>> = {
  Case: {
    prefix: '500',
    fields: [
      lookup('MasterRecordId', 'Case', {
        createable: false,
        updateable: false,
        relationship: 'MasterRecord',
      }),
      kept('CaseNumber', 'string', { length: 30 }),
      ...[lookup('ContactId', 'Contact'), lookup('AccountId', 'Account'), lookup('AssetId', 'Asset')],
      ...[lookup('ProductId', 'Product2'), lookup('ParentId', 'Case')],
      ...[field('SuppliedName', 'string', { length: 80 }), field('SuppliedEmail', 'email')],
      ...[
        field('SuppliedPhone', 'string', { length: 40 }),
        field('SuppliedCompany', 'string', { length: 80 }),
      ],
      field('RecordTypeId', 'reference'),
      picklist('Type', ['Mechanical', 'Electrical', 'Electronic', 'Structural', 'Other']),
      picklist('Status', ['New', 'Working', 'Escalated', 'Closed'], 'New'),
      picklist('Reason', ['Installation', 'Performance', 'Breakdown', 'Other']),
      picklist('Origin', ['Phone', 'Email', 'Web', 'Chat', 'Social', 'SMS']),
      ...[field('Language', 'picklist'), field('Subject', 'string')],
      picklist('Priority', ['High', 'Medium', 'Low'], 'Medium'),
      field('Description', 'textarea', { length: 32_000 }),
      ...[kept('IsClosed', 'boolean'), kept('ClosedDate', 'datetime'), field('IsEscalated', 'boolean')],
      lookup('OwnerId', 'User'),
      kept('ContactEmail', 'email', { silent: true }),
    ],
  },
  Account: {
    prefix: '001',
    fields: [
      ...[name, picklist('Type', ['Customer', 'Dealer', 'Service partner']), field('Phone', 'phone')],
      ...[field('BillingCity', 'string', { length: 40 }), field('BillingState', 'string', { length: 80 })],
      ...[field('BillingCountry', 'string', { length: 80 }), lookup('OwnerId', 'User')],
    ],
  },
  Contact: {
    prefix: '003',
    fields: [
      ...[
        field('LastName', 'string', { length: 80, required: true }),
        field('FirstName', 'string', { length: 40 }),
      ],
      ...[lookup('AccountId', 'Account'), field('Email', 'email'), field('Phone', 'phone')],
      ...[field('Title', 'string', { length: 128 }), lookup('OwnerId', 'User')],
    ],
  },
  Asset: {
    prefix: '02i',
    fields: [
      ...[
        name,
        lookup('AccountId', 'Account'),
        lookup('ContactId', 'Contact'),
        lookup('Product2Id', 'Product2'),
      ],
      ...[field('SerialNumber', 'string', { length: 80 }), field('InstallDate', 'date')],
      ...[
        field('PurchaseDate', 'date'),
        picklist('Status', ['Purchased', 'Installed', 'Registered', 'Obsolete']),
      ],
      lookup('OwnerId', 'User'),
    ],
  },
  Product2: {
    prefix: '01t',
    fields: [
      ...[name, field('ProductCode', 'string'), field('Description', 'textarea', { length: 4000 })],
      ...[field('Family', 'picklist'), field('IsActive', 'boolean')],
    ],
  },
  CaseComment: {
    prefix: '00a',
    fields: [
      lookup('ParentId', 'Case', { required: true, updateable: false }),
      field('IsPublished', 'boolean'),
      field('CommentBody', 'textarea', { length: 4000, bytes: true }),
    ],
  },
  EmailMessage: {
    prefix: '02s',
    fields: [
      ...[lookup('ParentId', 'Case'), field('Subject', 'string', { length: 3000 })],
      field('TextBody', 'textarea', { length: 131_072 }),
      field('HtmlBody', 'textarea', { length: 131_072 }),
      ...[field('FromAddress', 'email', { length: 1000 }), field('FromName', 'string', { length: 1000 })],
      field('ToAddress', 'string', { length: 4000 }),
      field('Incoming', 'boolean'),
      // 0 New, 1 Read, 2 Replied, 3 Sent, 4 Forwarded, 5 Draft
      field('Status', 'picklist', { values: ['0', '1', '2', '3', '4', '5'], defaultValue: '0' }),
      ...[field('MessageDate', 'datetime'), field('MessageIdentifier', 'string', { length: 765 })],
      field('ThreadIdentifier', 'string', { length: 765 }),
    ],
  },
  User: {
    prefix: '005',
    fields: [name, field('Username', 'string', { length: 80, required: true }), field('Email', 'email')],
  },
}

/** These take no custom fields and no change events. */
export const closedObjects: readonly string[] = ['CaseComment']
