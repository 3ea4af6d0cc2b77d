// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.pc;

/** Where things are on the board {@code pc-pvh} and in the memory of a guest that attacks it. */
final class PcPlace {
  /** RAM of the attacked machine, from 0 on, bytes. */
  static final int SIZE = 0x4_0000;
  /** Where a start-up IPI with vector 1 begins: in real mode. */
  static final int START = 0x1000;
  static final int GDT = 0x2000;
  static final int IDT = 0x2800;
  /** Interrupts that the guest still takes. */
  static final int COUNTER = 0x2100;
  /** 16 bytes a vector. */
  static final int HANDLERS = 0x3000;
  static final int CODE = 0x4000;
  /** Ends of the CPUs' stacks. */
  static final int[] STACKS = {0x6000, 0x8000};
  /** Programs of the CPUs. */
  static final int[] PROGRAMS = {0x8000, 0x1_4000};
  static final int PROGRAM_SIZE = 0xC000;
  /** Memory for strings and devices. */
  static final int DATA = 0x2_0000;
  static final int DATA_SIZE = 0x2_0000;

  static final long ECAM = 0xB000_0000L;
  /** Where base addresses of functions may be. */
  static final long BARS = 0xC000_0000L;
  static final long BRIDGE = 0xFEA0_0000L;
  static final long VIRTIO = 0xFEB0_0000L;
  static final long IO_APIC = 0xFEC0_0000L;
  static final long HPET = 0xFED0_0000L;
  static final long LAPIC = 0xFEE0_0000L;

  private PcPlace() {}
}
