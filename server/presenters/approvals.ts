/** Approvals with their steps and votes. */
import type { ApprovalSpec, ApprovalState, Quorum } from '../../engine/index.js';
import type { Chip, DefinitionWords } from './definitionWords.js';
import type { Names } from './names.js';

export interface ApprovalCard {
  readonly title: string;
  readonly status: Chip;
  readonly attempt: number;
  readonly beganAt: number;
  readonly steps: readonly {
    readonly title: string;
    readonly status: Chip;
    readonly rule: string;
    readonly voters: readonly { readonly name: string; readonly chip: Chip; readonly at: number | null; readonly by: string | null }[];
  }[];
}

const statuses: { readonly [status: string]: Chip } = {
  open: { tone: 'waiting', text: 'Open' },
  waiting: { tone: 'neutral', text: 'Later' },
  approved: { tone: 'good', text: 'Approved' },
  refused: { tone: 'danger', text: 'Refused' },
  lapsed: { tone: 'warning', text: 'Lapsed: the content changed' },
  cancelled: { tone: 'neutral', text: 'Cancelled' },
  skipped: { tone: 'neutral', text: 'Not needed' },
};

const chipOf = (status: string): Chip => statuses[status] ?? { tone: 'neutral', text: status };

function tellQuorum(quorum: Quorum | undefined): string {
  if (quorum === 'all') return 'All must approve';
  if (quorum === 'any') return 'One approval is enough';
  if (quorum === 'first') return 'The first vote decides';
  if (quorum && 'number' in quorum) return `${quorum.number} must approve`;
  return quorum ? `${quorum.percent} % must approve` : '';
}

function card(name: string, state: ApprovalState, spec: ApprovalSpec | undefined, names: Names): ApprovalCard {
  return {
    title: spec?.title ?? name,
    status: chipOf(state.status),
    attempt: state.attempt,
    beganAt: state.beganAt,
    steps: state.steps.map((step) => {
      const declared = spec?.steps.find((candidate) => candidate.name === step.name);
      return {
        title: declared?.title ?? step.name,
        status: chipOf(step.status),
        rule: tellQuorum(declared?.quorum),
        voters: step.voters.map((voter) => {
          const vote = state.votes.find((cast) => cast.voter === voter && cast.step === step.name);
          const chip: Chip = vote
            ? vote.choice === 'approve'
              ? { tone: 'good', text: 'approved' }
              : { tone: 'danger', text: 'refused' }
            : { tone: 'neutral', text: step.status === 'open' ? 'asked' : 'no vote' };
          return { name: names.user(voter), chip, at: vote?.at ?? null, by: vote && vote.by !== voter ? names.user(vote.by) : null };
        }),
      };
    }),
  };
}

export function approvalCards(approvals: { readonly [name: string]: ApprovalState }, words: DefinitionWords, names: Names): readonly ApprovalCard[] {
  return Object.entries(approvals)
    .sort(([, a], [, b]) => b.beganAt - a.beganAt)
    .map(([name, state]) => card(name, state, words.process.approvals?.[name], names));
}

/** Whether this person (or somebody they stand in for) is asked for a vote that is still open. */
export function awaitsVote(approvals: { readonly [name: string]: ApprovalState }, voters: readonly string[]): boolean {
  return Object.values(approvals).some((state) => {
    if (state.status !== 'open' || state.step === null) return false;
    const asked = state.steps.find(({ name }) => name === state.step)?.voters ?? [];
    return asked.some((voter) => voters.includes(voter) && !state.votes.some((vote) => vote.voter === voter && vote.step === state.step));
  });
}
