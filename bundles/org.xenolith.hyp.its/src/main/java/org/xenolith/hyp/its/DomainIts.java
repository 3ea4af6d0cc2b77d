// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.its;

import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.kit.DomainPart;
import org.xenolith.regs.LongCell;

/**
 * What a domain's virtual ITS knows besides its devices. Collections are kept here, not in the table that the guest gives memory
 * for: the format of that is the implementation's (Arm IHI 0069H, 5.2.1), and so is how much of it is cached.
 */
final class DomainIts extends DomainPart {
  static final long ENABLED = 1;
  static final long STALLED = 1;
  private static final long VALID = 1L << 63;
  private static final int PAGE = 4096;
  private static final int LEAST_COLLECTIONS = 256;

  /** Intermediate physical address of its control frame. */
  final LongCell base = state.cell("base", 0);
  /** GITS_CTLR.Enabled. */
  final LongCell control = state.cell("GITS_CTLR", 0);
  final LongCell commands = state.cell("GITS_CBASER", 0);
  final LongCell writer = state.cell("GITS_CWRITER", 0);
  final LongCell reader = state.cell("GITS_CREADR", 0);
  /** GITS_BASER0 and 1 as the guest wrote them. */
  final long[] tables = state.longs("GITS_BASER", 2);
  /** By collection: the virtual CPU plus one, 0 if it isn't mapped. */
  private final int[] collections;

  DomainIts(int serial, int vcpus) {
    super(serial, vcpus);
    collections = state.ints("collections", Math.max(vcpus, LEAST_COLLECTIONS));
    DomainItsRegisters.show(this);
  }

  boolean isEnabled() { return (control.value & ENABLED) != 0; }

  /** Bytes of the command queue; 0 if there is none. */
  long queueBytes() {
    return (commands.value & VALID) == 0 ? 0 : ((commands.value & 0xFF) + 1) * PAGE;
  }

  /** Whether commands wait that can be executed. */
  boolean isBusy() {
    return isEnabled() && queueBytes() != 0 && (reader.value & STALLED) == 0 && reader.value != writer.value;
  }

  boolean hasCollection(int collection) {
    return collection < collections.length;
  }

  /** Gives a collection its virtual CPU, or none: -1. */
  void collection(int collection, int vcpu) {
    collections[collection] = vcpu + 1;
  }

  /** The virtual CPU of a collection; null if it has none. */
  Vcpu target(int collection) {
    return domain() == null || !hasCollection(collection) ? null : domain().vcpu(collections[collection] - 1);
  }
}
