import { checkApproval, useApproval, type UsedApprovals } from '../connect/approval/approvals.ts';
import type { ApprovalToken, ApprovedFor } from '../connect/approval/token.ts';
import type { Confirmation } from '../connect/person.ts';
import type { PlanId } from '../connect/ids.ts';
import { Refused } from '../connect/run-errors.ts';
import type { ServerLink } from '../connect/server-link.ts';

/** What somebody agreed to before the run began, where nobody can be asked meanwhile. */
export interface StandingConsent {
  /** True where an answer is known: agreed or not, and why not. Asked for every confirmation of the run. */
  decide(request: Confirmation): Promise<{ readonly agreed: boolean; readonly why: string }>;
  /** The run goes on with this plan from here on. */
  planIs(plan: PlanId): void;
}

export interface ConsentOptions {
  readonly link: ServerLink;
  readonly run: string;
  /** The plan, or undefined for a single step. */
  readonly bound: ApprovedFor | undefined;
  /** The name that the server reports and that was named with --confirm. */
  readonly confirmed: string | undefined;
  readonly token: ApprovalToken | undefined;
  readonly used: UsedApprovals;
}

/**
 * Consent without a terminal. What can be undone is agreed to by having named this plan and this server; what cannot be undone only
 * by a token for exactly this plan, which is used up then. Another plan than the one that was named is never agreed to.
 */
export function standingConsent(options: ConsentOptions): StandingConsent {
  const { link, run, bound, confirmed, token, used } = options;
  let current = bound?.plan;
  let usedUp = false;
  return {
    planIs: (plan) => { current = plan; },
    decide: async (request) => {
      if (current !== bound?.plan) return no(`the diagnosis called for another plan (${current ?? 'none'}) than the one that was asked for`);
      if (request.overrules !== undefined) return no(`the gate ${request.overrules} is overruled by a person at a terminal only`);
      if (!request.irreversible) {
        return token !== undefined || confirmed !== undefined ? yes : no('it needs --confirm with the name that the server reports, or a person at a terminal');
      }
      if (token === undefined || bound === undefined) return no('what cannot be undone needs an approval (entra-connect plan --approve), or a person at a terminal');
      if (request.typedName !== undefined && request.typedName.toLowerCase() !== bound.identity.computerName.toLowerCase()) return no(`the approval is for ${bound.identity.computerName}, and this is ${request.typedName}`);
      try {
        // Asked for each step that cannot be undone: it may have ended since the one before.
        await checkApproval(link, token, { identity: bound.identity, plan: bound.plan }, used, usedUp ? run : undefined);
        if (!usedUp) await useApproval(link, token, run, used);
      } catch (error) {
        if (error instanceof Refused) return no(error.message);
        throw error;
      }
      usedUp = true;
      return yes;
    },
  };
}

const yes = { agreed: true, why: '' } as const;

function no(why: string): { agreed: false; why: string } {
  return { agreed: false, why };
}
