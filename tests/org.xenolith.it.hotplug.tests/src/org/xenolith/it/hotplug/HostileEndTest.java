// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.guest.ProductProcess;
import org.xenolith.testkit.FullLane;

/** The end of {@code boot} is the program's: no plug-in keeps it from coming, or says in its stead how the run ended. Cases run side by side: they mostly wait. */
class HostileEndTest {
  private static final String NAMED = HostilePlugin.BUNDLE + ' ' + HostilePlugin.VERSION;
  private static final int TERMINATED = 128 + 15;
  private static final int ABORTED = 128 + 6;
  @TempDir
  Path folder;

  @BeforeEach
  void writeThePlugin() throws IOException {
    Files.write(Files.createDirectory(folder.resolve("plugins.d")).resolve("uart.jar"), HostilePlugin.edit().bytes());
    Files.createDirectory(folder.resolve("tmp"));
  }

  private ProductProcess start(String hostile, String... more) throws IOException {
    List<String> words = new ArrayList<>(List.of("boot", "--guest", "tiny", "--hang-limit", "1", "--plugins", folder.resolve("plugins.d")
        .toString()));
    words.addAll(List.of(more));
    return ProductProcess.start(Map.of("XENOLITH_JAVA_OPTS", "-XX:TieredStopAtLevel=1", "JAVA_TOOL_OPTIONS", "-D" + HostilePlugin.PROPERTY
        + "=\"" + hostile + '"', "TMPDIR", folder.resolve(
            "tmp").toString()), words.toArray(String[]::new));
  }

  /** Runs them side by side; each must end with its code and words, and leave nothing behind. */
  private void ends(Map<String, End> cases) throws IOException, InterruptedException {
    Map<String, ProductProcess> running = new LinkedHashMap<>();
    try {
      for (String hostile : cases.keySet()) {
        running.put(hostile, start(hostile, cases.get(hostile).more()));
      }
      for (Map.Entry<String, ProductProcess> one : running.entrySet()) {
        End end = cases.get(one.getKey());
        ProductProcess product = one.getValue();
        assertEquals(end.code(), product.end(), () -> one.getKey() + "\n" + product.err().text());
        String err = product.err().text();
        assertTrue(err.contains(end.words()), () -> one.getKey() + ": '" + end.words() + "' is not in\n" + err);
        assertFalse(err.contains("Exception in thread"), () -> one.getKey() + "\n" + err);
      }
    } finally {
      running.values().forEach(ProductProcess::close);
    }
    try (var left = Files.list(folder.resolve("tmp"))) {
      assertEquals(List.of(), left.filter(path -> path.getFileName().toString().startsWith("xenolith-")).toList());
    }
  }

  private record End(int code, String words, String... more) {}

  private static final End HANGS = new End(4, "the run was ended (--hang-limit)");

  private static End ended() {
    return new End(4, NAMED + " ended the program before its work was done\n    at " + HostilePlugin.BUNDLE + ".Pl011Component.at(");
  }

  @Test
  void modelThatEndsTheProgramIsNamedAndHasNoSayInItsCode() throws Exception {
    ends(Map.of("write exit 20", ended(), "write halt 20", ended()));
  }

  @Test
  void streamsAndThreadsOfTheProgramAreNobodysToHold() throws Exception {
    ends(Map.of("write hold-err 20", HANGS, "write interrupt 20", HANGS));
  }

  @Test
  void whatAModelHasTheJvmDoAtItsEndIsNotWaitedFor() throws Exception {
    End limit = new End(3, "", "--limit", "0.0005");
    ends(Map.of("create hook", limit, "create hook-halts", limit));
  }

  @FullLane
  @Test
  void otherWaysToHoldItDoNotEither() throws Exception {
    ends(Map.of("write hold-out 20", HANGS, "create hold-err", new End(4, "because a model did not come back (--hang-limit)"),
        "write close-err 20", new End(3, "model-failed " + HostilePlugin.NODE + ": " + NAMED, "--limit", "0.01"), "create interrupt",
        new End(4,
            "because a model did not come back (--hang-limit)"), "create interrupted", new End(0, ""), "create threads", new End(0, ""),
        "description exit", ended(), "removed exit", new End(4, NAMED + " ended the program before its work was done")));
  }

  @FullLane
  @Test
  void crashOfTheJvmNamesTheBundleWhoseCodeItWasIn() throws Exception {
    try (ProductProcess product = start("write crash 20")) {
      assertEquals(ABORTED, product.end(), () -> product.err().text());
      assertTrue(product.err().text().contains(HostilePlugin.BUNDLE + ".Pl011Component.crash, which is code of " + NAMED + "\n"),
          () -> product.err().text());
    }
  }

  @FullLane
  @Test
  void processThatIsAskedToEndDoesSoThoughAHookDoesNotReturn() throws Exception {
    try (ProductProcess product = start("create hook", "--stdin", "--console", "/pl011@9000000")) {
      product.out().await("Xenolith tiny guest", 0);
      product.terminate();
      assertEquals(TERMINATED, product.end(), () -> product.err().text());
    }
  }
}
