// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.kit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The code behind the pointers in EFI_RUNTIME_SERVICES: each function calls the machine's firmware, with what its caller gave it. It may
 * lie anywhere and needs no stack.
 *
 * <p>The call is a fast 64-bit one of the OEM's (Arm DEN 0028E, 2.5 and 6), by SMC to the machine's firmware or by HVC to a hypervisor in its
 * place: the first argument, whose register names the function, is in x8, the others stay in x1 to x7; the status comes back in x0. Firmware that isn't there answers NOT_SUPPORTED, for which the caller gets
 * EFI_NOT_READY.
 */
public final class RuntimeServicesCode {
  /** Function identifier of the first service; those of the others follow. */
  public static final int FIRST_CALL = 0xC300_EF10;
  /** The register of the first argument. */
  public static final int FIRST_ARGUMENT = 8;
  /** Arguments that a service can have in registers. */
  public static final int ARGUMENTS = 8;
  static final int BYTES_EACH = 64;
  private static final int BTI_C = 0xD503_245F;
  private static final int MOV_X8_X0 = 0xAA00_03E8;
  private static final int MOVZ_W0 = 0x5280_0000;
  private static final int MOVK_W0_HIGH = 0x72A0_0000;
  private static final int CMN_X0_1 = 0xB100_041F;
  /** B.NE over the two instructions that follow. */
  private static final int TO_RET_IF_ANSWERED = 0x5400_0061;
  private static final int MOVZ_X0_6 = 0xD280_00C0;
  private static final int MOVK_X0_ERROR = 0xF2F0_0000;
  private static final int RET = 0xD65F_03C0;

  /** Each firmware call of a machine is looked up here: {@code values} would copy it. */
  private static final RuntimeFunction[] FUNCTIONS = RuntimeFunction.values();

  private RuntimeServicesCode() {}

  /** Who is called, by which instruction (Arm DEN 0028E, 2.2). */
  public enum Conduit {
    /** The machine's firmware. */
    SMC(0xD400_0003),
    /** The hypervisor, of a guest that has no firmware of a machine. */
    HVC(0xD400_0002),
    /** The hypervisor, of an x86-64 guest: VMCALL (Xen, public header arch-x86/xen-x86_64.h). */
    VMCALL(0);

    private final int instruction;

    Conduit(int instruction) {
      this.instruction = instruction;
    }
  }

  /** The service that a firmware call is for; null if it is another call. */
  public static @Nullable RuntimeFunction function(int call) {
    int number = call - FIRST_CALL;
    return number >= 0 && number < FUNCTIONS.length ? FUNCTIONS[number] : null;
  }

  /** Where a function begins, behind the beginning of the code. */
  public static int offset(RuntimeFunction function) {
    return function.ordinal() * BYTES_EACH;
  }

  /** The code of all functions. */
  public static byte[] bytes(Conduit conduit) {
    if (conduit == Conduit.VMCALL) {
      return X64ServicesCode.bytes();
    }
    ByteBuffer out = ByteBuffer.allocate(RuntimeFunction.values().length * BYTES_EACH).order(ByteOrder.LITTLE_ENDIAN);
    for (RuntimeFunction function : RuntimeFunction.values()) {
      int call = FIRST_CALL + function.ordinal();
      out.position(offset(function));
      out.putInt(BTI_C).putInt(MOV_X8_X0).putInt(MOVZ_W0 | (call & 0xFFFF) << 5).putInt(MOVK_W0_HIGH | call >>> 16 << 5).putInt(
          conduit.instruction)
          .putInt(CMN_X0_1).putInt(TO_RET_IF_ANSWERED).putInt(MOVZ_X0_6).putInt(MOVK_X0_ERROR).putInt(RET);
    }
    return out.array();
  }
}
