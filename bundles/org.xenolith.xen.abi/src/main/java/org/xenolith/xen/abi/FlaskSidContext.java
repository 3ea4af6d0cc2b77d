// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of FLASK_CONTEXT_TO_SID and FLASK_SID_TO_CONTEXT ({@code struct xen_flask_sid_context}). */
public final class FlaskSidContext extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 16;
  public static final int SID = 0;
  public static final int CONTEXT_SIZE = 4;
  public static final int CONTEXT = 8;

  public int sid() {
    return memory.read32(address + SID);
  }

  public void sid(int value) {
    memory.write32(address + SID, value);
  }

  public int contextSize() {
    return memory.read32(address + CONTEXT_SIZE);
  }

  public void contextSize(int value) {
    memory.write32(address + CONTEXT_SIZE, value);
  }

  public long context() {
    return memory.read64(address + CONTEXT);
  }

  public void context(long value) {
    memory.write64(address + CONTEXT, value);
  }
}
