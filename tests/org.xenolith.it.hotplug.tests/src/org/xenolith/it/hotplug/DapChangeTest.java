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

/** The bundle that has the editors' port comes and goes while one is connected: the guest sees nothing. */
class DapChangeTest {
  private static final String BUNDLE = "org.xenolith.dap";
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
  void aGuestSeesNothingOfTheAdaptersReplacement() throws Exception {
    String digest = undisturbed();
    try (DebuggedRun run = new DebuggedRun(tiny().option("dap", "0,halted").build(), END); DapClient client = DapClient.attached(run.port(),
        true)) {
      client.ask("stepIn", "{\"threadId\":1}");
      client.event("stopped");
      assertTrue(product.change().replace(BUNDLE, new ByteArrayInputStream(JarEdit.version(product.jar(BUNDLE), "1.0.1"))).done());
      client.event("terminated");
      assertEquals(StopReason.POWER_OFF, run.end());
      assertEquals(digest, run.launch().machine().digest());
      assertTrue(run.told().contains("the port is closed, and the machine goes on"), run.told());
      assertThrows(IOException.class, () -> new DapClient(run.port()));
    }
    try (DebuggedRun run = new DebuggedRun(tiny().option("dap", "0,halted").build(), END); DapClient client = new DapClient(run.port())) {
      client.ask("initialize", "{\"adapterID\":\"x\"}");
    }
  }

  @Test
  void aGuestSeesNothingOfTheAdaptersRemoval() throws Exception {
    String digest = undisturbed();
    // The client looks at what was, which goes with the bundle.
    try (DebuggedRun run = new DebuggedRun(tiny().option("dap", "0,halted").option("history", "32").build(), END); DapClient client =
        DapClient
            .attached(run.port(), true)) {
      for (String move : new String[] {"stepIn", "stepIn", "stepBack"}) {
        client.ask(move, "{\"threadId\":1}");
        client.event("stopped");
      }
      assertTrue(product.change().remove(BUNDLE).done());
      client.event("terminated");
      assertEquals(StopReason.POWER_OFF, run.end());
      assertEquals(digest, run.launch().machine().digest());
    }
  }
}
