// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.xenolith.command.api.OptionName;
import org.xenolith.machine.snapshot.CpuIdentities;

/** What snapshots and journals remember of CPUs, and what is said of others. */
class CpuIdentitiesTest {
  private static CpuIdentities cpu(String... said) {
    Map<String, String> one = new java.util.LinkedHashMap<>();
    for (int i = 0; i < said.length; i += 2) {
      one.put(said[i], said[i + 1]);
    }
    return new CpuIdentities(List.of(one));
  }

  @Test
  void linesAreReadAsTheyWereWritten() {
    CpuIdentities written = cpu("CPU", "acme core", "CPUID 0x1 EAX", "0x3=%20", "brand", "");
    CpuIdentities read = new CpuIdentities(new ArrayList<>());
    written.lines().forEach(read::read);
    assertEquals(written, read);
    assertEquals("expected NAME=VALUE, got \"CPU\"", assertThrows(IllegalArgumentException.class, () -> read.read("identification CPU"))
        .getMessage());
  }

  @Test
  void aDifferenceNamesEachValueOfBothAndWhatToDo() {
    CpuIdentities was = cpu("CPU", "big", "ID", "1", "ONLY", "2");
    assertEquals(Optional.empty(), was.difference(cpu("CPU", "big", "ID", "1", "ONLY", "2")));
    assertEquals(
        "CPU 0 was another one: ID 1, here 3; ONLY 2, here nothing; NEW nothing, here 4. Take the one of then, with its options and the version of its"
            + " description", was.difference(cpu("CPU", "big", "ID", "3", "NEW", "4")).orElseThrow());
    assertEquals("CPU 0 was another one: CPU big, here small; ID 1, here 3. Take the one of then, with --cpu big", OptionName.onCommandLine(
        cpu("CPU", "big",
            "ID", "1").difference(cpu("CPU", "small", "ID", "3")).orElseThrow()));
  }

  @Test
  void whatSaysNothingOfItsCpusFits() {
    assertEquals(Optional.empty(), new CpuIdentities(List.of()).difference(cpu("CPU", "big")));
  }
}
