// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.smmuv3;

/**
 * All that memory says of a stream.
 *
 * @param stream  its StreamID
 * @param entry   its stream table entry
 * @param context its context descriptor; null without stage 1
 * @param tag     what its translations are tagged with
 * @param global  whether its address space has no ASID: invalidation by ASID means all or nothing
 */
record StreamConfig(long stream, StreamEntry entry, ContextDescriptor context, long tag, boolean global) {
  static StreamConfig of(long stream, StreamEntry entry, ContextDescriptor context, boolean spacesAtEl2) {
    boolean global = entry.el2() && !spacesAtEl2;
    int regime = !entry.stage1() ? SmmuTlb.STAGE2 : entry.table() != null ? SmmuTlb.NESTED : entry.el2() ? SmmuTlb.EL2 : SmmuTlb.STAGE1;
    int asid = context == null || global ? 0 : context.asid();
    return new StreamConfig(stream, entry, context, SmmuTlb.tag(regime, entry.el2() ? 0 : entry.vmid(), asid, entry.privileged()), global);
  }

  /** Whether a fault's event is recorded (IHI 0070, 5.5). */
  boolean records(Fault fault) {
    if (!fault.kind.optional) {
      return true;
    }
    return fault.stage2 ? entry.record() : context == null || context.record();
  }
}
