// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of EVTCHNOP_init_control ({@code struct evtchn_init_control}). */
public final class EvtchnInitControl extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 24;
  public static final int CONTROL_GFN = 0;
  public static final int OFFSET = 8;
  public static final int VCPU = 12;
  public static final int LINK_BITS = 16;

  public long controlGfn() {
    return memory.read64(address + CONTROL_GFN);
  }

  public void controlGfn(long value) {
    memory.write64(address + CONTROL_GFN, value);
  }

  public int offset() {
    return memory.read32(address + OFFSET);
  }

  public void offset(int value) {
    memory.write32(address + OFFSET, value);
  }

  public int vcpu() {
    return memory.read32(address + VCPU);
  }

  public void vcpu(int value) {
    memory.write32(address + VCPU, value);
  }

  public int linkBits() {
    return memory.read8(address + LINK_BITS) & 0xff;
  }

  public void linkBits(int value) {
    memory.write8(address + LINK_BITS, (byte) value);
  }
}
