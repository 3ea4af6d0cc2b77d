// SPDX-License-Identifier: EPL-2.0
package org.xenolith.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.xenolith.pvh.codec.PvhKernel;
import org.xenolith.x64.isa.DecodeMode;
import org.xenolith.x64.isa.Decoder;
import org.xenolith.x64.isa.Feature;
import org.xenolith.x64.isa.Instruction;

/** The bench's integration test runs the guest; here is that it is a PVH kernel with every work in it, and of instructions. */
class PcProbeGuestTest {
  private static final int BASE = 0x10_0000;
  /** A far jump of 32-bit code. */
  private static final byte FAR_JUMP = (byte) 0xEA;

  @Test
  void itIsAPvhKernelThatTellsOfEachWork() {
    PvhKernel kernel = PvhKernel.parse(PcProbeGuest.image());
    assertEquals(1, kernel.segments().size());
    PvhKernel.Segment segment = kernel.segments().getFirst();
    assertEquals(BASE, segment.address());
    assertTrue(segment.end() < 2 << 20, "it maps 2 MiB");
    assertTrue(kernel.entry() > BASE && kernel.entry() < BASE + segment.data().length);
    String text = new String(segment.data(), StandardCharsets.ISO_8859_1);
    for (ProbeLoop work : PcProbeGuest.works()) {
      assertTrue(text.contains("PROBE " + work.name() + "\r\n") && text.contains("PROBED " + work.name() + "\r\n"), work::name);
    }
    assertEquals(ProbeLoop.EMPTY, PcProbeGuest.works().getFirst());
    assertEquals(PcProbeGuest.works().size(), PcProbeGuest.works().stream().map(ProbeLoop::name).distinct().count());
  }

  @Test
  void allOfItsCodeAreInstructions() {
    PvhKernel kernel = PvhKernel.parse(PcProbeGuest.image());
    byte[] bytes = kernel.segments().getFirst().data();
    Decoder decoder = new Decoder(EnumSet.allOf(Feature.class));
    Instruction instruction = new Instruction();
    DecodeMode mode = DecodeMode.PROTECTED_32;
    int at = (int) kernel.entry() - BASE;
    int count = 0;
    while (at < bytes.length) {
      int length = decoder.decode(bytes, at, bytes.length, mode, instruction);
      assertTrue(length > 0, "at 0x" + Integer.toHexString(at) + " in " + mode);
      if (mode == DecodeMode.PROTECTED_32 && bytes[at] == FAR_JUMP) {
        mode = DecodeMode.LONG_64;
      }
      at += length;
      count++;
    }
    assertEquals(DecodeMode.LONG_64, mode);
    assertTrue(count > 500, "instructions: " + count);
  }
}
