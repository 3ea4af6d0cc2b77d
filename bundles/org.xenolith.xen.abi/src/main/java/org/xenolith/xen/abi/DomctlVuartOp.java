// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XEN_DOMCTL_vuart_op ({@code struct xen_domctl_vuart_op}). */
public final class DomctlVuartOp extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 24;
  public static final int CMD = 0;
  public static final int TYPE = 4;
  public static final int GFN = 8;
  public static final int CONSOLE_DOMID = 16;
  public static final int PAD = 18;
  public static final int EVTCHN = 20;
  /** Bytes of {@code pad}. */
  public static final int PAD_BYTES = 2;

  public int cmd() {
    return memory.read32(address + CMD);
  }

  public void cmd(int value) {
    memory.write32(address + CMD, value);
  }

  public int type() {
    return memory.read32(address + TYPE);
  }

  public void type(int value) {
    memory.write32(address + TYPE, value);
  }

  public long gfn() {
    return memory.read64(address + GFN);
  }

  public void gfn(long value) {
    memory.write64(address + GFN, value);
  }

  public int consoleDomid() {
    return memory.read16(address + CONSOLE_DOMID) & 0xffff;
  }

  public void consoleDomid(int value) {
    memory.write16(address + CONSOLE_DOMID, (short) value);
  }

  public int evtchn() {
    return memory.read32(address + EVTCHN);
  }

  public void evtchn(int value) {
    memory.write32(address + EVTCHN, value);
  }
}
