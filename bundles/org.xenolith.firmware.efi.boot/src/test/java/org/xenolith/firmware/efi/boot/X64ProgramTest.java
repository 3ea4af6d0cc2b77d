// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.boot.api.BootNode;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.kit.RuntimeServicesCode.Conduit;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtReader;
import org.xenolith.pvh.codec.PvhKernel;
import org.xenolith.pvh.codec.StartInfo;
import org.xenolith.pvh.codec.StartInfo.MemoryEntry;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeMemory;
import org.xenolith.testkit.FakeNode;

/** The file that x86-64 guests start with, what it is entered with, and where its pieces are. */
class X64ProgramTest {
  /** Where the program is in its file: behind the headers of the file, of its segment and of its note, and the note. */
  private static final int CODE_AT = 64 + 2 * 56 + 20;
  private static final long INFO = FakeMemory.BASE;

  private final FirmwareProgram program = FirmwareProgram.of(Conduit.VMCALL);

  @Test
  void itIsAKernelWithAPvhEntry() {
    PvhKernel kernel = PvhKernel.parse(program.bytes());
    assertEquals(X64Program.BASE, kernel.entry());
    assertEquals(X64Program.BASE + FirmwareProgram.SIZE + X64Program.TREE, kernel.end());
    assertTrue(program.stub(FirmwareProgram.FUNCTIONS) <= FirmwareProgram.SIZE);
  }

  @Test
  void stubsNameTheirFunctionAndGoOnTogether() {
    ByteBuffer code = ByteBuffer.wrap(program.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (int function : new int[] {0, 1, 77, FirmwareProgram.FUNCTIONS - 1}) {
      int at = (int) program.stub(function);
      assertEquals(function, program.function(at));
      assertEquals(0xB8, code.get(CODE_AT + at) & 0xFF, "mov eax, ");
      assertEquals(function, code.getInt(CODE_AT + at + 1));
      assertEquals(0xE9, code.get(CODE_AT + at + 5) & 0xFF, "jmp");
      assertEquals(program.label("common"), at + 10 + code.getInt(CODE_AT + at + 6));
    }
    assertEquals(-1, program.function(program.stub(FirmwareProgram.FUNCTIONS)));
    assertEquals(-1, program.function(program.stub(1) + 8));
  }

  @Test
  void gatesLeadToTheirHandlers() {
    ByteBuffer code = ByteBuffer.wrap(program.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    int gate = CODE_AT + (int) program.label("idt") + 16 * 14;
    long handler = code.getShort(gate) & 0xFFFF | (code.getShort(gate + 6) & 0xFFFFL) << 16;
    assertEquals(X64Program.BASE + program.label("handlers") + 16 * 14, handler);
    assertEquals(8, code.getShort(gate + 2), "segment");
    assertEquals(0x8E00, code.getShort(gate + 4) & 0xFFFF, "present, interrupt gate");
    int page = CODE_AT + (int) (handler - X64Program.BASE);
    assertArrayEquals(new byte[] {0x6A, 14}, Arrays.copyOfRange(code.array(), page, page + 2), "a page fault pushes an error code itself");
    assertArrayEquals(new byte[] {0x6A, 0, 0x6A, 13 + 2}, Arrays.copyOfRange(code.array(), page + 16, page + 20), "vector 15 doesn't");
  }

  private static byte[] info(MachineRam memory, MemoryEntry... entries) {
    StartInfo info = new StartInfo(StartInfo.Layout.VERSION_1, 0, List.of(), 0, 0xFC00_8000L, List.of(entries));
    memory.write(INFO + 0x100, info.mapBytes());
    memory.write(INFO, info.bytes(0, INFO + 0x100));
    return info.mapBytes();
  }

  @Test
  void aStartInfoIsWhatTheTreeSays() {
    MachineRam memory = new MachineRam(new FakeContext(FakeNode.at(BootNode.PATH).compatible(BootNode.COMPATIBLE).build()).memory().dma());
    info(memory, new MemoryEntry(0, 0x1000_0000, 1), new MemoryEntry(0xFEFF_8000L, 0x8000, 2), new MemoryEntry(0xFC00_1000L, 0x7000, 3),
        new MemoryEntry(1L << 32, 0x2000, 1));
    Fdt tree = StartInfoTree.of(X64Program.startInfo(memory, INFO));
    assertEquals(List.of(new TreeMemory.Piece(0x1000, 0xFFF_F000), new TreeMemory.Piece(1L << 32, 0x2000)), TreeMemory.ram(tree));
    assertEquals(List.of(new TreeMemory.Piece(0xFEFF_8000L, 0x8000)), TreeMemory.reserved(tree));
    assertEquals(List.of(new TreeMemory.Piece(0xFC00_8000L, 36), new TreeMemory.Piece(0xFC00_1000L, 0x7000)), TreeMemory.reg(tree.node(
        "/chosen").orElseThrow(), tree.node("/chosen/acpi@fc008000").orElseThrow()));
  }

  @Test
  void anEntryWithoutStartInfoIsRefused() {
    MachineRam memory = new MachineRam(new FakeContext(FakeNode.at(BootNode.PATH).compatible(BootNode.COMPATIBLE).build()).memory().dma());
    EfiError refused = assertThrows(EfiError.class, () -> program.entered(memory, new long[] {0, X64Program.BASE, INFO, 1, 2, 3, 0}));
    assertTrue(refused.getMessage().contains("there is no start_info at 0x"), refused::getMessage);
  }

  @Test
  void argumentsBehindTheEighthAreBehindTheReturnAddressAndRoomForEight() {
    assertEquals(X64Program.FRAME + 8 + 8 * 8, program.argument(8));
  }
}
