// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.ToolsPort;
import org.xenolith.it.guest.PvhKernel;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;

/** Lives of small domains: created, given devices that are used, and ended in different ways. */
final class DomainCycles {
  private static final String DISK = "51712";
  private static final int WAYS = 5;
  private static final int POWER_OFF = 0;
  private static final long MICROSECOND = 1000;
  private static final long MILLISECOND = 1000 * MICROSECOND;

  private final Machine machine;
  private final Path image;
  private final Path config;
  private final long frames;

  /** @param folder gets the configuration */
  DomainCycles(Machine machine, Path folder) throws IOException {
    this.machine = machine;
    image = Files.write(folder.resolve("small.img"), pattern());
    config = config(folder, "small", 2, image);
    frames = FrontEnds.FIRST_FRAME;
  }

  private DomainCycles(Machine machine, Path image, Path config, long frames) {
    this.machine = machine;
    this.image = image;
    this.config = config;
    this.frames = frames;
  }

  /** The same on a PC. @param folder gets the configuration */
  static DomainCycles onPc(Machine machine, Path folder) throws IOException {
    Path image = Files.write(folder.resolve("small.img"), pattern());
    return new DomainCycles(machine, image, pcConfig(folder, "small", 2, image), FrontEnds.FIRST_PC_FRAME);
  }

  /** The same domains in another machine, which has this one's state. */
  DomainCycles with(Machine other) {
    return new DomainCycles(other, image, config, frames);
  }

  /** A configuration of a domain with the small kernel. */
  static Path config(Path folder, String name, int vcpus, Path disk) throws IOException {
    return config(Files.write(folder.resolve("small-kernel"), SmallKernel.bytes()), folder, name, vcpus, disk);
  }

  /** A configuration of a PVH domain of a PC with a kernel that only waits. */
  static Path pcConfig(Path folder, String name, int vcpus, Path disk) throws IOException {
    Path config = config(Files.write(folder.resolve("small-pvh-kernel"), PvhKernel.waiting()), folder, name, vcpus, disk);
    return Files.writeString(config, "type = 'pvh'\n", StandardOpenOption.APPEND);
  }

  private static Path config(Path kernel, Path folder, String name, int vcpus, Path disk) throws IOException {
    return Files.writeString(folder.resolve(name + ".cfg"), """
        name = "%s"
        kernel = "%s"
        memory = 16
        vcpus = %d
        vif = [ '' ]
        """.formatted(name, kernel, vcpus) + (disk == null ? "" : "disk = [ '" + disk + ",raw,xvda,rw' ]\n"));
  }

  private static byte[] pattern() {
    byte[] bytes = new byte[1 << 16];
    Arrays.fill(bytes, (byte) 0x5A);
    return bytes;
  }

  String xl(String line) {
    return Counters.port(machine, ToolsPort.class).execute(List.of(line.split(" ")));
  }

  void run(long milliseconds) {
    machine.run(new RunLimit(machine.now() + milliseconds * MILLISECOND, Long.MAX_VALUE));
  }

  private Domain domain() {
    return Counters.port(machine, DomainsPort.class).domains().all().stream().filter(d -> d.name().equals("small")).findFirst().orElse(
        null);
  }

  /** One life. @param number chooses how it ends */
  void cycle(int number) throws IOException {
    cycle(number, () -> {});
  }

  /** What happens in the middle of a life. */
  @FunctionalInterface
  interface Middle {
    void happens() throws IOException;
  }

  /** The same. @param middle happens while its back ends have work */
  void cycle(int number, Middle middle) throws IOException {
    xl("create " + (number % WAYS == 4 ? "-p " : "") + config);
    Domain domain = domain();
    FrontEnds front = new FrontEnds(machine, domain, frames);
    run(1);
    front.block(DISK);
    front.network("0");
    run(2);
    assertEquals(FrontEnds.CONNECTED, front.backState("vbd/" + DISK), "vbd of cycle " + number);
    assertEquals(FrontEnds.CONNECTED, front.backState("vif/0"), "vif of cycle " + number);
    long buffer = front.read();
    // The back end has heard of it.
    machine.run(new RunLimit(machine.now() + MICROSECOND, Long.MAX_VALUE));
    middle.happens();
    run(1);
    assertEquals(1, front.answered(), "requests answered in cycle " + number);
    assertEquals(0x5A5A_5A5A, domain.memory().read32(buffer + 508));
    switch (number % WAYS) {
      case 0 -> xl("destroy small");
      case 1 -> {
        domain.shutdown(POWER_OFF);
        run(1);
      }
      case 2 -> {
        // its back ends still have work when it goes
        front.read();
        xl("destroy small");
      }
      case 3 -> {
        xl("block-detach small xvda");
        xl("network-detach small 0");
        run(11_000);
        xl("block-attach small " + image + ",raw,xvdb,ro");
        xl("network-attach small mac=00:16:3e:11:22:33");
        run(1);
        xl("destroy small");
      }
      default -> {
        xl("unpause small");
        run(1);
        xl("pause small");
        xl("destroy small");
      }
    }
    run(1);
    assertEquals(null, domain(), "the domain of cycle " + number + " is still there");
  }
}
