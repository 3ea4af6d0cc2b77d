// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** The page of a PV console; in is towards the guest ({@code struct xencons_interface}). */
public final class ConsoleRing extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 3088;
  public static final int IN = 0;
  public static final int OUT = 1024;
  public static final int IN_CONS = 3072;
  public static final int IN_PROD = 3076;
  public static final int OUT_CONS = 3080;
  public static final int OUT_PROD = 3084;
  /** Bytes of {@code in}. */
  public static final int IN_BYTES = 1024;
  /** Bytes of {@code out}. */
  public static final int OUT_BYTES = 2048;

  public int inCons() {
    return memory.read32(address + IN_CONS);
  }

  public void inCons(int value) {
    memory.write32(address + IN_CONS, value);
  }

  public int inProd() {
    return memory.read32(address + IN_PROD);
  }

  public void inProd(int value) {
    memory.write32(address + IN_PROD, value);
  }

  public int outCons() {
    return memory.read32(address + OUT_CONS);
  }

  public void outCons(int value) {
    memory.write32(address + OUT_CONS, value);
  }

  public int outProd() {
    return memory.read32(address + OUT_PROD);
  }

  public void outProd(int value) {
    memory.write32(address + OUT_PROD, value);
  }
}
