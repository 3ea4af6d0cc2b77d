// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.hyp.api.DeviceMessagesPort;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.GuestTrapsPort;
import org.xenolith.hyp.api.HypervisorNode;
import org.xenolith.hyp.kit.MachineMemory;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.testkit.FullLane;

/**
 * From the machine's ITS to a domain's interrupt handler, with the product's GICv3, ITS and hypervisor: the domain notes which
 * interrupts it takes. Its own driver's part, tables and commands, the test does; a device's message is the machine's command INT.
 */
@FullLane
class DomainMessagesTest {
  private static final int HEADER = 64;
  private static final int MAGIC = 0x644d5241;
  /**
   * Notes interrupt numbers, 8 bytes each, from x20 on, and their count in x21: {@code adr x20, .+1984; mov x0, #0xf0;
   * msr ICC_PMR_EL1, x0; mov x0, #1; msr ICC_IGRPEN1_EL1, x0; isb; mov x1, #1023; mov x21, #0; 1: wfi; 2: mrs x0, ICC_IAR1_EL1;
   * cmp x0, x1; b.eq 1b; str x0, [x20, x21, lsl #3]; add x21, x21, #1; msr ICC_EOIR1_EL1, x0; b 2b}.
   */
  private static final int[] PROGRAM = {0x10003e14, 0xd2801e00, 0xd5184600, 0xd2800020, 0xd518cce0, 0xd5033fdf, 0xd2807fe1,
      0xd2800015, 0xd503207f, 0xd538cc00, 0xeb01001f, 0x54ffffa0, 0xf8357a80, 0x910006b5, 0xd518cc20, 0x17fffffa};
  private static final long VALID = 1L << 63;
  private static final int LPI = 8192;
  private static final long DEVICE = 0x10;
  private static final long GUEST_DEVICE = 0x8;
  private static final int EVENTS = 4;
  private static final long GICD = 0x300_1000;
  private static final long GICR = 0x302_0000;
  private static final long ITS = 0x808_0000;
  /** The board's. */
  private static final long MACHINE_ITS = 0x808_0000;
  private static final long CONFIGURATION = 0x4080_0000;
  private static final long PENDING = 0x4082_0000;
  private static final long QUEUE = 0x4084_0000;
  private static final long CBASER = 0x80;
  private static final long CWRITER = 0x88;
  private static final long CREADR = 0x90;

  private final InstalledProduct product = InstalledProduct.get();
  private final StringBuffer events = new StringBuffer();
  private final List<Long> expected = new ArrayList<>();
  private Launch launch;
  private Domain domain;
  private long written;

  @TempDir
  Path folder;

  @BeforeEach
  void start() throws IOException {
    ByteBuffer image = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
    image.putInt(0, 0x1400_0000 | HEADER / 4);
    image.putLong(16, image.capacity());
    image.putLong(24, 0xa);
    image.putInt(56, MAGIC);
    for (int i = 0; i < PROGRAM.length; i++) {
      image.putInt(HEADER + 4 * i, PROGRAM[i]);
    }
    Path config = Files.writeString(folder.resolve("messages.cfg"), """
        name = "messages"
        kernel = "%s"
        memory = 16
        """.formatted(Files.write(folder.resolve("kernel"), image.array())));
    LaunchRequest request = RequestBuilder.of("virt").boardOption("gic", "3").memory(256L << 20).option("pci", "1.0=root-port").noDom0(true)
        .domUs(List.of(config)).build();
    launch = product.service(Launcher.class).launch(request, line -> {},
        (kind, place, text) -> events.append(kind).append(' ').append(place).append(": ").append(text).append('\n'));
    domain = port(DomainsPort.class).domains().all().stream().filter(d -> d.name().equals("messages")).findFirst().orElseThrow();
    assertEquals(ITS, port(DeviceMessagesPort.class).its(domain).registers().base());
    assertEquals(0, port(DeviceMessagesPort.class).give((int) DEVICE, domain, (int) GUEST_DEVICE));
    run();
    bringUp();
  }

  @AfterEach
  void close() throws IOException {
    launch.close();
    product.restore();
  }

  private <T> T port(Class<T> type) {
    return launch.machine().port(HypervisorNode.PATH, type);
  }

  private void run() {
    launch.machine().run(new RunLimit(launch.machine().now() + 1_000_000, Long.MAX_VALUE));
  }

  private void write(long ipa, int size, long value) {
    port(GuestTrapsPort.class).window(domain, ipa).handler().write(domain.vcpu(0), ipa, size, value);
  }

  /** As the kernel's driver does it. */
  private void bringUp() {
    for (int i = 0; i < EVENTS; i++) {
      domain.memory().write8(CONFIGURATION + i, (byte) 0xA1);
    }
    write(GICD, 4, 2);
    write(GICR + 0x70, 8, CONFIGURATION | 15);
    write(GICR + 0x78, 8, PENDING);
    write(GICR, 4, 1);
    write(ITS + CBASER, 8, VALID | QUEUE);
    write(ITS, 4, 1);
    command(9, 0, VALID);
    command(GUEST_DEVICE << 32 | 8, 1, VALID);
    for (long event = 0; event < EVENTS; event++) {
      command(GUEST_DEVICE << 32 | 10, LPI + event << 32 | event, 0);
      command(GUEST_DEVICE << 32 | 12, event, 0);
    }
  }

  private void command(long... words) {
    for (int i = 0; i < words.length; i++) {
      domain.memory().write64(QUEUE + written + 8 * i, words[i]);
    }
    written += 32;
    write(ITS + CWRITER, 8, written);
  }

  /** A message of the device arrives at the machine's ITS. */
  private void message(long event) {
    List<Cpu> cpus = port(DomainsPort.class).domains().processors().stream().map(cpu -> cpu.as(Cpu.class)).toList();
    PhysicalBus bus = cpus.getFirst().env.bus();
    MachineMemory memory = new MachineMemory(bus);
    long at = bus.read(MACHINE_ITS + CWRITER, 8);
    long queue = bus.read(MACHINE_ITS + CBASER, 8) & 0x000F_FFFF_FFFF_F000L;
    memory.write64(queue + at, DEVICE << 32 | 3);
    memory.write64(queue + at + 8, event);
    memory.write64(queue + at + 16, 0);
    memory.write64(queue + at + 24, 0);
    bus.write(MACHINE_ITS + CWRITER, 8, (at + 32) % 4096);
    assertEquals(bus.read(MACHINE_ITS + CWRITER, 8), bus.read(MACHINE_ITS + CREADR, 8));
  }

  private void expect(long... lpis) {
    run();
    for (long lpi : lpis) {
      expected.add(lpi);
    }
    List<Long> taken = new ArrayList<>();
    for (int i = 0; i < domain.vcpu(0).x(21); i++) {
      taken.add(domain.memory().read64(domain.vcpu(0).x(20) + 8L * i));
    }
    assertEquals(expected, taken, events::toString);
  }

  private void replace(String bundle) throws IOException {
    var change = product.change().replace(bundle, new ByteArrayInputStream(JarEdit.version(product.jar(bundle), "1.0.1")));
    assertTrue(change.done() && change.devices() > 0, () -> bundle + ": " + change);
  }

  @Test
  void aDevicesMessagesAreTheDomainsInterrupts() {
    expect();
    message(2);
    expect(LPI + 2);
    message(0);
    message(2);
    message(2);
    expect(LPI, LPI + 2);
    message(EVENTS);
    expect();
    command(GUEST_DEVICE << 32 | 15, 2);
    message(2);
    message(3);
    expect(LPI + 3);
    port(DeviceMessagesPort.class).take((int) DEVICE);
    message(3);
    expect();
  }

  @Test
  void allOnTheWayIsReplaced() throws IOException {
    message(1);
    for (String bundle : List.of("hyp.its", "hyp.vgic", "hw.its", "hw.gicv3")) {
      replace("org.xenolith." + bundle);
      expect(LPI + 1);
      message(1);
    }
    expect(LPI + 1);
    message(0);
    port(DeviceMessagesPort.class).take((int) DEVICE);
    message(0);
    expect();
    assertEquals("", events.toString().lines().filter(line -> line.startsWith("its-host")).toList().toString().replace("[]", ""));
  }
}
