// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;

/** The bundle that has the debugger's port comes and goes while a debugger is connected: the guest sees nothing. */
class GdbChangeTest {
  private static final String BUNDLE = "org.xenolith.gdb";
  private static final long END = Long.MAX_VALUE;
  private final InstalledProduct product = InstalledProduct.get();

  @AfterEach
  void restoreTheProduct() throws IOException {
    product.restore();
  }

  private static LaunchRequest.Builder tiny() {
    return RequestBuilder.of("virt").guest("tiny").memory(64L << 20);
  }

  private static String undisturbed() throws IOException {
    try (GuestMachine guest = GuestMachine.launch(tiny().build())) {
      assertEquals(StopReason.POWER_OFF, guest.machine().run(new RunLimit(Long.MAX_VALUE, END)), guest::events);
      return guest.machine().digest();
    }
  }

  @Test
  void aGuestSeesNothingOfTheDebuggersReplacement() throws Exception {
    String digest = undisturbed();
    try (DebuggedRun run = new DebuggedRun(tiny().option("gdb", "0,halted").build(), END); GdbClient client = new GdbClient(run.port())) {
      client.ask("qSupported");
      client.ask("vCont;s:1");
      assertTrue(product.change().replace(BUNDLE, new ByteArrayInputStream(JarEdit.version(product.jar(BUNDLE), "1.0.1"))).done());
      assertEquals("W00", client.await(), "the debugger is told");
      assertEquals(StopReason.POWER_OFF, run.end());
      assertEquals(digest, run.launch().machine().digest());
      assertTrue(run.told().contains("the port is closed, and the machine goes on"), run.told());
      assertThrows(IOException.class, () -> new GdbClient(run.port()));
    }
    try (DebuggedRun run = new DebuggedRun(tiny().option("gdb", "0,halted").build(), END); GdbClient client = new GdbClient(run.port())) {
      assertTrue(client.ask("qSupported").contains("PacketSize"), "the new one serves the next machine");
    }
  }

  @Test
  void aGuestSeesNothingOfTheDebuggersRemoval() throws Exception {
    String digest = undisturbed();
    try (DebuggedRun run = new DebuggedRun(tiny().option("gdb", "0,halted").build(), END); GdbClient client = new GdbClient(run.port())) {
      client.ask("qSupported");
      long pc = client.register(32);
      client.ask("Z0,%x,4".formatted(pc));
      client.send("vCont;c");
      assertTrue(product.change().remove(BUNDLE).done());
      assertEquals("W00", client.await(), "the debugger is told");
      assertEquals(StopReason.POWER_OFF, run.end());
      assertEquals(digest, run.launch().machine().digest());
      assertTrue(run.told().contains("the port is closed, and the machine goes on"), run.told());
    }
  }
}
