// SPDX-License-Identifier: EPL-2.0
package org.xenolith.history;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.xenolith.command.api.HostReason;
import org.xenolith.history.api.Moment;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.MachineInputs;

/**
 * The states of one machine that are kept, taken at counts of its instructions, which no guest can see. What they take of the host's memory is kept within a budget by giving up one after another: the
 * one whose loss leaves the smallest gap for its age, so that they are denser towards the present. The first and the latest stay, unless the latest alone is too much.
 *
 * <p>Besides, machines of the past keep some near to where they were, as who has asked there asks there again; these go first.
 */
final class Checkpoints implements AutoCloseable {
  /** So many are always few enough to look for one. */
  private static final int MOST = 256;
  private static final int MOST_NEAR = 64;
  /** Where the present is so many instructions behind the latest, one is kept there when it is asked about. */
  private static final long FAR = 5_000_000;

  private final Machine machine;
  private final MachineInputs inputs;
  private final long budget;
  private final List<Checkpoint> all = new ArrayList<>();
  /** Those of machines of the past, in the order in which they came. */
  private final Deque<Checkpoint> near = new ArrayDeque<>();
  private long interval;
  private boolean failed;
  private boolean closed;

  Checkpoints(Machine machine, MachineInputs inputs, HistoryOption.Settings settings) {
    this.machine = machine;
    this.inputs = inputs;
    budget = settings.budget();
    interval = settings.interval();
  }

  /** Takes them from now on; the machine stands still. */
  void begin() {
    take();
    await();
  }

  private void await() {
    machine.postAt((machine.instructions() / interval + 1) * interval, () -> {
      if (take()) {
        await();
      }
    });
  }

  /** Takes one now: the machine stands still, or this is its thread. Returns whether more are wanted. */
  private boolean take() {
    take(false);
    return !isClosed();
  }

  /**
   * The same. Not by who has this: the machine's thread may wait for this, and who takes a state waits for that.
   *
   * @param first whether it is for where there is none
   */
  private void take(boolean first) {
    if (isClosed() || first && !isEmpty()) {
      return;
    }
    try {
      add(now(), first);
    } catch (IOException e) {
      gap(HostReason.of(e).text());
    } catch (RuntimeException e) {
      gap(String.valueOf(e.getMessage())); // own words: what models and the machine say
    }
  }

  private synchronized boolean isClosed() { return closed; }

  private synchronized boolean isEmpty() {
    forgetBefore();
    return all.isEmpty();
  }

  private synchronized void add(Checkpoint made, boolean first) throws IOException {
    if (closed || first && !isEmpty()) {
      // Another thread was sooner.
      made.drop();
    } else {
      all.add(made);
      thin();
    }
  }

  private Checkpoint now() throws IOException {
    return new Checkpoint(machine.nextState(), machine.processors().stream().map(each -> machine.latest(each.index())).toList(), inputs
        .latestChange());
  }

  /** Keeps one of a machine of the past, which is this one's from now on, for as long as there is room. */
  synchronized void keepNear(Checkpoint made) {
    near.add(made);
    while (near.size() > MOST_NEAR || near.size() > 1 && !hasRoom()) {
      near.remove().drop();
    }
    if (closed) {
      dropNear();
    }
  }

  /** Whether some more may be kept. */
  boolean hasRoom() {
    return machine.keptBytes() <= budget / 4 * 3;
  }

  private void dropNear() {
    near.forEach(Checkpoint::drop);
    near.clear();
  }

  /** Somebody asks about the present, where the machine stands still. */
  void nearPresent() {
    Moment present = new Moment(machine.instructions(), machine.now());
    if (hasRoom() && isFar(present)) {
      try {
        keepNear(now());
      } catch (IOException e) {
        // It only takes longer to come there.
      }
    }
  }

  private synchronized boolean isFar(Moment present) {
    return !closed && latest(each -> each.moment().compareTo(present) <= 0).filter(each -> present.instructions() - each.moment()
        .instructions() > FAR).isPresent();
  }

  private void gap(String why) {
    if (!failed) {
      failed = true;
      machine.eventLog().announce("history-failed", "machine", "the past has a gap from here on: " + why);
    }
  }

  private void thin() throws IOException {
    forgetBefore();
    if (machine.keptBytes() > budget) {
      dropNear();
    }
    boolean trimmed = false;
    while (all.size() > 1 && (machine.keptBytes() > budget || all.size() > MOST)) {
      if (all.size() == 2) {
        // Not even one more: the next is tried when there is more to gain.
        all.removeLast().drop();
        interval *= 2;
        trim();
        break;
      } else {
        all.remove(cheapest()).drop();
      }
      if (!trimmed && machine.keptBytes() > budget) {
        trim();
        trimmed = true;
      }
    }
  }

  /** What only states had that are given up is given back when another one is made. */
  private void trim() throws IOException {
    machine.nextState().close();
  }

  /** Which leaves the smallest gap for its age. */
  private int cheapest() {
    long now = all.getLast().moment().instructions();
    int best = 1;
    double least = Double.MAX_VALUE;
    for (int i = 1; i < all.size() - 1; i++) {
      double gap = all.get(i + 1).moment().instructions() - all.get(i - 1).moment().instructions();
      double age = now - all.get(i).moment().instructions() + (double) interval;
      if (gap / age < least) {
        least = gap / age;
        best = i;
      }
    }
    return best;
  }

  /** What was before a bundle changed can't be executed again by what is there now. */
  private void forgetBefore() {
    Optional<MachineInputs.Change> changed = inputs.latestChange();
    while (!all.isEmpty() && !all.getFirst().changed().equals(changed)) {
      all.removeFirst().drop();
    }
    if (!near.isEmpty() && !near.getFirst().changed().equals(changed)) {
      dropNear();
    }
  }

  /** Bundles change or have changed: the past begins anew where the machine goes on. Any thread. */
  void bundlesChange() {
    machine.post(() -> take(true));
  }

  /** The first moment; the machine stands still, if there is none yet since a bundle was changed. */
  Moment first() {
    take(true);
    return begin(new Moment(machine.instructions(), machine.now()));
  }

  private synchronized Moment begin(Moment none) {
    return all.isEmpty() ? none : all.getFirst().moment();
  }

  /** The latest that isn't behind a moment, which somebody has from now on; empty if there is none. */
  synchronized Optional<Checkpoint> before(Moment moment, boolean strictly) {
    forgetBefore();
    return latest(each -> each.moment().compareTo(moment) < (strictly ? 0 : 1)).map(Checkpoint::keep);
  }

  /** Whether one is kept that is behind a moment and before another. */
  synchronized boolean between(Moment from, Moment to) {
    return Stream.concat(all.stream(), near.stream()).map(Checkpoint::moment).anyMatch(each -> each.compareTo(from) > 0 && each.compareTo(
        to)
        < 0);
  }

  /**
   * Whether bytes of RAM may have been written between two states. What isn't known of these two may be of others: of another one at the later moment, or since an earlier one.
   *
   * @param address physical address of the first
   */
  synchronized boolean written(Checkpoint from, Checkpoint to, long address, long length) {
    List<Checkpoint> ends = Stream.concat(Stream.of(to), Stream.concat(all.stream(), near.stream()).filter(each -> each.moment().equals(to
        .moment()))).toList();
    // Not of another one at the same moment: a state that a machine came to has what came from outside there, which one that was taken on the way hasn't.
    Stream<Checkpoint> begins = Stream.concat(Stream.of(from), all.reversed().stream().filter(each -> each.moment().compareTo(from.moment())
        <= 0).limit(1));
    return begins.noneMatch(begin -> ends.stream().anyMatch(end -> !end.state().written(begin.state(), address, length)));
  }

  /** Where the first one that was taken of the run itself, and isn't before a moment, is. */
  synchronized Optional<Moment> next(Moment moment) {
    forgetBefore();
    return all.stream().map(Checkpoint::moment).filter(each -> each.compareTo(moment) >= 0).findFirst();
  }

  /** The latest that isn't behind a virtual time, which somebody has from now on; empty if there is none. */
  synchronized Optional<Checkpoint> notAfter(long nanoseconds) {
    forgetBefore();
    return latest(each -> each.moment().nanoseconds() <= nanoseconds).map(Checkpoint::keep);
  }

  private Optional<Checkpoint> latest(Predicate<Checkpoint> of) {
    return Stream.concat(all.stream(), near.stream()).filter(of).max(Comparator.comparing(Checkpoint::moment));
  }

  synchronized List<Moment> moments() {
    return all.stream().map(Checkpoint::moment).toList();
  }

  @Override
  public synchronized void close() {
    closed = true;
    all.forEach(Checkpoint::drop);
    all.clear();
    dropNear();
  }
}
