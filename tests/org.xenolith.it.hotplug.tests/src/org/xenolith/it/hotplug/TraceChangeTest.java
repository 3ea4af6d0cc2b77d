// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;

/** Bundles that write traces come and go while one is written: its file is whole, people are told, the guest sees nothing. */
class TraceChangeTest {
  private static final String TRACES = "org.xenolith.traces";
  private static final String FORMATS = "org.xenolith.traces.formats";
  private static final long END = Long.MAX_VALUE;
  private final InstalledProduct product = InstalledProduct.get();

  @TempDir
  private Path folder;

  @AfterEach
  void restoreTheProduct() throws IOException {
    product.restore();
  }

  private static LaunchRequest.Builder tiny() {
    return RequestBuilder.of("virt").guest("tiny").memory(64L << 20);
  }

  /** Something is done to the machine when it has run for a while. */
  private interface Change {
    boolean done() throws IOException;
  }

  private void changed(Change change, String told) throws IOException {
    String digest = TracedRun.of(tiny().build(), END).digest();
    Path file = folder.resolve("changed.json");
    TracedRun run = TracedRun.of(tiny().option("trace", file.toString()).build(), END, (machine, driver) -> {
      driver.run(new RunLimit(Long.MAX_VALUE, 200_000_000), () -> false);
      assertTrue(change.done());
      driver.run(new RunLimit(Long.MAX_VALUE, 300_000_000), () -> false);
      assertNull(machine.events().get("watcher-failed"));
    });
    assertEquals(StopReason.POWER_OFF, run.reason());
    assertEquals(digest, run.digest());
    assertTrue(run.told().contains(told), run::told);
    assertTrue(TracedRun.kinds(file).get("access") > 20, "what came before is there");
  }

  private boolean replace(String bundle) throws IOException {
    return product.change().replace(bundle, new ByteArrayInputStream(JarEdit.version(product.jar(bundle), "1.0.1"))).done();
  }

  @Test
  void aGuestSeesNothingOfTheReplacementAndTheFileIsWhole() throws IOException {
    changed(() -> replace(TRACES), "ended, as its bundle was removed or replaced; ");
    Path file = folder.resolve("next.json");
    TracedRun next = TracedRun.of(tiny().option("trace", file.toString()).build(), END);
    assertTrue(next.told().contains(" events in "), "the new one serves the next machine");
  }

  @Test
  void aGuestSeesNothingOfTheRemovalAndTheFileIsWhole() throws IOException {
    changed(() -> product.change().remove(TRACES).done(), "ended, as its bundle was removed or replaced; ");
  }

  @Test
  void aDebuggerThatIsConnectedStaysWhereATraceGoes() throws Exception {
    String digest = TracedRun.of(tiny().build(), END).digest();
    for (String file : new String[] {"debugged.pcapng", "debugged,format=ctf1"}) {
      for (String bundle : new String[] {TRACES, FORMATS}) {
        try (DebuggedRun run = new DebuggedRun(tiny().option("trace", folder.resolve(bundle + file).toString()).option("gdb", "0,halted")
            .build(), END); GdbClient client = new GdbClient(run.port())) {
          client.ask("qSupported");
          client.ask("vCont;s:1");
          assertTrue(replace(bundle));
          client.ask("vCont;s:1");
          assertTrue(product.change().remove(bundle).done());
          client.ask("vCont;s:1");
          assertTrue(run.told().contains("was removed or replaced; "), run::told);
          assertTrue(product.change().add(new ByteArrayInputStream(product.jar(bundle))).done());
          client.send("vCont;c");
          assertEquals(StopReason.POWER_OFF, run.end());
          assertEquals(digest, run.launch().machine().digest());
          assertNull(run.launch().machine().events().get("watcher-failed"));
        }
      }
    }
  }

  @Test
  void aTraceGoesOnWithoutASourceThatGoes() throws IOException {
    for (String bundle : new String[] {"org.xenolith.traces.outside", "org.xenolith.traces.hypervisor"}) {
      changed(() -> product.change().remove(bundle).done(), "has nothing more of what ");
      assertTrue(product.change().add(new ByteArrayInputStream(product.jar(bundle))).done());
      changed(() -> replace(bundle), "has nothing more of what ");
    }
  }

  @Test
  void aTraceEndsWellWhenWhoWritesItGoes() throws IOException {
    changed(() -> product.change().remove(FORMATS).done(), "ended, as the bundle that writes it was removed or replaced; ");
    assertTrue(product.change().add(new ByteArrayInputStream(product.jar(FORMATS))).done());
    changed(() -> replace(FORMATS), "ended, as the bundle that writes it was removed or replaced; ");
  }
}
