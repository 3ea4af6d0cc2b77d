// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.xenolith.x64.isa.Feature;

/** What the CPU that nobody asks for by name answers to CPUID, leaf by leaf: what it answered when its leaves were constants of a class. */
class CpuidTest {
  private final BareCpu bare = new BareCpu();
  private final StringBuilder text = new StringBuilder();

  private void leaf(int leaf, int subleaf) {
    Cpuid cpuid = bare.cpu.cpuid;
    cpuid.own(leaf, subleaf);
    text.append("%08x.%d %08x %08x %08x %08x%n".formatted(leaf, subleaf, cpuid.eax, cpuid.ebx, cpuid.ecx, cpuid.edx));
  }

  private void leaves() {
    for (int leaf = 0; leaf <= 0x18; leaf++) {
      for (int subleaf = 0; subleaf < 4; subleaf++) {
        leaf(leaf, subleaf);
      }
    }
    leaf(0xD, 9);
    leaf(0x4000_0000, 0);
    for (int leaf = 0x8000_0000; leaf <= 0x8000_000A; leaf++) {
      leaf(leaf, 0);
      leaf(leaf, 1);
    }
  }

  @Test
  void theUsualOneAnswersAsItDidWithoutADescription() throws IOException {
    leaves();
    bare.cpu.cr4 |= ControlBits.OSXSAVE | ControlBits.PKE;
    bare.cpu.xcr0 = 1 << ExtendedState.KEYS_COMPONENT | 3;
    leaves();
    try (InputStream kept = CpuidTest.class.getResourceAsStream("x86-64-v2.txt")) {
      assertNotNull(kept, text.toString());
      assertEquals(new String(kept.readAllBytes(), StandardCharsets.UTF_8), text.toString().replace(System.lineSeparator(), "\n"));
    }
    for (Feature feature : Feature.values()) {
      assertEquals(feature != Feature.MONITOR && feature != Feature.XSAVES, bare.cpu.model.has(feature), feature.toString());
    }
  }
}
