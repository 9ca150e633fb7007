/**
 * Approvals: an attempt begins when its state is entered. Voters and the hash of what is approved are fixed then; the
 * outcome is known as soon as no vote can change it any more, and the attempt lapses when bound content changes.
 */
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { ApprovalSpec, ApprovalStepSpec, JsonObject, Quorum } from '../definitions/authored.js';
import { EngineError } from '../errors.js';
import type { ApprovalState, Vote } from '../types.js';

type StepState = ApprovalState['steps'][number];

/** SHA-256 over the canonical JSON of the bound fields. */
export function contentHash(spec: ApprovalSpec, record: JsonObject): string {
  const bound = Object.fromEntries(spec.binds.map((field) => [field, record[field] ?? null]));
  return createHash('sha256')
    .update(canonicalize(bound) ?? '')
    .digest('hex');
}

/** A new attempt. `steps` gives each step's voters, or null where the step is skipped. */
export function beginAttempt(
  spec: ApprovalSpec,
  before: ApprovalState | undefined,
  begin: { record: JsonObject; at: number; voters: readonly (readonly string[] | null)[] },
): ApprovalState {
  const steps = spec.steps.map((step, index): StepState => {
    const voters = begin.voters[index] ?? null;
    return { name: step.name, voters: voters ?? [], status: voters === null ? 'skipped' : 'waiting' };
  });
  return settle(spec, {
    attempt: (before?.attempt ?? 0) + 1,
    status: 'open',
    step: null,
    steps,
    contentHash: contentHash(spec, begin.record),
    votes: [],
    beganAt: begin.at,
  });
}

/** The voter whose place `by` may take: himself, or someone he stands in for. Null: not entitled, or already voted. */
export function entitledVoter(state: ApprovalState, by: string, standInFor: (voter: string) => boolean): string | null {
  const step = state.steps.find((candidate) => candidate.name === state.step);
  if (state.status !== 'open' || !step) return null;
  const voted = new Set(state.votes.filter((vote) => vote.step === step.name).map((vote) => vote.voter));
  if (step.voters.includes(by) && !voted.has(by)) return by;
  return step.voters.find((voter) => !voted.has(voter) && standInFor(voter)) ?? null;
}

/** Counts a vote and settles what can be settled. */
export function castVote(spec: ApprovalSpec, state: ApprovalState, vote: Omit<Vote, 'step'>): ApprovalState {
  if (state.step === null) throw new EngineError('VOTE_REFUSED', { reason: 'no step is open' });
  return settle(spec, { ...state, votes: [...state.votes, { ...vote, step: state.step }] });
}

/** Numbers that rules and pages show. */
export function tally(state: ApprovalState): { approved: number; refused: number; outstanding: number } {
  const step = state.steps.find((candidate) => candidate.name === state.step);
  const votes = state.votes.filter((vote) => vote.step === state.step);
  const approved = votes.filter((vote) => vote.choice === 'approve').length;
  return { approved, refused: votes.length - approved, outstanding: Math.max(0, (step?.voters.length ?? 0) - votes.length) };
}

/** Moves through the steps until one waits for votes or the attempt is decided. */
function settle(spec: ApprovalSpec, state: ApprovalState): ApprovalState {
  const steps = [...state.steps];
  for (const [index, step] of steps.entries()) {
    if (step.status === 'approved' || step.status === 'skipped') continue;
    const outcome = outcomeOf(quorumOf(spec, step.name), step, state.votes);
    if (outcome === 'approved') {
      steps[index] = { ...step, status: 'approved' };
      continue;
    }
    steps[index] = { ...step, status: outcome };
    return { ...state, steps, step: step.name, status: outcome === 'refused' ? 'refused' : 'open' };
  }
  return { ...state, steps, step: null, status: 'approved' };
}

/** Refused as soon as the quorum is out of reach: an empty list of voters can never reach it. */
function outcomeOf(quorum: Quorum, step: StepState, all: readonly Vote[]): 'approved' | 'refused' | 'open' {
  const votes = all.filter((vote) => vote.step === step.name);
  const approved = votes.filter((vote) => vote.choice === 'approve').length;
  const refused = votes.length - approved;
  const total = step.voters.length;
  if (quorum === 'first') return votes[0] ? (votes[0].choice === 'approve' ? 'approved' : 'refused') : total === 0 ? 'refused' : 'open';
  const needed = neededOf(quorum, total);
  if (approved >= needed) return 'approved';
  return total - refused < needed ? 'refused' : 'open';
}

/** Approvals needed; at least one, so that nobody's silence approves. */
function neededOf(quorum: Exclude<Quorum, 'first'>, total: number): number {
  if (quorum === 'any') return 1;
  if (quorum === 'all') return Math.max(1, total);
  if ('number' in quorum) return Math.max(1, quorum.number);
  return Math.max(1, Math.ceil((total * quorum.percent) / 100));
}

function quorumOf(spec: ApprovalSpec, name: string): Quorum {
  return (spec.steps.find((step: ApprovalStepSpec) => step.name === name) as ApprovalStepSpec).quorum;
}
