// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.control;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class XenLineTest {
  private static XenLine line(String text) {
    return XenLine.of(text);
  }

  @Test
  void memoryHasXensUnits() {
    assertEquals(OptionalLong.of(512L << 20), line("placeholder dom0_mem=512M loglvl=all").memory());
    assertEquals(OptionalLong.of(2L << 30), line("dom0_mem=2g").memory());
    assertEquals(OptionalLong.of(1 << 20), line("dom0_mem=1024").memory());
    assertEquals(OptionalLong.of(4096), line("dom0_mem=4096b").memory());
    assertEquals(OptionalLong.of(256L << 20), line("dom0_mem=min:128M,256M,max:512M").memory());
    assertEquals(OptionalLong.of(256L << 20), line("dom0_mem=1G dom0_mem=256M,max:512M").memory());
  }

  @Test
  void otherWordsMeanNothing() {
    for (String text : new String[] {"", "  ", "dom0_mem", "dom0_mem=", "dom0_mem=-1M", "dom0_mem=99999999999G", "dom0_max_vcpus=all",
        "no-real-mode edd=off"}) {
      assertEquals(new XenLine(OptionalLong.empty(), OptionalInt.empty()), line(text), text);
    }
  }

  @Test
  void ofARangeOfVirtualCpusTheEndCounts() {
    assertEquals(OptionalInt.of(2), line("dom0_max_vcpus=2").vcpus());
    assertEquals(OptionalInt.of(4), line("dom0_max_vcpus=2-4").vcpus());
  }
}
