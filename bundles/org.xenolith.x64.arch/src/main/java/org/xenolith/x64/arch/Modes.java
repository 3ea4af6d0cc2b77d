// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import org.xenolith.x64.isa.DecodeMode;

/** What an x86-64 CPU's registers make of code, addresses and the stack: its mode (Intel SDM volume 3, chapter 2). */
public abstract sealed class Modes extends CpuState permits NotedFault {
  /** How code is read. */
  public DecodeMode mode = DecodeMode.REAL;
  /** Whether accesses through ES, CS, SS and DS need neither a base nor a check. */
  public boolean flat;

  Modes(int index) {
    super(index);
  }

  /** Real-address mode. */
  public final boolean real() {
    return (cr0 & ControlBits.PE) == 0;
  }

  /** Virtual-8086 mode. */
  public final boolean virtual8086() {
    return (flags & FlagBits.VM) != 0 && !real() && !longMode();
  }

  /** Real-address or virtual-8086 mode: selectors are numbers of paragraphs. */
  public final boolean is8086() {
    return real() || virtual8086();
  }

  /** IA-32e mode: 64-bit or compatibility. */
  public final boolean longMode() {
    return (efer & ControlBits.LMA) != 0;
  }

  /** A linear address, of 32 bits outside of IA-32e mode. */
  public final long wide(long address) {
    return longMode() ? address : address & 0xFFFF_FFFFL;
  }

  /** The linear address of an offset in CS. */
  public final long linear(long offset) {
    return mode == DecodeMode.LONG_64 ? offset : offset + base[CS] & 0xFFFF_FFFFL;
  }

  /** The bits of RSP that the stack's size uses. */
  public final long stackMask() {
    return mode == DecodeMode.LONG_64 ? -1L : (attributes[SS] & Segments.BIG) != 0 ? 0xFFFF_FFFFL : 0xFFFF;
  }

  /** The linear address of a value of RSP. */
  public final long stackAddress(long pointer) {
    return mode == DecodeMode.LONG_64 ? pointer : base[SS] + (pointer & stackMask()) & 0xFFFF_FFFFL;
  }

  /** Sets as much of RSP as the stack's size says; as for any register, 32 bits clear those above. */
  public final void stackPointer(long pointer) {
    long mask = stackMask();
    r[RSP] = mask == 0xFFFF ? r[RSP] & ~mask | pointer & mask : pointer & mask;
  }

  /** A return has come out of 64-bit code: outside of it RSP has 32 bits, whatever the stack's size (as Intel's processors have it). */
  final void narrowStack() {
    if (mode != DecodeMode.LONG_64) {
      r[RSP] &= 0xFFFF_FFFFL;
    }
  }

  /** IOPL. */
  public final int ioLevel() {
    return flags >> 12 & 3;
  }
}
