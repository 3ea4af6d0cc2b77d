// SPDX-License-Identifier: EPL-2.0
package org.xenolith.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.xenolith.history.api.Moment;
import org.xenolith.machine.control.MachineInputs;

/** When devices' registers were written in the pieces of a run that somebody has gone through for it. Who asks for one register asks for others: nobody executes such a piece again to look for one. */
final class DeviceWrites {
  /** So many are kept of all pieces together, 64 bytes each; of one piece all are, however many. */
  static final int MOST = 250_000;

  private final MachineInputs inputs;
  /** In the order in which they came; some may overlap. */
  private final List<Piece> pieces = new ArrayList<>();
  private Optional<MachineInputs.Change> changed;

  /**
   * An instruction that wrote registers of one device.
   *
   * @param moment where the machine stands behind it
   * @param first  physical address of the first byte
   * @param length bytes from there on of which some were written; all, if it is one access
   */
  record Write(Moment moment, long first, long length) {
    boolean overlaps(Range range) {
      return Long.compareUnsigned(first, range.first + range.length - 1) <= 0 && Long.compareUnsigned(range.first, first + length - 1) <= 0;
    }
  }

  /** Registers, by physical addresses. */
  record Range(long first, long length) {}

  /**
   * A part of the run.
   *
   * @param from   what was written by then isn't in it
   * @param to     what was written by then is
   * @param writes in their order
   */
  record Piece(Moment from, Moment to, List<Write> writes) {
    /** Where registers may have been written before a moment, the latest first. */
    Stream<Moment> before(Moment here, List<Range> ranges) {
      return writes.reversed().stream().filter(each -> each.moment.compareTo(here) < 0 && ranges.stream().anyMatch(each::overlaps)).map(
          Write::moment).distinct();
    }
  }

  /** @param inputs of the machine, which say when bundles changed */
  DeviceWrites(MachineInputs inputs) {
    this.inputs = inputs;
    changed = inputs.latestChange();
  }

  /** The piece that goes back farthest of those that a moment is in; empty if none is. */
  synchronized Optional<Piece> around(Moment moment) {
    forgetBefore();
    return pieces.stream().filter(each -> each.from.compareTo(moment) < 0 && each.to.compareTo(moment) >= 0).min(Comparator.comparing(
        Piece::from));
  }

  /** One more is known. Those that came first go, if there are too many writes. */
  synchronized void add(Piece piece) {
    forgetBefore();
    pieces.removeIf(each -> each.from.compareTo(piece.from) >= 0 && each.to.compareTo(piece.to) <= 0);
    pieces.add(piece);
    while (pieces.size() > 1 && pieces.stream().mapToInt(each -> each.writes.size()).sum() > MOST) {
      pieces.removeFirst();
    }
  }

  /** What was before a bundle changed can't be gone to any more. */
  private void forgetBefore() {
    if (!changed.equals(inputs.latestChange())) {
      changed = inputs.latestChange();
      pieces.clear();
    }
  }
}
