// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** One call of a multicall ({@code struct multicall_entry}). */
public final class MulticallEntry extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 64;
  public static final int OP = 0;
  public static final int RESULT = 8;
  public static final int ARGS = 16;

  public long op() {
    return memory.read64(address + OP);
  }

  public void op(long value) {
    memory.write64(address + OP, value);
  }

  public long result() {
    return memory.read64(address + RESULT);
  }

  public void result(long value) {
    memory.write64(address + RESULT, value);
  }

  public long args(int index) {
    return memory.read64(address + ARGS + 8L * index);
  }

  public void args(int index, long value) {
    memory.write64(address + ARGS + 8L * index, value);
  }
}
