// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.x64;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.x64.api.GuestProcessorsPort;

/** Lines that virtual CPUs write to port 0xe9. */
class DebugPortTest {
  private static final int PORT = 0xE9;

  private final CoreBench bench = new CoreBench(2);
  private final GuestProcessorsPort processors = bench.hypervisor.port(GuestProcessorsPort.class);

  private void write(int vcpu, String text) {
    for (byte c : text.getBytes(StandardCharsets.ISO_8859_1)) {
      processors.out(bench.vcpu(vcpu), PORT, 1, c);
    }
  }

  /** What was added to the log. */
  private String added(Runnable writes) {
    int before = bench.log().length();
    writes.run();
    return bench.log().substring(before);
  }

  private String name() {
    return "d" + bench.domain.id() + ": ";
  }

  @Test
  void aLineIsLoggedWhenItEndsAndVirtualCpusHaveTheirOwn() {
    assertEquals("", added(() -> write(0, "half")));
    assertEquals(true, added(() -> write(1, "other\n")).contains(name() + "other"));
    assertEquals(true, added(() -> write(0, " a line\n")).contains(name() + "half a line"));
  }

  @Test
  void whatIsNoTextIsLeftOutAndLongLinesAreCut() {
    assertEquals(true, added(() -> write(0, "a\u0000\r\u001b\u00ff\tb\n")).contains(name() + "a\tb\n"));
    String long1 = "x".repeat(199);
    assertEquals(true, added(() -> write(0, long1 + "y")).contains(name() + long1 + "\n"));
    assertEquals(true, added(() -> write(0, "\n")).contains(name() + "y\n"));
  }

  @Test
  void readingGivesAllOnes() {
    assertEquals(0xFF, processors.in(bench.vcpu(0), PORT, 1));
    assertEquals(0xFFFF_FFFFL, processors.in(bench.vcpu(0), PORT, 4));
  }

  @Test
  void aLineThatIsBegunIsInARecord() {
    write(0, "be");
    var record = bench.model.state().save();
    write(0, "gone\n");
    bench.model.state().restore(record);
    bench.model.restored();
    assertEquals(true, added(() -> write(0, "gun\n")).contains(name() + "begun"));
  }
}
