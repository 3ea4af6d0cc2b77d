// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.DebianParts;
import org.xenolith.it.product.Product;
import org.xenolith.testkit.FullLane;

/** Dom0 and two Debian domains, one with two CPUs, that send data to each other: the same inputs give the same run. */
@FullLane
@Order(2)
class HypervisorDeterminismTest {
  private static final String FETCHED = "XENOLITH-FETCH OK";

  @TempDir
  private static Path work;

  private static Object[] line;
  private static Path end;
  private static Boot first;

  @BeforeAll
  static void bootOnce() throws InterruptedException, IOException {
    line = new Object[] {"--hypervisor", "--guest", "debian", "--gic", 3, "--cpus", 2, "--memory", "1G", "--append",
        "quiet " + Boot.SHORT + " xl.shell", "--domu", config("debian1", 11, 2, "xl.run=xl-serve,5000,1"), "--domu",
        config("debian2", 12, 1, "xl.run=xl-ping,10.0.0.11 xl.run=xl-fetch,10.0.0.11,5000"), "--console", "debian2"};
    end = work.resolve("end");
    first = Boot.run(work, "first", 0, with(line, "--until", FETCHED, "--save", end));
  }

  private static Path config(String name, int number, int vcpus, String words) throws InterruptedException, IOException {
    DebianParts debian = DebianParts.fetched();
    Path disk = Files.write(work.resolve(name + ".img"), new byte[1 << 20]);
    return Files.writeString(work.resolve(name + ".cfg"), """
                name = "%s"
                kernel = "%s"
                ramdisk = "%s"
                memory = 160
                vcpus = %d
                extra = "console=hvc0 quiet %s xl.domu xl.ip=10.0.0.%d/24 %s xl.shell"
                disk = [ '%s,raw,xvda,rw' ]
                vif = [ 'mac=00:16:3e:00:00:%02x' ]
                """.formatted(name, debian.kernel(), debian.initrd(), vcpus, Boot.SHORT, number, words, disk, number));
  }

  private static Object[] with(Object[] some, Object... more) {
    return Stream.concat(Stream.of(some), Stream.of(more)).toArray();
  }

  private static void assertSame(Boot expected, Boot actual, String begun) {
    assertEquals(expected.outcome().out(), begun + actual.outcome().out());
    assertEquals(expected.report().number("instructions"), actual.report().number("instructions"));
    assertEquals(expected.report().digest(), actual.report().digest());
  }

  @Test
  void theConsoleShownIsTheDomains() {
    first.outcome().outHas("XENOLITH-DOMU vbd-51712=Connected vif-0=Connected")
        .outHas("XENOLITH-PING OK 10\\.0\\.0\\.11 received=3/3").outHas(FETCHED);
  }

  @Test
  void aRunOfThreeDomainsSavedInTheMiddleAndLoadedGivesTheSameDigest() throws InterruptedException {
    Path snapshot = work.resolve("middle");
    Boot half = Boot.run(work, "half", 3, with(line, "--limit", first.report().number("virtualSeconds") / 2, "--save", snapshot));
    assertSame(first, Boot.run(work, "rest", 0, "--load", snapshot, "--console", "debian2", "--until", FETCHED), half.outcome().out());
  }

  @Test
  void keysAtADomainsConsoleAndAReplacedBackEndAreReplayed() throws InterruptedException, IOException {
    Path journal = work.resolve("journal");
    Path plugins = Files.createDirectory(work.resolve("plugins"));
    Object[] go = {"--load", end, "--console", "debian1", "--until", "that is all"};
    Boot recorded;
    try (Boot.Started boot = Boot.startWithInput(work, "recorded", with(go, "--record", journal, "--plugins", plugins))) {
      boot.program().type("\n");
      boot.program().awaitOutput("xenolith:/# ", Product.LONG);
      boot.program().type("xl-disk /dev/xvda 1; echo $((6 * 7)) is the answer\n");
      boot.program().awaitOutput("42 is the answer", Product.LONG);
      OtherVersion.DISKS.drop("1.0.1", plugins);
      boot.program().awaitError("replaced org.xenolith.hyp.blkback 1\\.0\\.\\S+ by 1\\.0\\.1, 1 device", Product.LONG);
      boot.program().type("dd if=/dev/xvda bs=512 count=1 iflag=direct 2>/dev/null | head -c 1; echo ; echo that is a''ll\n");
      recorded = boot.await(0);
    }
    recorded.outcome().outHas("XENOLITH-DISKTEST OK /dev/xvda mib=1").outHas("\nV\\s+that is all");
    assertEquals(0, recorded.report().events("input-lost"), recorded.report()::toString);
    assertTrue(Files.size(journal) > 0);
    assertSame(recorded, Boot.run(work, "replayed", 0, with(go, "--replay", journal)), "");
  }
}
