// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.commandline;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.lines.ManyLines;
import org.xenolith.it.product.Outcome;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;
import org.xenolith.it.product.SmallKernel;
import org.xenolith.it.product.TestTools;
import org.xenolith.testkit.FullLane;

/** A disk image that is written has no other user, in whatever process: no second writer, and no reader either. */
@FullLane
class SharedDiskTest {
  private static final Duration MOST = Duration.ofMinutes(1);

  @TempDir
  private Path work;

  private Path disk;
  private Path kernel;

  @BeforeEach
  void makeDiskAndKernel() throws IOException, InterruptedException {
    disk = work.resolve("disk.img");
    try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
      file.setLength(1 << 20);
    }
    kernel = SmallKernel.assemble(work, SmallKernel.READY_AND_WAITS);
  }

  /** A machine that holds the disk until it is closed. */
  private Program holder(String mode) throws InterruptedException {
    Program holder = Product.startWithInput("boot", "--kernel", kernel, "--stdin", "--disk", disk + mode);
    holder.awaitOutput("READY", MOST);
    return holder;
  }

  private Outcome tiny(String... modes) throws InterruptedException {
    return Product.run(line(modes));
  }

  /** Each line in the one process that comes after, as if others were started one after the other. */
  private List<Outcome> oneByOne(Object[]... lines) throws InterruptedException, IOException {
    return ManyLines.run(work, Files.createTempDirectory(work, "lines"), List.of(lines));
  }

  private Object[] line(String... modes) {
    Object[] line = new Object[3 + 2 * modes.length];
    line[0] = "boot";
    line[1] = "--guest";
    line[2] = "tiny";
    for (int i = 0; i < modes.length; i++) {
      line[3 + 2 * i] = "--disk";
      line[4 + 2 * i] = disk + modes[i];
    }
    return line;
  }

  @Test
  void whoWritesExcludesAllOthersUntilItsProcessIsGone() throws InterruptedException, IOException {
    try (Program writer = holder(",write")) {
      Path link = Files.createSymbolicLink(work.resolve("other.img"), disk);
      List<Outcome> others = oneByOne(line(",write"), new Object[] {"boot", "--guest", "tiny", "--disk", link + ",write"}, line(""),
          line(",readonly"));
      others.get(0).expect(2).errHas("disk\\.img'?: is in use by process \\d+; .* can have no other user\\. .*copy");
      others.get(1).expect(2).errHas("other\\.img'?: is in use by process \\d+");
      others.get(2).expect(2).errHas("disk\\.img'?: is being written by process \\d+");
      others.get(3).expect(2).errHas("disk\\.img'?: is being written by process \\d+");
      // killed: nothing of ours ends it in order
      writer.close();
      writer.await(MOST);
    }
    tiny(",write").expect(0);
  }

  @Test
  void whoReadsExcludesWritersOnly() throws InterruptedException, IOException {
    try (Program reader = holder("")) {
      List<Outcome> others = oneByOne(line(",write"), line(",readonly"), line(""));
      others.get(0).expect(2).errHas("disk\\.img'?: is in use by process \\d+");
      others.get(1).expect(0);
      others.get(2).expect(0);
    }
  }

  @Test
  void oneMachineCanNotHaveADiskTwiceEither() throws InterruptedException, IOException {
    List<Outcome> machines = oneByOne(line(",write", ",write"), line(",write", ",readonly"), line("", ",readonly"));
    machines.get(0).expect(2).errHas("disk\\.img'?: is in use by another disk or machine of this process");
    machines.get(1).expect(2).errHas("disk\\.img'?: is being written by another disk or machine of this process");
    machines.get(2).expect(0);
    Path domain = domain("w!");
    Object[] line = {"boot", "--hypervisor", "--no-dom0", "--domu", domain, "--limit", "0.01"};
    Product.run(line).expect(3);
    try (Program writer = holder(",write")) {
      Product.run(line).expect(2).errHas("disk\\.img'?: is in use by process \\d+");
    }
    Product.run("boot", "--hypervisor", "--no-dom0", "--domu", domain, "--limit", "0.01", "--disk", disk + ",write").expect(2)
        .errHas("disk\\.img'?: is in use by another disk or machine");
  }

  /** The next machine of a process finds what a domain of the one before had. */
  @Test
  void aMachineThatEndsLetsGoOfTheDisksOfItsDomains() throws InterruptedException, IOException {
    Path scenarios = Files.createDirectories(work.resolve("scenarios"));
    for (String name : new String[] {"one", "two"}) {
      Files.writeString(scenarios.resolve(name + ".scenario"), """
                    description: A domain has a disk that it writes.
                    hypervisor: {no-dom0: true, domus: ['%s']}
                    steps:
                      - wait: 1ms
                    """.formatted(domain("w!")), StandardCharsets.UTF_8);
    }
    Product.run("run", scenarios).expect(0);
  }

  private Path domain(String access) throws IOException {
    return Files.writeString(work.resolve("one.cfg"), """
                name = "one"
                memory = 32
                kernel = "%s"
                disk = [ '%s,raw,xvda,%s' ]
                """.formatted(kernel, disk, access), StandardCharsets.UTF_8);
  }

  @Test
  void qemuAndAMachineOfOursKeepAwayFromOneAnother() throws InterruptedException, IOException {
    try (Program qemu = qemu("off")) {
      qemu.awaitOutput("\\(qemu\\)", MOST);
      List<Outcome> ours = oneByOne(line(",write"), line(""));
      ours.get(0).expect(2).errHas("disk\\.img'?: is in use by ");
      ours.get(1).expect(2).errHas("disk\\.img'?: is being written by ");
    }
    try (Program writer = holder(",write"); Program qemu = qemu("off")) {
      qemu.await(MOST).expect(1).errHas("lock");
    }
    try (Program reader = holder("")) {
      try (Program qemu = qemu("off")) {
        qemu.await(MOST).expect(1).errHas("lock");
      }
      try (Program qemu = qemu("on")) {
        qemu.awaitOutput("\\(qemu\\)", MOST);
        tiny("").expect(0);
      }
    }
  }

  private Program qemu(String readOnly) throws InterruptedException {
    return TestTools.startWithInput("qemu-system-aarch64", "-M", "virt", "-nic", "none", "-display", "none", "-S", "-monitor", "stdio",
        "-drive",
        "if=none,id=disk,format=raw,read-only=" + readOnly + ",file=" + disk, "-device", "virtio-blk-device,drive=disk");
  }
}
