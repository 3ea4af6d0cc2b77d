// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.HostBridge;
import org.xenolith.hyp.api.HostBridgeDriver;
import org.xenolith.hyp.api.HostBridgePort;
import org.xenolith.hyp.api.HostBridgesPort;
import org.xenolith.hyp.api.HypervisorNode;
import org.xenolith.hyp.api.IommusPort;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.hyp.api.PageType;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.hotplug.JarEdit;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.kit.Ram;
import org.xenolith.machine.kit.RamBus;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.FullLane;

/**
 * The product's driver of SMMUs, its SMMUv3 and its stage 2 together: an endpoint that does what it is told reaches the memory of
 * the domain that has it, and nothing else.
 */
@FullLane
class StreamIsolationTest {
  private static final String DRIVER = "org.xenolith.hyp.smmuv3";
  private static final String MODEL = "org.xenolith.hw.smmuv3";
  private static final long CONFIGURATION = 0x40_1000_0000L;
  private static final long MEMORY = 0x1000_0000L;
  private static final int FIRST = 0x08;
  private static final int SECOND = 0x10;
  private static final long IPA = 0x8000_0000L;
  private static final long PAGES = 16;

  private final InstalledProduct product = InstalledProduct.get();
  private final List<String> faults = new ArrayList<>();
  @TempDir
  Path folder;
  private Launch launch;
  private RamBus bus;
  private IommusPort iommu;
  private P2mPort p2m;
  private HostBridgePort bridge;
  private Domain one;
  private Domain two;

  /** A domain that runs, so that interrupts are taken, and two with some memory that have functions. */
  @BeforeEach
  void start() throws IOException {
    Path kernel = Files.write(folder.resolve("small"), SmallKernel.bytes());
    Path config = Files.writeString(folder.resolve("small.cfg"), "name = \"small\"\nkernel = \"%s\"\nmemory = 16\n".formatted(kernel));
    LaunchRequest request = RequestBuilder.of("virt").memory(256L << 20).noDom0(true).domUs(List.of(config)).boardOption("iommu", "smmuv3")
        .option("pci", "1.0=rogue 2.0=rogue").build();
    launch = product.service(Launcher.class).launch(request, line -> {}, (kind, place, text) -> {});
    launch.machine().eventListener((kind, place, text) -> {
      if (kind.equals("iommu-fault") || kind.equals("iommu-error")) {
        faults.add(kind + ' ' + text);
      }
    });
    run();
    bus = port(DomainsPort.class).domains().processors().getFirst().as(Cpu.class).env.bus();
    iommu = port(IommusPort.class);
    p2m = port(P2mPort.class);
    bridge = bridge();
    one = domain("one");
    two = domain("two");
    enable(FIRST);
    enable(SECOND);
  }

  @AfterEach
  void end() throws IOException {
    launch.close();
    product.restore();
  }

  private <T> T port(Class<T> type) {
    return launch.machine().port(HypervisorNode.PATH, type);
  }

  private void run() {
    launch.machine().run(new RunLimit(launch.machine().now() + 1_000_000, Long.MAX_VALUE));
  }

  /** The only one, also if nobody drives it. */
  private HostBridgePort bridge() {
    HostBridgesPort bridges = port(HostBridgesPort.class);
    if (bridges.all().isEmpty()) {
      FakeContext owner = new FakeContext(FakeNode.at("/nobody").build());
      owner.beside(launch.machine().platform().nodes().toArray(PlatformNode[]::new));
      bridges.claim(new HostBridgeDriver() {
        @Override
        public List<String> compatible() {
          return List.of();
        }

        @Override
        public HostBridge open(PlatformNode node, PhysicalBus unused) {
          throw new AssertionError();
        }
      }, owner);
    }
    return bridges.all().getFirst();
  }

  private Domain domain(String name) {
    Domain domain = port(DomainsPort.class).domains()
        .create(-1, new DomainSpec(name, UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)), 1, 64, DomainSpec.Kind.DOMU, 31,
            256, 0));
    assertEquals(0, p2m.populate(domain, IPA >>> 12, PAGES));
    return domain;
  }

  /** BAR 0, memory and bus mastering. */
  private void enable(int rid) {
    bus.write(CONFIGURATION + (rid << 12) + 0x10, 4, bar(rid));
    bus.write(CONFIGURATION + (rid << 12) + 4, 2, 6);
    assertEquals(0x00f0_1b36L, bus.read(CONFIGURATION + (rid << 12), 4));
  }

  private static long bar(int rid) {
    return MEMORY + 0x1_0000L * rid;
  }

  private boolean access(int rid, int command, long address, long value) {
    bus.write(bar(rid), 8, address);
    bus.write(bar(rid) + 8, 8, value);
    bus.write(bar(rid) + 0x10, 4, 8 << 8 | command);
    long status = bus.read(bar(rid) + 0x14, 4);
    assertTrue(status == 1 || status == 2, "status " + status);
    return status == 1;
  }

  private boolean write(int rid, long address, long value) {
    return access(rid, 2, address, value);
  }

  private boolean refused(int rid, long address) {
    return !access(rid, 1, address, 0);
  }

  /** What is at a domain's address. */
  private long content(Domain domain, long ipa) {
    long machine = p2m.translate(domain, ipa, false);
    Ram ram = bus.ram(machine);
    return ram.read((int) (machine - ram.base), 8);
  }

  private void attach(int rid, Domain domain) {
    assertEquals(0, iommu.attach(bridge, rid, domain));
  }

  /** What was reported since, by an interrupt that a CPU took. */
  private List<String> reported() {
    run();
    List<String> reported = List.copyOf(faults);
    faults.clear();
    return reported;
  }

  @Test
  void aFunctionReachesItsDomainsMemoryAtItsDomainsAddresses() {
    assertEquals(List.of("/smmuv3@9050000"), iommu.nodes());
    assertTrue(iommu.covers(bridge, FIRST));
    attach(FIRST, one);
    attach(SECOND, two);
    assertTrue(write(FIRST, IPA + 0x1008, 0x1111));
    assertTrue(write(SECOND, IPA + 0x1008, 0x2222));
    assertEquals(0x1111, content(one, IPA + 0x1008));
    assertEquals(0x2222, content(two, IPA + 0x1008));
    assertEquals(List.of(), reported());
    assertTrue(refused(FIRST, IPA + (PAGES << 12)));
    long machine = p2m.translate(two, IPA, false);
    assertTrue(refused(FIRST, machine), "the other one's memory by its machine address");
    assertEquals(List.of("iommu-fault stream 0x8, function 0000:00:01.0, of d" + one.id()
        + " one: nothing is mapped there (F_TRANSLATION), read of 0x" + Long.toHexString(IPA + (PAGES << 12)),
        "iommu-fault stream 0x8, function 0000:00:01.0, of d" + one.id()
            + " one: nothing is mapped there (F_TRANSLATION), read of 0x" + Long.toHexString(machine)), reported());
  }

  @Test
  void aFunctionThatNobodyHasReachesNothing() {
    assertFalse(write(FIRST, p2m.translate(one, IPA, true), 1));
    assertEquals(List.of("iommu-fault stream 0x8, function 0000:00:01.0, of no domain: not attached (C_BAD_STREAMID)"), reported());
    attach(SECOND, one);
    assertFalse(write(FIRST, IPA, 1));
    assertEquals(List.of("iommu-fault stream 0x8, function 0000:00:01.0, of no domain: not attached (C_BAD_STE)"), reported());
    iommu.detach(bridge, SECOND);
    assertTrue(refused(SECOND, IPA));
    assertEquals(1, reported().size());
  }

  @Test
  void whatIsUnmappedIsOutOfReachAtOnce() {
    attach(FIRST, one);
    assertTrue(write(FIRST, IPA + 0x3000, 1));
    assertEquals(0, p2m.unmap(one, (IPA >>> 12) + 3, 1));
    assertTrue(refused(FIRST, IPA + 0x3000));
    assertTrue(write(FIRST, IPA + 0x2000, 1), "the page beside it");
    long elsewhere = p2m.translate(one, IPA + 0x2000, true) >>> 12;
    assertEquals(0, p2m.map(one, (IPA >>> 12) + 3, elsewhere, 1, PageType.RAM));
    assertTrue(write(FIRST, IPA + 0x3000, 0x77));
    assertEquals(0x77, content(one, IPA + 0x2000));
  }

  @Test
  void aFunctionThatGoesToAnotherDomainSeesOnlyThatOnes() {
    attach(FIRST, one);
    assertTrue(write(FIRST, IPA, 0x1111));
    attach(FIRST, two);
    assertTrue(write(FIRST, IPA, 0x2222));
    assertEquals(0x1111, content(one, IPA));
    assertEquals(0x2222, content(two, IPA));
    port(DomainsPort.class).domains().destroy(two);
    assertTrue(refused(FIRST, IPA));
    assertTrue(reported().getLast().contains("of no domain"));
  }

  @Test
  void replacementsOfDriverAndSmmuShowNothing() throws IOException {
    attach(FIRST, one);
    for (int i = 1; i <= 3; i++) {
      for (String bundle : List.of(DRIVER, MODEL)) {
        assertTrue(product.change().replace(bundle, new ByteArrayInputStream(JarEdit.version(product.jar(bundle), "1.0." + i))).done());
        assertTrue(write(FIRST, IPA + 8 * i, i), bundle);
        assertEquals(0, p2m.unmap(one, (IPA >>> 12) + 2 + i, 1));
        assertTrue(refused(FIRST, IPA + 0x2000 + 0x1000 * i), bundle);
        assertTrue(reported().getFirst().contains("of d" + one.id() + " one"), bundle);
        assertEquals(0, p2m.populate(one, (IPA >>> 12) + 2 + i, 1));
        assertTrue(write(FIRST, IPA + 0x2000 + 0x1000 * i, i), bundle);
      }
    }
    assertTrue(product.change().remove(MODEL).done());
    assertFalse(write(FIRST, IPA, 1), "nothing passes");
    assertFalse(iommu.covers(bridge, FIRST));
    assertEquals(0, p2m.unmap(one, IPA >>> 12, 1));
    product.restore();
    assertTrue(refused(FIRST, IPA), "unmapped meanwhile");
    assertTrue(write(FIRST, IPA + 0x1000, 1));
  }

  /** Nobody would tell the SMMU what a domain loses: then its functions reach nothing. */
  @Test
  void withoutADriverNothingPasses() throws IOException {
    attach(FIRST, one);
    assertTrue(write(FIRST, IPA + 0x10, 0x10));
    assertTrue(product.change().remove(DRIVER).done());
    assertTrue(refused(FIRST, IPA + 0x10));
    assertEquals(0, p2m.unmap(one, IPA >>> 12, 1));
    product.restore();
    assertTrue(refused(FIRST, IPA), "it forgot what was unmapped");
    assertTrue(write(FIRST, IPA + 0x1010, 0x10), "what is still mapped is reached again");
  }
}
