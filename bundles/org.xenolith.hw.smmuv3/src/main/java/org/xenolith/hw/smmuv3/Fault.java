// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.smmuv3;

/** Why an access does not get through. Never leaves the model: it becomes an event record. Costs no stack trace. */
final class Fault extends Exception {
  private static final long serialVersionUID = 1L;

  /** What was translated when it happened: the numbers of the field CLASS (IHI 0070, 7.3). */
  enum Purpose {
    CONTEXT_DESCRIPTOR,
    TABLE,
    INPUT
  }

  final EventKind kind;
  final boolean stage2;
  final Purpose purpose;
  /** What could not be fetched, or the intermediate physical address; 0 if the record has none. */
  final long address;

  private Fault(EventKind kind, boolean stage2, Purpose purpose, long address) {
    super(kind.name(), null, false, false);
    this.kind = kind;
    this.stage2 = stage2;
    this.purpose = purpose;
    this.address = address;
  }

  /** A fault of the configuration. */
  static Fault configuration(EventKind kind, long fetched) {
    return new Fault(kind, false, Purpose.CONTEXT_DESCRIPTOR, fetched);
  }

  /** A fault of stage 1, or before any stage. */
  static Fault stage1(EventKind kind) {
    return new Fault(kind, false, Purpose.INPUT, 0);
  }

  /** A stage 1 table could not be read. */
  static Fault stage1Walk(long fetched) {
    return new Fault(EventKind.F_WALK_EABT, false, Purpose.TABLE, fetched);
  }

  /** A fault of stage 2; the record has the page of the intermediate physical address. */
  static Fault stage2(EventKind kind, Purpose purpose, long intermediate) {
    return new Fault(kind, true, purpose, intermediate & -4096);
  }

  /** A stage 2 table could not be read. */
  static Fault stage2Walk(Purpose purpose, long fetched) {
    return new Fault(EventKind.F_WALK_EABT, true, purpose, fetched);
  }
}
