// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;
import org.xenolith.it.product.RunReport;
import org.xenolith.testkit.Lane;

/**
 * Debian's amd64 kernel on a PC with four CPUs, an NVMe controller and a virtio disk ends as it does, digest for digest, in another JVM, on another engine, when it is saved and loaded on the way, and
 * when what is typed comes from a journal.
 */
class PcDeterminismTest {
  @TempDir
  private static Path work;
  /** Nothing happens to it. */
  private static Boot whole;

  private static Path disk(String name) throws Exception {
    Path disk = work.resolve(name);
    if (!Files.exists(disk)) {
      byte[] content = new byte[4 << 20];
      new Random(name.hashCode()).nextBytes(content);
      Files.write(disk, content);
    }
    return disk;
  }

  private static Object[] line(String words, Object... more) throws Exception {
    return Stream.concat(Stream.of("pc-pvh", "--cpus", 4, "--pcie", "ecam", "--pci", "1.0=nvme", "--disk", disk("nvme") + ",pci=1.0",
        "--disk", disk("virtio"), "--append", Boot.SHORT + " xl.pci xl.disk " + words), Stream.of(more)).toArray();
  }

  private static Object[] sums() throws Exception {
    return line("xl.run=/bin/busybox,md5sum,/dev/nvme0n1,/dev/vda");
  }

  private static Boot whole() throws Exception {
    if (whole == null) {
      whole = Boot.run(work, "whole", 0, sums());
      assertEquals("poweroff", whole.report().outcome());
      whole.outcome().outHas("XENOLITH-RUN exit=0 /bin/busybox md5sum /dev/nvme0n1 /dev/vda").outHas("Brought up 1 node, 4 CPUs");
    }
    return whole;
  }

  private static void again() throws Exception {
    Path report = work.resolve("again.json");
    Object[] line = Stream.of(new Object[] {"boot"}, sums(), new Object[] {"--report", report}).flatMap(Stream::of).toArray();
    try (Program boot = Product.start(Map.of("XENOLITH_JAVA_OPTS",
        "-Duser.language=tr -Duser.timezone=Asia/Kathmandu -XX:TieredStopAtLevel=1",
        "LC_ALL", "C"), line)) {
      assertSame(whole(), new Boot(boot.await(Product.LONG).expect(0), RunReport.read(report)), "");
    }
  }

  /** The engine that machines get writes machine code, where the host can have it. */
  private static void engines() throws Exception {
    assertSame(whole(), Boot.run(work, "interpreted", 0, Stream.concat(Stream.of(sums()), Stream.of("--engine", "interpreter")).toArray()),
        "");
  }

  private static void snapshots() throws Exception {
    for (double seconds : new double[] {0.05, 0.2, 0.4}) {
      Path snapshot = work.resolve("at " + seconds);
      Boot begun = Boot.run(work, "begun", 3, Stream.concat(Stream.of(sums()), Stream.of("--limit", seconds, "--save", snapshot))
          .toArray());
      assertNotEquals(whole().report().digest(), begun.report().digest());
      assertTrue(!begun.outcome().out().contains("XENOLITH-RUN"), begun.outcome()::out);
      assertSame(whole(), Boot.run(work, "rest", 0, "--load", snapshot), begun.outcome().out());
    }
  }

  private static void keys() throws Exception {
    Path journal = work.resolve("journal");
    Boot typed;
    try (Boot.Started boot = Boot.startWithInput(work, "typed", line("xl.shell", "--record", journal))) {
      Program console = boot.program();
      console.awaitOutput("xenolith:/# ", Product.LONG);
      console.type("md5sum /dev/nvme0n1; echo en''d\n");
      console.awaitOutput("\\nend", Product.LONG);
      console.type("exit\n");
      typed = boot.await(0);
    }
    assertSame(typed, Boot.run(work, "replayed", 0, line("xl.shell", "--replay", journal)), "");
  }

  private static void assertSame(Boot expected, Boot actual, String begun) {
    assertEquals(expected.outcome().out(), begun + actual.outcome().out());
    assertEquals(expected.report().number("instructions"), actual.report().number("instructions"));
    assertEquals(expected.report().digest(), actual.report().digest());
  }

  @TestFactory
  List<DynamicTest> theGuestSeesNothing() {
    return Lane.onlyFull(dynamicTest("of another process, language and compiler", PcDeterminismTest::again),
        dynamicTest("of the engine", PcDeterminismTest::engines),
        dynamicTest("of being saved and loaded by another process", PcDeterminismTest::snapshots),
        dynamicTest("of keys that come from a journal", PcDeterminismTest::keys));
  }
}
