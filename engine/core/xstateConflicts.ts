/**
 * Of several transitions selected for one event, XState leaves out those that another rules out (two regions that both leave
 * the state around them) and does not say which. It asks the others for their actions: that is what tells them apart.
 */
import type { AnyTransitionDefinition } from 'xstate';

interface Watched {
  readonly transition: AnyTransitionDefinition;
  taken: boolean;
}

const watched = new WeakMap<AnyTransitionDefinition, Watched>();

/** The same transitions; those that were taken can be told afterwards. */
export function watchedForConflicts(transitions: AnyTransitionDefinition[]): AnyTransitionDefinition[] {
  return transitions.length < 2 ? transitions : transitions.map(watch);
}

function watch(transition: AnyTransitionDefinition): AnyTransitionDefinition {
  const known: Watched = { transition, taken: false };
  const seen = Object.create(transition, {
    actions: {
      get() {
        known.taken = true;
        return transition.actions;
      },
    },
  }) as AnyTransitionDefinition;
  watched.set(seen, known);
  return seen;
}

/** The chart's own transitions among those that were selected, without those that were ruled out. */
export function takenOf(selected: readonly AnyTransitionDefinition[]): readonly AnyTransitionDefinition[] {
  return selected.flatMap((transition) => {
    const known = watched.get(transition);
    if (!known) return [transition];
    return known.taken ? [known.transition] : [];
  });
}
