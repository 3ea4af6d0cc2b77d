// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;

/** A machine that an editor looks at, stops, steps and loses, and that comes to what it comes to without. */
class DapSessionTest {
  private static final long END = Long.MAX_VALUE;

  private static LaunchRequest.Builder tiny() {
    return RequestBuilder.of("virt").guest("tiny").cpus(2).memory(64L << 20);
  }

  private static String undisturbed() throws IOException {
    try (GuestMachine guest = GuestMachine.launch(tiny().build())) {
      assertEquals(StopReason.POWER_OFF, guest.machine().run(new RunLimit(Long.MAX_VALUE, END)), guest::events);
      return guest.machine().digest();
    }
  }

  @Test
  void aMachineThatIsDebuggedComesToWhatItComesToWithout() throws Exception {
    String digest = undisturbed();
    try (DebuggedRun run = new DebuggedRun(tiny().option("dap", "0,halted").build(), END); DapClient client = DapClient.attached(run.port(),
        true)) {
      String threads = client.ask("threads", "{}");
      assertTrue(threads.contains("CPU 0: EL") && threads.contains("CPU 1: EL"), threads);
      String stack = client.ask("stackTrace", "{\"threadId\":1}");
      String first = DapClient.text(stack, "instructionPointerReference");
      client.ask("stepIn", "{\"threadId\":1,\"granularity\":\"instruction\"}");
      assertTrue(client.event("stopped").contains("\"reason\":\"step\""));
      String next = DapClient.text(client.ask("stackTrace", "{\"threadId\":1}"), "instructionPointerReference");
      assertNotEquals(first, next);
      assertEquals(1, run.launch().machine().instructions());
      client.ask("continue", "{\"threadId\":1}");
      assertEquals(StopReason.POWER_OFF, run.end());
      assertEquals(digest, run.launch().machine().digest());
    }
  }
}
