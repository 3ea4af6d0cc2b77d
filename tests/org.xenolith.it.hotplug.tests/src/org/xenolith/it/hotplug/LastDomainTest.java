// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.a64.isa.Assembler;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;

/** A hypervisor without Dom0 whose last domain ends: nothing is left that the machine could do. */
class LastDomainTest {
  /** PSCI's SYSTEM_OFF, and SYSTEM_RESET (Arm DEN 0022D, section 5). */
  private static final int OFF = 8;
  private static final int RESET = 9;

  @TempDir
  Path folder;
  private final List<String> events = new ArrayList<>();

  private static String calls(int function) {
    return "mov w0, #" + function + "\nmovk w0, #0x8400, lsl #16\nhvc #0\n";
  }

  private Path domain(String name, String program, String more) throws IOException {
    ByteBuffer image = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
    image.putInt(0, 0x1400_0000 | 64 / 4).putLong(16, image.capacity()).putLong(24, 0xA).putInt(56, 0x644d5241);
    image.put(64, Assembler.program(0, program).bytes());
    Path kernel = Files.write(folder.resolve(name), image.array());
    return Files.writeString(folder.resolve(name + ".cfg"), "name = '" + name + "'\nkernel = '" + kernel + "'\nmemory = 16\nvcpus = 1\n"
        + more);
  }

  private StopReason run(Path... domains) {
    try (Launch launch = InstalledProduct.get().service(Launcher.class).launch(RequestBuilder.of("virt").memory(128L << 20).hypervisor(true)
        .noDom0(true).domUs(List.of(domains)).build(), line -> {}, (kind, place, text) -> events.add(kind + " " + place + ": " + text))) {
      return launch.machine().run(new RunLimit(TimeUnit.SECONDS.toNanos(2), Long.MAX_VALUE));
    }
  }

  @Test
  void itsPowerOffIsTheMachines() throws IOException {
    assertEquals(StopReason.POWER_OFF, run(domain("one", calls(OFF), "")));
  }

  @Test
  void soIsThatOfTheLastOfTwo() throws IOException {
    String later = "mov x3, #0x400000\nwait: subs x3, x3, #1\nb.ne wait\n" + calls(OFF);
    assertEquals(StopReason.POWER_OFF, run(domain("one", calls(OFF), ""), domain("two", later, "")));
  }

  @Test
  void oneThatIsStartedAgainGoesOn() throws IOException {
    assertEquals(StopReason.LIMIT, run(domain("one", "mov x3, #0x4000000\nwait: subs x3, x3, #1\nb.ne wait\n" + calls(RESET),
        "on_reboot = 'restart'\n")));
  }

  /** Its abort is the hypervisor's, which gives it back to a domain that has no vectors. */
  @Test
  void oneThatTakesAnExceptionForEverEndsTheRun() throws IOException {
    assertEquals(StopReason.EXCEPTION_LOOP, run(domain("one", "mov x10, #0xdead0000\nldr x1, [x10]", "")), events::toString);
    assertTrue(events.stream().anyMatch(event -> event.startsWith("exception-loop cpu0: it takes the same exception for ever: ")),
        events::toString);
  }
}
