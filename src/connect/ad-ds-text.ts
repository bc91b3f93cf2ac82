import type { AdDsWay } from './step.ts';

/** What each way of entering AD DS Connector passwords means: told before one is chosen, and before anything runs. */
export const adDsTexts: Readonly<Record<AdDsWay, { readonly label: string; readonly detail: string }>> = {
  'guided': {
    label: 'In Synchronization Service Manager',
    detail: 'The supported way: you are shown what to click on the server, and what arrives is checked.',
  },
  'object-model': {
    label: 'Unsupported: written into the connector\'s object',
    detail: 'AD DS Connector passwords are written into the connector\'s object. Microsoft neither documents nor supports this; the supported way is Synchronization Service Manager. The configuration is exported first.',
  },
  'enterprise-admin': {
    label: 'Another account, made by an Enterprise Admin',
    detail: 'Connect gives each AD connector an account of its own making, with the credentials of an Enterprise Admin of its forest. Accounts chosen by hand are not used any more, and permissions that were set for them have to be set again.',
  },
};
