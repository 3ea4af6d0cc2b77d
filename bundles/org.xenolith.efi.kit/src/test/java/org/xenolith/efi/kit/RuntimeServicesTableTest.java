// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.kit.RuntimeServicesCode.Conduit;

/** The table of the runtime services and the code behind it. */
class RuntimeServicesTableTest {
  private static final long CODE = 0x5FFD_0000L;
  private static final int REVISION = 2 << 16 | 100;

  @Test
  void pointersFollowTheHeaderInTheOrderOfTheSpecification() {
    byte[] bytes = RuntimeServicesTable.bytes(REVISION, CODE);
    ByteBuffer table = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    assertEquals("RUNTSERV", new String(bytes, 0, 8, StandardCharsets.US_ASCII));
    assertEquals(REVISION, table.getInt(8));
    assertEquals(136, table.getInt(12));
    assertEquals(136, bytes.length);
    assertEquals(CODE, table.getLong(24), "GetTime");
    assertEquals(CODE + 4 * 64, table.getLong(24 + 4 * 8), "SetVirtualAddressMap");
    assertEquals(CODE + 6 * 64, table.getLong(24 + 6 * 8), "GetVariable");
    assertEquals(CODE + 10 * 64, table.getLong(24 + 10 * 8), "ResetSystem");
    assertEquals(CODE + 13 * 64, table.getLong(24 + 13 * 8), "QueryVariableInfo");
    int said = table.getInt(16);
    table.putInt(16, 0);
    CRC32 crc = new CRC32();
    crc.update(bytes);
    assertEquals((int) crc.getValue(), said);
  }

  @Test
  void propertiesSayWhatThereIs() {
    assertEquals("01000800ff3f0000", HexFormat.of().formatHex(RuntimeServicesTable.properties(EnumSet.allOf(RuntimeFunction.class))));
    assertEquals("0100080000040000", HexFormat.of().formatHex(RuntimeServicesTable.properties(EnumSet.of(RuntimeFunction.RESET_SYSTEM))));
  }

  /** As GNU as and objdump have it: bti c; mov x8, x0; mov w0, #0xef12; movk w0, #0xc300, lsl #16; smc #0; cmn x0, #1; b.ne ret; … */
  @Test
  void codeIsWhatAnAssemblerMakes() {
    byte[] code = RuntimeServicesCode.bytes(Conduit.SMC);
    assertEquals(14 * 64, code.length);
    assertEquals("5f2403d5e80300aa40e29d520060b872030000d41f0400b161000054c00080d20000f0f2c0035fd6",
        HexFormat.of().formatHex(code, 2 * 64, 2 * 64 + 40));
    assertEquals("020000d4", HexFormat.of().formatHex(RuntimeServicesCode.bytes(Conduit.HVC), 2 * 64 + 16, 2 * 64 + 20), "hvc #0");
  }

  /** As GNU as has it: push rdi; push rsi; mov rdi, rcx; mov rsi, rdx; mov rdx, r8; mov r10, r9; mov r8, [rsp+56]; mov eax, 0xc300ef12; vmcall; … */
  @Test
  void codeForGuestsOfX64IsWhatAnAssemblerMakes() {
    byte[] code = RuntimeServicesCode.bytes(Conduit.VMCALL);
    assertEquals("57564889cf4889d64c89c24d89ca4c8b442438b812ef00c30f01c15e5f483d00f0ffff720a48b80600000000000080c3",
        HexFormat.of().formatHex(code, 2 * 64, 2 * 64 + 48));
  }

  @Test
  void callsNameTheirFunctions() {
    for (RuntimeFunction function : RuntimeFunction.values()) {
      assertEquals(function, RuntimeServicesCode.function(RuntimeServicesCode.FIRST_CALL + function.ordinal()));
      assertEquals(64 * function.ordinal(), RuntimeServicesCode.offset(function));
    }
    for (int other : new int[] {0, -1, 0x8400_0008, RuntimeServicesCode.FIRST_CALL - 1, RuntimeServicesCode.FIRST_CALL + 14}) {
      assertNull(RuntimeServicesCode.function(other));
    }
  }

  @Test
  void codeIsNeverWrittenAndDataAreNeverExecuted() {
    ByteBuffer table = ByteBuffer.wrap(new EfiMemoryMap().ram(0x4000_0000L, 0x100_0000L)
        .claim(EfiMemoryType.RUNTIME_SERVICES_CODE, 0x4001_0000L, 0x1_0000, 0).claim(EfiMemoryType.RUNTIME_SERVICES_DATA, 0x4002_0000L,
            0x2_0000, 0)
        .claim(EfiMemoryType.ACPI_RECLAIM, 0x4004_0000L, 0x1_0000, 0).attributes()).order(ByteOrder.LITTLE_ENDIAN);
    assertEquals(16 + 2 * 40, table.capacity());
    assertEquals(1, table.getInt(0));
    assertEquals(2, table.getInt(4));
    assertEquals(40, table.getInt(8));
    assertEquals(5, table.getInt(16));
    assertEquals(0x4001_0000L, table.getLong(16 + 8));
    assertEquals(16, table.getLong(16 + 24));
    assertEquals(0x8000_0000_0002_0000L, table.getLong(16 + 32));
    assertEquals(6, table.getInt(56));
    assertEquals(32, table.getLong(56 + 24));
    assertEquals(0x8000_0000_0000_4000L, table.getLong(56 + 32));
  }
}
