// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.xenolith.a64.isa.Disassembler;

class StoreHandoverTest {
  private final ByteBuffer file = ByteBuffer.wrap(StoreHandover.program()).order(ByteOrder.LITTLE_ENDIAN);

  @Test
  void isAStaticProgramForArm64() {
    assertEquals(0x464c457f, file.getInt(0));
    assertEquals(0x00010102, file.getInt(4));
    assertEquals(2, file.getShort(16), "EXEC");
    assertEquals(183, file.getShort(18), "AArch64");
    assertEquals(0x400078, file.getLong(24), "entry");
    assertEquals(64, file.getLong(32), "program headers");
    assertEquals(1, file.getShort(56), "one of them");
    assertEquals(1, file.getInt(64), "LOAD");
    assertEquals(5, file.getInt(68), "readable, executable");
    assertEquals(0, file.getLong(72));
    assertEquals(0x400000, file.getLong(80));
    assertEquals(file.capacity(), file.getLong(96));
  }

  @Test
  void opensTheDeviceAndAsksForTheSetup() {
    String text = new String(file.array(), StandardCharsets.ISO_8859_1);
    int strings = text.indexOf("/dev/xen/xenbus_backend\0");
    assertTrue(strings > 0);
    List<String> code = new ArrayList<>();
    for (int at = 0x78; at + 4 <= strings; at += 4) {
      code.add(new Disassembler().disassemble(0x400000 + at, file.getInt(at)));
    }
    int setup = indexOf(code, "#0x4201");
    assertTrue(code.get(setup).contains("x1"), code.get(setup));
    assertEquals(5, code.stream().filter(line -> line.startsWith("svc")).count());
    assertTrue(code.subList(setup, setup + 5).stream().anyMatch(line -> line.startsWith("svc")), code.toString());
  }

  private static int indexOf(List<String> code, String part) {
    for (int i = 0; i < code.size(); i++) {
      if (code.get(i).contains(part)) {
        return i;
      }
    }
    throw new AssertionError("no " + part + " in " + code);
  }
}
