import * as vscode from 'vscode';
import type { PeerInfo, SessionTarget } from '../../session.ts';

/** TCP port of a target: its own, else the one that its transport has by default. */
export function portOf(target: SessionTarget): number {
  if (target.port !== undefined) return target.port;
  if (target.transport !== 'winrm') return 22;
  return target.winrm?.scheme === 'https' ? 5986 : 5985;
}

/** Where a target is, for people: `user@host:port`, or this machine. */
export function placeOf(target: SessionTarget, withUser: boolean): string {
  if (target.transport === 'local') return vscode.l10n.t('this machine');
  const user = withUser && target.user !== undefined ? `${target.user}@` : '';
  return `${user}${target.host}:${portOf(target)}`;
}

/** What a target is reached by, for people, before anything is known of the other side. */
export function transportOf(target: SessionTarget): string {
  switch (target.transport) {
    case 'ssh': return 'SSH';
    case 'winrm': return target.winrm?.scheme === 'https' ? vscode.l10n.t('WinRM over HTTPS') : vscode.l10n.t('WinRM over HTTP');
    case 'local': return vscode.l10n.t('a local process');
  }
}

/** How an open session is connected, how it authenticated and what encrypts it, each where there is something to say. */
export function channelOf(peer: PeerInfo): string {
  const { t } = vscode.l10n;
  const parts = [peer.transport];
  if (peer.authentication !== undefined) parts.push(t('authenticated by {0}', peer.authentication));
  if (peer.encryption !== undefined) parts.push(t('encrypted by {0}', peer.encryption));
  return parts.join(', ');
}
